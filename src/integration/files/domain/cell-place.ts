/** Columns of a sheet: A to XFD. */
export const SHEET_COLUMNS = 16_384;
export const SHEET_ROWS = 1_048_576;

const A = 0x41;
const Z = 0x5a;

/** The column of an address such as `AB12`, from 0; undefined if it has none that a sheet could have. */
export function columnOf(address: string): number | undefined {
  let column = 0;
  for (let at = 0; at < address.length; at += 1) {
    const letter = address.charCodeAt(at);
    if (letter < A || letter > Z) break;
    column = column * 26 + letter - A + 1;
    if (column > SHEET_COLUMNS) return undefined;
  }
  return column === 0 ? undefined : column - 1;
}
