import { isAscii } from 'node:buffer';
import { DomainError } from '../../../../kernel/domain-error.js';
import { markedEncoding, utf16ByZeros, type Encoding, type EncodingGrounds, type KnownEncoding } from '../../domain/encoding.js';
import { UNDECODABLE } from '../../domain/undecodable.js';
import { detectEncoding } from './detect-encoding.js';
import { decoderOf, type StrictDecoder } from './strict-decoder.js';

/** Looked at from the first line on that is not ASCII; all before it reads the same in every encoding that is left. */
const LOOKED_AT_BYTES = 64 * 1024;
/** Decoded at one go. */
const AT_A_TIME = 64 * 1024;
/** No record of a table is longer. */
const LONGEST_LINE = 4 * 1024 * 1024;
/** More damaged lines than this is the wrong encoding. */
const MOST_UNDECODABLE = 1000;

const LF = 0x0a;
const CR = 0x0d;
const BYTE_ORDER_MARK = '\uFEFF';

/** The bytes of a text file on their way to being characters. */
export class DecodedText {
  private known: KnownEncoding | undefined;
  /** Whole lines whose encoding is not known yet. */
  private waiting: Buffer[] = [];
  /** Of a line that has not ended yet. */
  private open: Buffer[] = [];
  private openBytes = 0;
  /** Lines that hold bytes which fit no character, so far. */
  undecodable = 0;

  /** @param given by the caller, who knows better than any detection */
  constructor(private readonly given: Encoding | undefined) {}

  /** Of a text without any character beyond ASCII it is UTF-8, as good a name as any. */
  get encoding(): Encoding {
    return this.known?.encoding ?? 'utf-8';
  }

  get grounds(): EncodingGrounds {
    return this.known?.grounds ?? 'certain';
  }

  /**
   * The text in parts of any size. A byte that fits no character is `UNDECODABLE` in the text, so that its line can be
   * told instead of changed in silence.
   * @param head the first kilobytes of `bytes`
   * @throws DomainError rule for what is no text, or no text in this encoding.
   */
  async *read(head: Buffer, bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
    this.known = fromHead(head, this.given);
    const text = this.known?.encoding.startsWith('utf-16') ? utf16(this.known.encoding, bytes) : this.lines(bytes);
    let isFirst = true;
    for await (const part of text) {
      if (part === '') continue;
      if (part.includes('\0')) throw notText('The file holds NUL characters, which no text does. Save the table as CSV in UTF-8 or as .xlsx, and upload that.');
      yield isFirst && part.startsWith(BYTE_ORDER_MARK) ? part.slice(1) : part;
      isFirst = false;
    }
  }

  /** Only whole lines are decoded: a damaged one then costs itself and none behind it. */
  private async *lines(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
    for await (const part of bytes) {
      for (let at = 0; at < part.length; at += AT_A_TIME) yield* this.take(part.subarray(at, at + AT_A_TIME));
    }
    yield* this.takeLines(Buffer.concat(this.open));
    if (!this.known) yield* this.decide();
  }

  private *take(part: Buffer): Generator<string> {
    const end = Math.max(part.lastIndexOf(LF), part.lastIndexOf(CR)) + 1;
    const rest = part.subarray(end);
    if (end > 0) {
      const whole = Buffer.concat([...this.open, part.subarray(0, end)]);
      this.open = [];
      this.openBytes = 0;
      yield* this.takeLines(whole);
    }
    this.open.push(rest);
    this.openBytes += rest.length;
    if (this.openBytes > LONGEST_LINE) throw notText(`The file holds a line of more than ${LONGEST_LINE / 1024 / 1024} MB, which no table does. Put each record on a line of its own.`);
  }

  private *takeLines(lines: Buffer): Generator<string> {
    if (this.known) {
      yield this.decode(decoderOf(this.known.encoding), lines);
      return;
    }
    if (this.waiting.length === 0 && isAscii(lines)) {
      yield lines.toString('latin1');
      return;
    }
    this.waiting.push(lines);
    if (this.waiting.reduce((sum, { length }) => sum + length, 0) >= LOOKED_AT_BYTES) yield* this.decide();
  }

  private *decide(): Generator<string> {
    const waiting = Buffer.concat(this.waiting);
    this.waiting = [];
    if (waiting.length === 0) return;
    this.known = detectEncoding(waiting);
    yield this.decode(decoderOf(this.known.encoding), waiting);
  }

  private decode(decoder: StrictDecoder, lines: Buffer): string {
    try {
      return decoder.decode(lines);
    } catch {
      return linesOf(lines).map((line) => this.decodeLine(decoder, line)).join('');
    }
  }

  private decodeLine(decoder: StrictDecoder, line: Buffer): string {
    try {
      return decoder.decode(line);
    } catch {
      this.undecodable += 1;
      if (this.undecodable > MOST_UNDECODABLE) throw wrongEncoding(this.encoding, `More than ${MOST_UNDECODABLE} of its lines hold bytes that fit no character`);
      return decoder.decodeLoosely(line).replaceAll('\uFFFD', UNDECODABLE);
    }
  }
}

function fromHead(head: Buffer, given: Encoding | undefined): KnownEncoding | undefined {
  if (given) return { encoding: given, grounds: 'given' };
  const marked = markedEncoding(head);
  if (marked) return { encoding: marked, grounds: 'byte_order_mark' };
  const byZeros = utf16ByZeros(head);
  return byZeros && { encoding: byZeros, grounds: 'likely' };
}

/** A lost byte shifts all that follows, so UTF-16 is whole or refused. */
async function* utf16(encoding: Encoding, bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let read = 0;
  try {
    for await (const part of bytes) {
      for (let at = 0; at < part.length; at += AT_A_TIME) {
        const piece = part.subarray(at, at + AT_A_TIME);
        read += piece.length;
        yield decoder.decode(piece, { stream: true });
      }
    }
    yield decoder.decode();
  } catch (error) {
    if (!isDecodingError(error)) throw error;
    throw wrongEncoding(encoding, `Within its first ${read} bytes there is half a character`);
  }
}

function isDecodingError(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] !== LF && bytes[at] !== CR) continue;
    lines.push(bytes.subarray(start, at + 1));
    start = at + 1;
  }
  lines.push(bytes.subarray(start));
  return lines;
}

function notText(detail: string): DomainError {
  return new DomainError('rule', 'not_a_table', detail);
}

function wrongEncoding(encoding: Encoding, what: string): DomainError {
  return new DomainError('rule', 'wrong_encoding', `The file is not ${encoding.toUpperCase()}. ${what}. Upload it again with the query parameter encoding, or save it as UTF-8 (in Excel: "CSV UTF-8").`);
}
