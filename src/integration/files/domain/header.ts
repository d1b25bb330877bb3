import { typeOfCell, typeOfColumn, type CellType } from './cell-type.js';

/** More is no table but a broken one. */
export const MAX_COLUMNS = 500;

/** How it is known whether the file has a header: the caller said so, its first record is plainly data, or files have one. */
export const HEADER_GROUNDS = ['given', 'detected', 'assumed'] as const;
export type HeaderGrounds = (typeof HEADER_GROUNDS)[number];

/**
 * Names for the columns of a file: trimmed, `column 3` where the header is blank, `name (2)` where it says a name again,
 * so that each can be mapped.
 */
export function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((cell, index) => {
    const name = cell.trim() || `column ${index + 1}`;
    let unique = name;
    for (let again = 2; taken.has(unique); again += 1) unique = `${name} (${again})`;
    taken.add(unique);
    return unique;
  });
}

/** `column 1` and so on, as many as the longest of the records has. */
export function numberedColumns(records: readonly (readonly string[])[]): string[] {
  const most = records.reduce((longest, { length }) => Math.max(longest, length), 0);
  return Array.from({ length: most }, (_, index) => `column ${index + 1}`);
}

/** No column is called so. */
const NEVER_A_NAME: ReadonlySet<CellType> = new Set(['email', 'instant', 'date', 'phone']);
const NUMERIC: ReadonlySet<CellType> = new Set(['integer', 'amount', 'date', 'instant']);
/** Columns are called so in tables of years. */
const YEAR = /^(?:19|20)\d{2}$/;
const FEWEST_RECORDS_BELOW = 2;

/**
 * True where the first record is certainly no header: it has an e-mail address, a date or a telephone number above others
 * of the kind, or nothing but numbers above numbers.
 */
export function isHeaderMissing(first: readonly string[], below: readonly (readonly string[])[]): boolean {
  const types = first.map((cell, index) => ({ own: typeOfCell(cell), below: typeBelow(below, index) }));
  const contradicts = types.some((type) => (type.own === 'text' || type.own === 'blank') && type.below !== 'text' && type.below !== 'blank');
  if (contradicts) return false;
  if (types.some((type) => NEVER_A_NAME.has(type.own) && type.own === type.below)) return true;
  const isAllNumbers = types.every((type) => NUMERIC.has(type.own) && NUMERIC.has(type.below));
  return isAllNumbers && below.length >= FEWEST_RECORDS_BELOW && !first.every((cell) => YEAR.test(cell.trim()));
}

function typeBelow(records: readonly (readonly string[])[], index: number): CellType {
  const seen = new Map<CellType, number>();
  for (const record of records) {
    const type = typeOfCell(record[index] ?? '');
    seen.set(type, (seen.get(type) ?? 0) + 1);
  }
  return typeOfColumn(seen);
}
