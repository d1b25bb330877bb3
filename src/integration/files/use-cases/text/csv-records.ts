import { setImmediate } from 'node:timers/promises';
import { Parser } from 'csv-parse';
import { DomainError } from '../../../../kernel/domain-error.js';
import type { Delimiter, Quote } from '../../domain/dialect.js';

/** One record of a CSV file; blank lines are records of one blank cell. */
export interface CsvRecord {
  /** Where it begins, as an editor counts. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Why the line could not be read; `cells` then holds the line as it is. */
  readonly broken?: { readonly code: string; readonly detail: string };
}

/** A record longer than this is an unclosed quote that swallows the file, not a record. */
const MAX_RECORD = 256 * 1024;
/** Each takes up to MAX_RECORD of reading, so a file that is broken throughout is given up instead of tried line by line. */
const MAX_BROKEN = 50;
/** Parsed at one go between other work of the process: about 2 ms. */
const SLICE = 16 * 1024;
const KEPT_OF_BROKEN = 2000;

const LF = 0x0a;
const CR = 0x0d;
const NOTHING: Buffer = Buffer.alloc(0);
/** Enough blank lines behind the last record for the parser to see that it ended. */
const PADDING = Buffer.from('\n'.repeat(8));

const OPTIONS = { info: true, relax_quotes: true, relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'], max_record_size: MAX_RECORD };

/**
 * The records of a CSV text that comes in pieces: any line end, quoted line breaks, quotes in the middle of cells. A quote
 * that is never closed costs its own line only; reading goes on with the next.
 * @throws DomainError rule if the text is broken throughout.
 */
export async function* csvRecords(pieces: AsyncIterable<string> | Iterable<string>, delimiter: Delimiter, quote: Quote = '"'): AsyncGenerator<CsvRecord> {
  const reader = new CsvReader(delimiter, quote);
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece);
    for (let start = 0; start < bytes.length; start += SLICE) {
      yield* reader.take(bytes.subarray(start, start + SLICE));
      await setImmediate();
    }
  }
  yield* reader.end();
}

class CsvReader {
  private parser = this.newParser();
  /** Bytes given to the parser since the end of the last record: what is read again when the parser gives up. */
  private held: Buffer[] = [];
  /** Bytes given to this parser before `held`. */
  private before = 0;
  /** The beginning of a line that is not whole yet and that no parser was given. */
  private waiting: Buffer = NOTHING;
  private line = 1;
  private broken = 0;
  /** True while the rest of a broken line is passed over. */
  private passing = false;

  constructor(
    private readonly delimiter: Delimiter,
    private readonly quote: Quote,
  ) {}

  *take(bytes: Buffer): Generator<CsvRecord> {
    let rest = this.passing ? this.passLineEnd(bytes) : bytes;
    for (;;) {
      rest = yield* this.takePlain(rest);
      if (rest.length === 0) return;
      this.held.push(rest);
      this.parser.write(rest);
      yield* this.finished();
      if (!this.parser.errored) return;
      yield this.brokenLine('line_too_long', `This line opens a quote that is not closed within ${MAX_RECORD / 1024} KB, or is longer than that itself. Close or remove the quote.`);
      rest = this.restart();
    }
  }

  *end(): Generator<CsvRecord> {
    yield* this.take(PADDING);
    while (this.open().some((byte) => byte !== LF && byte !== CR)) {
      yield this.brokenLine('quote_not_closed', 'This line opens a quote that is never closed. Close or remove it.');
      yield* this.take(this.restart());
    }
    this.parser.destroy();
  }

  /** Whole lines without a quote are cut at their separators, in a tenth of a parser's time. @returns what only a parser can read */
  private *takePlain(bytes: Buffer): Generator<CsvRecord, Buffer> {
    const open = this.open();
    const { waiting } = this;
    this.waiting = NOTHING;
    if (!bytes.includes(LF) || bytes.includes(this.quote) || open.includes(this.quote) || open.length + bytes.length > MAX_RECORD) return Buffer.concat([waiting, bytes]);
    const all = Buffer.concat([open, waiting, bytes]);
    const end = all.lastIndexOf(LF) + 1;
    if (open.length > 0) this.renewParser();
    this.waiting = all.subarray(end);
    for (const line of linesOf(all.toString('utf8', 0, end))) {
      yield { line: this.line, cells: line.split(this.delimiter) };
      this.line += 1;
    }
    return NOTHING;
  }

  /** Records that ended, and how far they reach. */
  private *finished(): Generator<CsvRecord> {
    let end = this.before;
    for (;;) {
      const next = this.parser.read() as { record: string[]; info: { bytes: number } } | null;
      if (next === null) break;
      const { line } = this;
      this.line += 1 + lineBreaksIn(next.record);
      end = next.info.bytes;
      yield { line, cells: next.record };
    }
    if (end === this.before) return;
    this.held = [this.open().subarray(end - this.before)];
    this.before = end;
  }

  private brokenLine(code: string, detail: string): CsvRecord {
    this.broken += 1;
    if (this.broken > MAX_BROKEN) {
      throw new DomainError('rule', 'not_csv', `More than ${MAX_BROKEN} lines, the last of them line ${this.line}, open quotes that are never closed. Check that the file is CSV with quotes as ${this.quote}, or say how it quotes by the query parameter quote.`);
    }
    const open = this.open();
    return { line: this.line, cells: [open.subarray(0, Math.min(lineEnd(open), KEPT_OF_BROKEN)).toString('utf8')], broken: { code, detail } };
  }

  /** A new parser behind the broken line. @returns what was read ahead and has to be read again */
  private restart(): Buffer {
    const ahead = this.open();
    this.renewParser();
    return this.passLineEnd(ahead);
  }

  private open(): Buffer {
    return this.held.length === 1 ? this.held[0]! : Buffer.concat(this.held);
  }

  private passLineEnd(bytes: Buffer): Buffer {
    const end = lineEnd(bytes);
    this.passing = end === bytes.length;
    if (this.passing) return NOTHING;
    this.line += 1;
    return bytes.subarray(bytes[end] === CR && bytes[end + 1] === LF ? end + 2 : end + 1);
  }

  private renewParser(): void {
    this.parser.destroy();
    this.parser = this.newParser();
    this.held = [];
    this.before = 0;
  }

  private newParser(): Parser {
    // A failure is found in `errored` right after the write; the event would only end the process.
    return new Parser({ ...OPTIONS, delimiter: this.delimiter, quote: this.quote, escape: this.quote }).on('error', () => undefined);
  }
}

function lineEnd(bytes: Buffer): number {
  const feed = bytes.indexOf(LF);
  const line = feed === -1 ? bytes : bytes.subarray(0, feed);
  const carriage = line.indexOf(CR);
  return carriage === -1 ? line.length : carriage;
}

/** Of text that ends with a line. */
function linesOf(text: string): string[] {
  const lines = text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n');
  lines.pop();
  return lines;
}

function lineBreaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) {
    if (cell.includes('\n') || cell.includes('\r')) breaks += cell.match(/\r\n|\n|\r/g)!.length;
  }
  return breaks;
}
