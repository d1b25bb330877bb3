import type { CsvRecord } from './csv-records.js';
import { textLines } from './text-lines.js';

const LONGEST_LINE = 256 * 1024;
const KEPT_OF_BROKEN = 2000;
const CARRIAGE_RETURNS = /\r(?!\n)/g;

/** The records of a table laid out by blanks: a line each, cells parted by runs of blanks, none quoted. Line ends are LF, CRLF or CR. */
export async function* blankRecords(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<CsvRecord> {
  for await (const { line, content } of textLines(withLineFeeds(pieces), LONGEST_LINE)) {
    if (content.length > LONGEST_LINE) {
      yield { line, cells: [content.slice(0, KEPT_OF_BROKEN)], broken: { code: 'line_too_long', detail: `This line is longer than ${LONGEST_LINE / 1024} KB. Put each record on a line of its own.` } };
    } else {
      yield { line, cells: content.trim().split(/\s+/) };
    }
  }
}

/** A carriage return that stands alone ends a line; one at the end of a piece is held until it is known what follows. */
async function* withLineFeeds(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const piece of pieces) {
    const text = held + piece;
    held = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - held.length).replace(CARRIAGE_RETURNS, '\n');
  }
  if (held !== '') yield '\n';
}
