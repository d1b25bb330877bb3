/**
 * A cell that begins like a formula is run by spreadsheets when somebody opens the file, whatever it was before
 * (OWASP ASVS 5, 1.2.10). An apostrophe in front keeps it text. Plain numbers are left alone, so that `-5.00` and
 * `+8613800138000` stay what they are.
 */
const FORMULA = /^'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/;
const NUMBER = /^[+-]?\d+(?:[.,]\d+)*$/;

/** The cell as it may stand in a file for people. Undone by `fromSpreadsheet`. */
export function forSpreadsheet(cell: string): string {
  return FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
}

/** The cell as it was before `forSpreadsheet`, or before a person typed the apostrophe for the same end. */
export function fromSpreadsheet(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) && !NUMBER.test(cell.slice(1)) ? cell.slice(1) : cell;
}
