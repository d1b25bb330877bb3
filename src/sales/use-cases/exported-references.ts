import type { ExportLine } from '../../platform/transfer/export-definition.js';
import type { ExternalReference } from '../contract/external-reference.js';

/** What a record is, and what order it is a part of. */
type Names = { readonly id: string; readonly orderId?: string };

/** The first id of each system, under `<prefix><system>`. */
export function firstReferences(prefix: string, references: readonly ExternalReference[]): ExportLine {
  return Object.fromEntries([...bySystem(references)].map(([system, [id]]) => [prefix + system, id]));
}

/**
 * A record with all its external ids. A system that knows it by several has one on each line; the further lines say no more than
 * the ids and which record it is.
 * @param asked names of the columns the file has.
 */
export function linesWithReferences(record: Names & ExportLine, references: readonly ExternalReference[], asked: ReadonlySet<string>): ExportLine[] {
  const ids = [...bySystem(references)].map(([system, known]) => [`externalIds.${system}`, known] as const).filter(([column]) => asked.has(column));
  const lines = Math.max(1, ...ids.map(([, known]) => known.length));
  return Array.from({ length: lines }, (_, at) => ({
    ...(at === 0 ? record : { id: record.id, orderId: record.orderId }),
    ...Object.fromEntries(ids.map(([column, known]) => [column, known[at]])),
  }));
}

function bySystem(references: readonly ExternalReference[]): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { system, id } of references) ids.set(system, [...(ids.get(system) ?? []), id]);
  return ids;
}
