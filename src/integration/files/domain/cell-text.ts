import { dateText, type DateFormat } from './cell-date.js';
import { plainNumber } from './cell-number.js';
import type { RowCell } from './workbook-row.js';

/** A cell as a sheet's XML has it (ECMA-376 part 1, 18.3.1.4). */
export interface StoredCell {
  /** `t`: what the value is; absent, a number. */
  readonly type: string | undefined;
  /** `s`: its style. */
  readonly style: number;
  /** The cached value where there is a formula. */
  readonly value: string;
}

/** What cells refer to. */
export interface CellContext {
  readonly is1904: boolean;
  sharedString(index: number): string | undefined;
  dateFormat(style: number): DateFormat | undefined;
}

/** Characters that XML cannot hold are written so (22.4.2.4, ST_Xstring). */
const ESCAPED = /_x([0-9A-Fa-f]{4})_/g;

/** The text of a cell as a person reads it in the sheet, whatever the display format: no thousands separators, dates as ISO 8601. */
export function cellText({ type, style, value }: StoredCell, context: CellContext): RowCell {
  switch (type) {
    case 's':
      return context.sharedString(Number(value)) ?? '';
    case 'str':
    case 'inlineStr':
      return unescaped(value);
    case 'b':
      return value === '1' || value === 'true' ? 'true' : 'false';
    case 'e':
      return { error: value };
    case 'd':
      return value.replace('T', ' ');
    default:
      return numberText(value, style, context);
  }
}

/** The text without its escapes, e.g. a carriage return for `_x000D_`. */
export function unescaped(text: string): string {
  return text.includes('_x') ? text.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))) : text;
}

function numberText(value: string, style: number, context: CellContext): string {
  if (value === '') return '';
  const format = context.dateFormat(style);
  const date = format && dateText(Number(value), format, context.is1904);
  return date ?? plainNumber(value);
}
