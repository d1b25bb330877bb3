import type { KeptRecord, MadeRecord, RecordKey } from './import-definition.js';

/** One text for each record or part. */
export function recordKey({ id, part }: RecordKey): string {
  return `${id} ${part}`;
}

/**
 * Which records an import may take back. One without a version is gone already and in neither list.
 * @param versions as they are now, and inUse, by `recordKey`
 */
export function sortOut(
  records: readonly MadeRecord[],
  versions: ReadonlyMap<string, number>,
  inUse: ReadonlySet<string>,
): { readonly free: readonly MadeRecord[]; readonly kept: readonly KeptRecord[] } {
  const free: MadeRecord[] = [];
  const kept: KeptRecord[] = [];
  for (const record of records) {
    const { id, part } = record;
    const key = recordKey(record);
    const version = versions.get(key);
    if (version === undefined) continue;
    if (version !== record.version) kept.push({ id, part, reason: 'changed_since' });
    else if (inUse.has(key)) kept.push({ id, part, reason: 'in_use' });
    else free.push(record);
  }
  return { free, kept };
}
