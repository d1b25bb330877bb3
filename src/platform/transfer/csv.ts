import { stringify } from 'csv-stringify/sync';
import { forSpreadsheet } from './spreadsheet-text.js';

export type CsvCell = string | number | boolean | Date | null | undefined;

/** Separators of any locale, line ends and outer blanks: whatever a program may take for the end of the cell or drop. */
const NEEDS_QUOTES = /[,;\t|\r\n]|^\s|\s$/;

/**
 * Rows as CSV (RFC 4180: CRLF, and commas if nothing else is said) that no spreadsheet runs and no value breaks out of.
 * Every CSV the product gives away is written here.
 */
export function csvRows(rows: readonly (readonly CsvCell[])[], delimiter = ','): string {
  return stringify(rows.map((row) => row.map(text)), { delimiter, record_delimiter: '\r\n', quoted_match: NEEDS_QUOTES });
}

/** Excel takes a file without it for the machine's own code page. */
export const CSV_BOM = '\uFEFF';

function text(cell: CsvCell): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === 'string' ? forSpreadsheet(cell) : String(cell);
}
