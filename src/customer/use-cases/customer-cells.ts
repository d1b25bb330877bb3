import type { RecordCells } from '../../platform/transfer/line-samples.js';
import type { CustomerState } from '../domain/customer.js';
import type { Details } from '../domain/details.js';
import type { PostalAddress } from '../domain/postal-address.js';
import { ADDRESS_PARTS, CONTACT_COLUMNS, EXTERNAL_ID_COLUMN } from './import-columns.js';

type Told = Partial<Details> & Partial<Pick<CustomerState, 'source' | 'createdAt'>>;

/** A person before and after a line, as cells of its file; several values of one column are separated by `|`. */
export function customerCells(before: Told | undefined, after: Told): { readonly before: RecordCells; readonly after: RecordCells } {
  const known = before?.addresses ?? [];
  const address = after.addresses?.find((one) => !known.some((other) => JSON.stringify(other) === JSON.stringify(one)));
  const replaced = address && address.label !== null ? known.find(({ label }) => label === address.label) : undefined;
  return { before: before ? { ...cellsOf(before), ...addressCells(replaced) } : {}, after: { ...cellsOf(after), ...addressCells(address) } };
}

function cellsOf({ name, gender, bornOn, language, tags = [], note, contactPoints = [], externalIds = [], source, createdAt }: Told): RecordCells {
  const cells: Record<string, string | null | undefined> = { name, gender, bornOn, language, tags: listed(tags), note, source, createdAt: createdAt?.toISOString() };
  for (const kind of CONTACT_COLUMNS) {
    const points = contactPoints.filter((point) => point.kind === kind);
    cells[kind] = listed(points.map(({ value }) => value));
    cells[`${kind}Label`] = listed(points.flatMap(({ label }) => label ?? []));
    cells[`${kind}Shared`] = listed(points.flatMap(({ shared }) => (shared ? 'true' : [])));
  }
  for (const { system } of externalIds) cells[EXTERNAL_ID_COLUMN + system] = listed(externalIds.filter((one) => one.system === system).map(({ id }) => id));
  return cells;
}

/** The one address that the line brings or replaces; the others stay as they are. */
function addressCells(address: PostalAddress | undefined): RecordCells {
  return address ? Object.fromEntries(ADDRESS_PARTS.map((part) => [`address.${part}`, address[part]])) : {};
}

function listed(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join('|');
}
