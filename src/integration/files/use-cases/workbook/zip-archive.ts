import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { DomainError } from '../../../../kernel/domain-error.js';
import { brokenWorkbook } from './broken-workbook.js';
import { readAll, type RandomAccessFile } from './random-access.js';

/** PKWARE APPNOTE 6.3: 4.3.16 end of central directory, 4.3.12 its headers, 4.3.7 local headers, 4.3.14 and 4.5.3 ZIP64. */
const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_64_BYTES = 20;
const END_64 = 0x06064b50;
const END_64_BYTES = 56;
const HEADER = 0x02014b50;
const HEADER_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const EXTRA_64 = 1;
const IN_ZIP64_16 = 0xffff;
const IN_ZIP64_32 = 0xffffffff;

const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;

/** A workbook has some dozens; every picture and comment is one. */
const MOST_ENTRIES = 10_000;
const MOST_DIRECTORY_BYTES = 4 * 1024 * 1024;

/** The XML of a sheet of equal rows packs up to some sixty times; what packs tighter is made to fill disks. */
const MAX_RATIO = 150;
const RATIO_COUNTS_FROM = 16 * 1024 * 1024;
const PART_BYTES = 64 * 1024;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  readonly packedBytes: number;
  readonly at: number;
}

/** A ZIP archive of which parts are read by name, each as a stream. Nothing is ever unpacked to a disk. */
export class ZipArchive {
  private constructor(
    private readonly file: RandomAccessFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws DomainError rule if it is damaged. */
  static async open(file: RandomAccessFile): Promise<ZipArchive> {
    const { at, bytes, count } = await directoryOf(file);
    if (count > MOST_ENTRIES || bytes > MOST_DIRECTORY_BYTES || at + bytes > file.size) throw brokenWorkbook('Its table of contents is damaged or far too long.');
    return new ZipArchive(file, entriesOf(await readAll(file, at, at + bytes)));
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /**
   * The part's bytes, unpacked.
   * @throws DomainError rule if it is not there, damaged or encrypted; too_large for a bomb.
   */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name);
    if (!entry) throw brokenWorkbook(`It has no part "${name.slice(0, 100)}".`);
    if (entry.isEncrypted) throw brokenWorkbook('It is locked with a password.');
    if (entry.method !== STORED && entry.method !== DEFLATED) throw brokenWorkbook(`Its part "${name.slice(0, 100)}" is packed in a way that workbooks are not.`);
    const start = await this.dataOf(entry);
    const packed = this.file.read(start, start + entry.packedBytes);
    let crc = 0;
    for await (const part of entry.method === STORED ? packed : inflated(packed)) {
      crc = crc32(part, crc);
      yield part;
    }
    if (crc !== entry.crc) throw brokenWorkbook(`Its part "${name.slice(0, 100)}" is damaged.`);
  }

  private async dataOf({ at, packedBytes }: Entry): Promise<number> {
    const header = await readAll(this.file, at, at + LOCAL_BYTES);
    if (header.length < LOCAL_BYTES || header.readUInt32LE(0) !== LOCAL) throw brokenWorkbook('Its table of contents does not fit its parts.');
    const start = at + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
    if (start + packedBytes > this.file.size) throw brokenWorkbook('It is cut off.');
    return start;
  }
}

interface Directory {
  readonly at: number;
  readonly bytes: number;
  readonly count: number;
}

async function directoryOf(file: RandomAccessFile): Promise<Directory> {
  const from = Math.max(0, file.size - END_BYTES - LONGEST_COMMENT - LOCATOR_64_BYTES);
  const tail = await readAll(file, from, file.size);
  for (let at = tail.length - END_BYTES; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END) continue;
    const found = { count: tail.readUInt16LE(at + 10), bytes: tail.readUInt32LE(at + 12), at: tail.readUInt32LE(at + 16) };
    const isIn64 = found.count === IN_ZIP64_16 || found.bytes === IN_ZIP64_32 || found.at === IN_ZIP64_32;
    return isIn64 ? directory64(file, tail.subarray(Math.max(0, at - LOCATOR_64_BYTES), at)) : found;
  }
  throw brokenWorkbook('It is cut off: its table of contents is missing.');
}

async function directory64(file: RandomAccessFile, locator: Buffer): Promise<Directory> {
  if (locator.length < LOCATOR_64_BYTES || locator.readUInt32LE(0) !== LOCATOR_64) throw brokenWorkbook('Its table of contents is damaged.');
  const at = Number(locator.readBigUInt64LE(8));
  const end = at < file.size ? await readAll(file, at, Math.min(file.size, at + END_64_BYTES)) : Buffer.alloc(0);
  if (end.length < END_64_BYTES || end.readUInt32LE(0) !== END_64) throw brokenWorkbook('Its table of contents is damaged.');
  return { count: Number(end.readBigUInt64LE(32)), bytes: Number(end.readBigUInt64LE(40)), at: Number(end.readBigUInt64LE(48)) };
}

function entriesOf(directory: Buffer): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (let at = 0; at + HEADER_BYTES <= directory.length && directory.readUInt32LE(at) === HEADER; ) {
    const [nameBytes, extraBytes, commentBytes] = [directory.readUInt16LE(at + 28), directory.readUInt16LE(at + 30), directory.readUInt16LE(at + 32)];
    const nameAt = at + HEADER_BYTES;
    const name = directory.toString('utf8', nameAt, nameAt + nameBytes);
    const extra = directory.subarray(nameAt + nameBytes, nameAt + nameBytes + extraBytes);
    // Of the three that ZIP64 may hold, those stand in `extra` that did not fit here, in this order.
    const [unpacked, packed, offset] = [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)];
    const wide = wideNumbers(extra);
    if (unpacked === IN_ZIP64_32) wide.shift();
    entries.set(name, {
      name,
      isEncrypted: (directory.readUInt16LE(at + 8) & ENCRYPTED) !== 0,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packedBytes: packed === IN_ZIP64_32 ? (wide.shift() ?? 0) : packed,
      at: offset === IN_ZIP64_32 ? (wide.shift() ?? 0) : offset,
    });
    at = nameAt + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

function wideNumbers(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === EXTRA_64) {
      const field = extra.subarray(at + 4, at + 4 + length);
      return Array.from({ length: Math.floor(field.length / 8) }, (_, index) => Number(field.readBigUInt64LE(index * 8)));
    }
    at += 4 + length;
  }
  return [];
}

async function* inflated(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let taken = 0;
  let given = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const part of packed) {
      taken += part.length;
      yield part;
    }
  }
  const inflate = createInflateRaw({ chunkSize: PART_BYTES });
  // Whatever fails in it is thrown by the reading below.
  pipeline(Readable.from(counted()), inflate).catch(() => undefined);
  try {
    for await (const part of inflate as AsyncIterable<Buffer>) {
      given += part.length;
      if (given > RATIO_COUNTS_FROM && given > taken * MAX_RATIO) {
        throw new DomainError('too_large', 'packed_too_tightly', `The workbook unpacks to more than ${MAX_RATIO} times its size, which no table does. Save it as CSV and send that.`);
      }
      yield part;
    }
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw error;
    throw brokenWorkbook('It is damaged or cut off.');
  }
}
