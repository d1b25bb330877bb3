import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DomainError } from '../../../kernel/domain-error.js';
import { encodingOf, foreignKind, isGzip, type Encoding } from '../domain/file-kind.js';

/** After unpacking. */
export const MAX_FILE_BYTES = 500 * 1024 * 1024;

/** No table packs tighter than this; what does is made to fill disks. */
const MAX_RATIO = 100;
const RATIO_COUNTS_FROM = 16 * 1024 * 1024;

const HEAD_BYTES = 8;

/** A file on its way in: unpacked, decoded and cut into pieces while its facts are counted. */
export class FileText {
  private readonly hash = createHash('sha256');
  private feeds = 0;
  private carriages = 0;
  private endsInLine = false;

  /** Known from the first piece on. */
  encoding: Encoding = 'utf-8';
  /** Of the unpacked file, so far. */
  bytes = 0;

  /** Text lines so far; one that the file ends in the middle of counts. */
  get lines(): number {
    return (this.feeds > 0 ? this.feeds : this.carriages) + (this.endsInLine ? 1 : 0);
  }

  /** SHA-256 of the unpacked file. Once only, at the end. */
  digest(): Buffer {
    return this.hash.digest();
  }

  /**
   * The text in pieces of about `length` characters, none of which ends within a character.
   * @throws DomainError rule for a file that is no text, too_large for one that is too long.
   */
  async *pieces(source: AsyncIterable<Buffer>, length: number): AsyncGenerator<string> {
    const { head, bytes } = await unpacked(source);
    this.encoding = encodingOf(head);
    const decoder = new TextDecoder(this.encoding, { fatal: true });
    let text = '';
    for await (const part of bytes) {
      this.count(part);
      text += this.decode(decoder, part);
      while (text.length >= length) {
        const end = isHighSurrogate(text, length - 1) ? length - 1 : length;
        yield this.counted(text.slice(0, end));
        text = text.slice(end);
      }
    }
    text += this.decode(decoder);
    if (text !== '') yield this.counted(text);
  }

  private count(part: Buffer): void {
    this.bytes += part.length;
    this.hash.update(part);
    if (this.bytes > MAX_FILE_BYTES) {
      throw new DomainError('too_large', 'file_too_large', `The file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB once unpacked. Split it.`);
    }
  }

  private decode(decoder: { decode(bytes?: Buffer, options?: { stream: boolean }): string }, part?: Buffer): string {
    try {
      return part ? decoder.decode(part, { stream: true }) : decoder.decode();
    } catch {
      throw new DomainError('rule', 'not_utf8', `The file is not ${this.encoding.toUpperCase()}: there is a byte that fits no character within its first ${this.bytes} bytes. Save it as UTF-8 (in Excel: "CSV UTF-8") and upload it again.`);
    }
  }

  private counted(text: string): string {
    if (text.includes('\0')) throw notText('holds NUL characters, as text in UTF-16 without a byte order mark does');
    this.feeds += occurrences(text, '\n');
    this.carriages += occurrences(text, '\r');
    this.endsInLine = !text.endsWith('\n') && !text.endsWith('\r');
    return text;
  }
}

async function unpacked(source: AsyncIterable<Buffer>): Promise<{ head: Buffer; bytes: AsyncIterable<Buffer> }> {
  const outer = await peek(source);
  const opened = isGzip(outer.head) ? await peek(gunzip(outer.bytes)) : outer;
  const kind = isGzip(opened.head) ? 'packed more than once' : foreignKind(opened.head);
  if (kind !== undefined) throw notText(`is ${kind}`);
  return opened;
}

/** The first bytes, and all of them again. */
async function peek(source: AsyncIterable<Buffer>): Promise<{ head: Buffer; bytes: AsyncIterable<Buffer> }> {
  const iterator = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < HEAD_BYTES) {
    const { done, value } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  async function* whole(): AsyncGenerator<Buffer> {
    try {
      if (head.length > 0) yield head;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head, bytes: whole() };
}

async function* gunzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let taken = 0;
  let given = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const part of packed) {
      taken += part.length;
      yield part;
    }
  }
  const unzip = createGunzip({ chunkSize: 64 * 1024 });
  // Whatever fails in it is thrown by the reading below.
  pipeline(Readable.from(counted()), unzip).catch(() => undefined);
  try {
    for await (const part of unzip as AsyncIterable<Buffer>) {
      given += part.length;
      if (given > RATIO_COUNTS_FROM && given > taken * MAX_RATIO) {
        throw new DomainError('too_large', 'packed_too_tightly', `The file unpacks to more than ${MAX_RATIO} times its size, which no table does. Send it unpacked.`);
      }
      yield part;
    }
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw error;
    throw new DomainError('rule', 'broken_gzip', 'The file is packed by gzip but damaged or cut off. Pack and send it again.');
  }
}

function notText(what: string): DomainError {
  return new DomainError('rule', 'not_a_text_file', `The file ${what}. Save the table as CSV in UTF-8, or as one JSON object a line, and upload that.`);
}

function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff;
}

function occurrences(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}
