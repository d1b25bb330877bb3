import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DomainError } from '../../../kernel/domain-error.js';
import { foreignKind, isGzip, isZip } from '../domain/file-kind.js';

/** No table packs tighter than this; what does is made to fill disks. */
const MAX_RATIO = 100;
const RATIO_COUNTS_FROM = 16 * 1024 * 1024;

/** Enough to tell what a file is, and UTF-16 by its zero bytes. */
const HEAD_BYTES = 4096;

/** A file on its way in, unpacked and measured as it is read. */
export interface OpenFile {
  readonly kind: 'text' | 'zip';
  /** Whether it came packed by gzip. */
  readonly wasPacked: boolean;
  /** Its first bytes, which `bytes` gives again. */
  readonly head: Buffer;
  /** To be read once. */
  readonly bytes: AsyncIterable<Buffer>;
  readonly measure: Measure;
}

/** Length and SHA-256 of what passes through. */
export class Measure {
  private readonly hash = createHash('sha256');
  bytes = 0;

  constructor(private readonly maxBytes: number) {}

  /** Once only, when all has passed. */
  digest(): Buffer {
    return this.hash.digest();
  }

  async *of(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const part of source) {
      this.bytes += part.length;
      this.hash.update(part);
      if (this.bytes > this.maxBytes) throw fileTooLarge(this.maxBytes);
      yield part;
    }
  }
}

export function fileTooLarge(maxBytes: number): DomainError {
  return new DomainError('too_large', 'file_too_large', `The file is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB once unpacked. Split it.`);
}

/**
 * Unpacks gzip and looks at the first bytes.
 * @param maxBytes unpacked
 * @throws DomainError rule for a file that is no table; while it is read, too_large for one that is too long.
 */
export async function openFile(source: AsyncIterable<Buffer>, maxBytes: number): Promise<OpenFile> {
  const outer = await peek(source);
  const wasPacked = isGzip(outer.head);
  const opened = wasPacked ? await peek(gunzip(outer.bytes)) : outer;
  const foreign = isGzip(opened.head) ? 'is packed more than once. Unpack it until the table is packed once or not at all, and upload that.' : foreignKind(opened.head);
  if (foreign !== undefined) throw new DomainError('rule', 'not_a_table', `The file ${foreign}`);
  const measure = new Measure(maxBytes);
  return { kind: isZip(opened.head) ? 'zip' : 'text', wasPacked, head: opened.head, bytes: measure.of(opened.bytes), measure };
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
