import { setImmediate } from 'node:timers/promises';
import type { Delimiter } from '../domain/delimiter.js';
import { parseJsonLine, textAt } from '../domain/json-line.js';
import type { FileFacts } from '../persistence/upload.js';
import { fromSpreadsheet } from '../../../platform/transfer/spreadsheet-text.js';
import { csvRecords } from './csv-records.js';

/** A line that may be mapped, or one that could not be read. */
export interface FileLine {
  /** Where it begins in the file, as an editor counts. */
  readonly line: number;
  /** As the file has them; for NDJSON the whole line. Of a line that cannot be told into cells, the text, behind those of the header. */
  readonly cells: readonly string[];
  readonly broken?: { readonly code: string; readonly detail: string };
  readonly cellOf: (column: string) => string | object | undefined;
}

/** How to read a file's text. */
export type FileShape = Pick<FileFacts, 'format' | 'delimiter' | 'columns'>;

const MAX_JSON_LINE = 1024 * 1024;
const KEPT_OF_BROKEN = 2000;
const SLICE = 16 * 1024;

/** The lines below the header, blank ones left out, one piece of text held at a time. */
export function fileLines(shape: FileShape, text: AsyncIterable<string> | Iterable<string>): AsyncGenerator<FileLine> {
  return shape.format === 'csv' ? csvLines(text, shape.delimiter ?? ',', shape.columns) : jsonLines(text);
}

async function* csvLines(text: AsyncIterable<string> | Iterable<string>, delimiter: Delimiter, columns: readonly string[]): AsyncGenerator<FileLine> {
  const positions = new Map(columns.map((column, position) => [column, position]));
  let isHeader = true;
  for await (const { line, cells, broken } of csvRecords(text, delimiter)) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    if (isHeader) {
      isHeader = false;
      continue;
    }
    const tooMany = cells.length > columns.length && cells.slice(columns.length).some((cell) => cell.trim() !== '');
    yield {
      line,
      cells: broken ? [...columns.map(() => ''), ...cells] : cells,
      broken: broken ?? (tooMany ? tooManyCells(cells.length, columns.length) : undefined),
      cellOf: (column) => {
        const cell = cells[positions.get(column) ?? -1];
        return cell === undefined ? undefined : fromSpreadsheet(cell);
      },
    };
  }
}

function tooManyCells(found: number, columns: number): FileLine['broken'] {
  return {
    code: 'too_many_cells',
    detail: `This line has ${found} cells and the header ${columns}, so it is not clear which belongs where. Put cells that hold the separator in quotes.`,
  };
}

async function* jsonLines(text: AsyncIterable<string> | Iterable<string>): AsyncGenerator<FileLine> {
  for await (const { line, content } of textLines(text)) {
    if (content.trim() === '') continue;
    const value = content.length > MAX_JSON_LINE ? undefined : parseJsonLine(content);
    yield {
      line,
      cells: [value ? content : content.slice(0, KEPT_OF_BROKEN)],
      broken: value ? undefined : { code: 'not_json', detail: `This line is not one JSON object of up to ${MAX_JSON_LINE / 1024 / 1024} MB. Put each record on a line of its own.` },
      cellOf: (path) => textAt(value!, path),
    };
  }
}

/** Lines of text; of one far too long only the beginning is kept. */
async function* textLines(text: AsyncIterable<string> | Iterable<string>): AsyncGenerator<{ line: number; content: string }> {
  let line = 1;
  let open = '';
  for await (const piece of text) {
    for (let start = 0; start < piece.length; start += SLICE) {
      const [first = '', ...others] = piece.slice(start, start + SLICE).split('\n');
      if (open.length <= MAX_JSON_LINE) open += first;
      for (const other of others) {
        yield { line, content: open };
        line += 1;
        open = other;
      }
      await setImmediate();
    }
  }
  yield { line, content: open };
}
