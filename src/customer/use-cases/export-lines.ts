import type { Id } from '../../kernel/id.js';
import type { ExportLine } from '../../platform/transfer/export-definition.js';
import type { ContactPoint } from '../domain/contact-point.js';
import type { Details } from '../domain/details.js';
import type { PostalAddress } from '../domain/postal-address.js';
import { ADDRESS_PARTS, CONTACT_COLUMNS, EXTERNAL_ID_COLUMN } from './import-columns.js';

/** A person as a file tells of them. */
export interface ExportedPerson extends Details {
  readonly id: Id;
  readonly source: string;
  readonly createdAt: Date;
}

/**
 * The lines that `read-line.ts` makes the same person of. All that a person has once stands on the first; the second phone, the
 * second address and so on follow on lines of their own, which say no more than whose they are.
 * @param columns names of those the file has; a line that would say nothing in them is left out.
 */
export function exportLines(person: ExportedPerson, columns: ReadonlySet<string>): ExportLine[] {
  const lines = Array.from({ length: linesNeeded(person) }, (_, at) => ({ ...(at === 0 && singles(person)), ...listed(person, at) }));
  const [first = {}, ...others] = lines.map((line) => Object.fromEntries(Object.entries(line).filter(([name, cell]) => cell !== null && columns.has(name))) as ExportLine);
  return [first, ...others.filter((line) => Object.keys(line).length > 0)].map((line) => (columns.has('id') ? { id: person.id, ...line } : line));
}

function singles({ name, gender, bornOn, language, tags, note, source, createdAt }: ExportedPerson): ExportLine {
  return { name, gender, bornOn, language, note, source, createdAt, ...(tags.length > 0 && { tags: [...tags].sort() }) };
}

/** What is the `at`th of its list. */
function listed({ contactPoints, addresses, externalIds }: ExportedPerson, at: number): ExportLine {
  const line: Record<string, ExportLine[string]> = {};
  for (const kind of CONTACT_COLUMNS) {
    const point = ofKind(contactPoints, kind)[at];
    if (!point) continue;
    Object.assign(line, { [kind]: point.value, [`${kind}Label`]: point.label, [`${kind}Shared`]: point.shared ? true : null });
  }
  const address: PostalAddress | undefined = addresses[at];
  for (const part of ADDRESS_PARTS) line[`address.${part}`] = address?.[part] ?? null;
  for (const [system, ids] of bySystem(externalIds)) line[`${EXTERNAL_ID_COLUMN}${system}`] = ids[at] ?? null;
  return line;
}

function linesNeeded({ contactPoints, addresses, externalIds }: ExportedPerson): number {
  return Math.max(1, addresses.length, ...CONTACT_COLUMNS.map((kind) => ofKind(contactPoints, kind).length), ...[...bySystem(externalIds).values()].map((ids) => ids.length));
}

function ofKind(points: readonly ContactPoint[], kind: ContactPoint['kind']): ContactPoint[] {
  return points.filter((point) => point.kind === kind);
}

function bySystem(references: Details['externalIds']): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { system, id } of references) ids.set(system, [...(ids.get(system) ?? []), id]);
  return ids;
}
