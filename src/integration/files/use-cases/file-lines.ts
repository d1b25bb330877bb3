import { fromSpreadsheet } from '../../../platform/transfer/spreadsheet-text.js';
import { parseJsonLine, textAt } from '../domain/json-line.js';
import { parseRow, type RowCell } from '../domain/workbook-row.js';
import { REPLACEMENT, UNDECODABLE } from '../domain/undecodable.js';
import type { FileFacts } from '../persistence/upload.js';
import { blankRecords } from './text/blank-records.js';
import { csvRecords } from './text/csv-records.js';
import { textLines } from './text/text-lines.js';

/** A line that may be mapped, or one that could not be read. */
export interface FileLine {
  /** Where it begins in the file, as an editor counts; in a workbook the number of the row. */
  readonly line: number;
  /** As the file has them; for NDJSON the whole line. Of a line that cannot be told into cells, the text, behind those of the header. */
  readonly cells: readonly string[];
  readonly broken?: { readonly code: string; readonly detail: string };
  /** The text, or an object where the file has no single value there. */
  readonly cellOf: (column: string) => string | object | undefined;
}

/** How to read a file's text. */
export type FileShape = Pick<FileFacts, 'format' | 'delimiter' | 'quote' | 'header' | 'columns'>;

/** A file's text, wherever it comes from. */
export type TextPieces = AsyncIterable<string> | Iterable<string>;

const MAX_JSON_LINE = 1024 * 1024;
const KEPT_OF_BROKEN = 2000;
/** A row of a workbook has 16,384 cells of 32,767 characters at the most; ours are as long as the longest piece of a table may be. */
const MAX_ROW = 16 * 1024 * 1024;

interface TableRecord {
  readonly line: number;
  readonly cells: readonly RowCell[];
  readonly broken?: FileLine['broken'];
}

/** The lines below the header, blank ones left out, one piece of text held at a time. */
export function fileLines(shape: FileShape, text: TextPieces): AsyncGenerator<FileLine> {
  return shape.format === 'ndjson' ? jsonLines(text) : tableLines(records(shape, text), shape);
}

/** Every record of a table, the header and blank lines among them. */
export function records({ format, delimiter, quote }: Pick<FileShape, 'format' | 'delimiter' | 'quote'>, text: TextPieces): AsyncIterable<TableRecord> {
  if (format === 'xlsx') return workbookRows(text);
  return delimiter === ' ' ? blankRecords(text) : csvRecords(text, delimiter ?? ',', quote ?? '"');
}

async function* tableLines(source: AsyncIterable<TableRecord>, { format, columns, header }: FileShape): AsyncGenerator<FileLine> {
  const positions = new Map(columns.map((column, position) => [column, position]));
  // In a workbook a cell says by its type that it is text; an apostrophe in it is its own.
  const plain = format === 'xlsx' ? (cell: string): string => cell : fromSpreadsheet;
  let isHeader = header === true;
  for await (const { line, cells, broken } of source) {
    if (cells.every(isBlank)) continue;
    if (isHeader) {
      isHeader = false;
      continue;
    }
    const texts = cells.map(textOf);
    yield {
      line,
      cells: broken ? [...columns.map(() => ''), ...texts] : texts,
      broken: broken ?? tooManyCells(cells, columns.length) ?? undecodable(cells),
      cellOf: (column) => {
        const cell = cells[positions.get(column) ?? -1];
        return typeof cell === 'string' ? plain(cell) : cell;
      },
    };
  }
}

async function* workbookRows(text: TextPieces): AsyncGenerator<TableRecord> {
  for await (const { content } of textLines(text, MAX_ROW)) if (content !== '') yield parseRow(content);
}

async function* jsonLines(text: TextPieces): AsyncGenerator<FileLine> {
  for await (const { line, content } of textLines(text, MAX_JSON_LINE)) {
    if (content.trim() === '') continue;
    const value = content.length > MAX_JSON_LINE ? undefined : parseJsonLine(content);
    yield {
      line,
      cells: [textOf(value ? content : content.slice(0, KEPT_OF_BROKEN))],
      broken: value ? undecodable([content]) : { code: 'not_json', detail: `This line is not one JSON object of up to ${MAX_JSON_LINE / 1024 / 1024} MB. Put each record on a line of its own.` },
      cellOf: (path) => textAt(value!, path),
    };
  }
}

function isBlank(cell: RowCell): boolean {
  return typeof cell === 'string' && cell.trim() === '';
}

function textOf(cell: RowCell): string {
  return typeof cell === 'string' ? cell.replaceAll(UNDECODABLE, REPLACEMENT) : cell.error;
}

function tooManyCells(cells: readonly RowCell[], columns: number): FileLine['broken'] {
  if (cells.length <= columns || cells.slice(columns).every(isBlank)) return undefined;
  return {
    code: 'too_many_cells',
    detail: `This line has ${cells.length} cells and the header ${columns}, so it is not clear which belongs where. Put cells that hold the separator in quotes.`,
  };
}

function undecodable(cells: readonly RowCell[]): FileLine['broken'] {
  const at = cells.findIndex((cell) => typeof cell === 'string' && cell.includes(UNDECODABLE));
  if (at === -1) return undefined;
  return {
    code: 'undecodable',
    detail: `Cell ${at + 1} of this line holds a byte that is no character in the encoding of the file. Type it anew, or upload the file again with the query parameter encoding.`,
  };
}
