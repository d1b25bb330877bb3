import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import { DomainError } from '../../../kernel/domain-error.js';

interface Entry {
  readonly name: string;
  readonly offset: number;
  crc: number;
  size: number;
  packed: number;
}

export interface ZipState {
  /** Bytes of the archive so far. */
  readonly offset: number;
  readonly entries: readonly Entry[];
}

const MOST_BYTES = 0xffff_ffff;
const VERSION = 20;
/** Sizes follow the data (bit 3), names are UTF-8 (bit 11). */
const FLAGS = 0x0808;
const DEFLATE = 8;
/** A last block of nothing: what ends a stream whose blocks were each made by themselves. */
const LAST_BLOCK = Buffer.from([0x03, 0x00]);

const packed = promisify(deflateRaw);

/**
 * A ZIP archive (APPNOTE 6.3.10, without ZIP64) as it grows: no size need be known ahead, nothing is written twice, and all
 * that is left to know between two parts is `state`, so that another process can go on with it.
 */
export class ZipWriter {
  private offset: number;
  private readonly entries: Entry[];

  constructor(
    private readonly madeAt: Date,
    state: ZipState | undefined,
  ) {
    this.offset = state?.offset ?? 0;
    this.entries = state?.entries.map((entry) => ({ ...entry })) ?? [];
  }

  get state(): ZipState {
    return { offset: this.offset, entries: this.entries };
  }

  /** Bytes of the open file before packing. */
  get openSize(): number {
    return this.entries.at(-1)?.size ?? 0;
  }

  /** Begins a file; the one before must be closed. */
  open(name: string): Buffer {
    this.entries.push({ name, offset: this.offset, crc: 0, size: 0, packed: 0 });
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x0403_4b50, 0);
    this.common(header, 4);
    header.writeUInt16LE(Buffer.byteLength(name), 26);
    return this.grown(Buffer.concat([header, Buffer.from(name)]));
  }

  /** Adds to the open file. */
  async write(text: string): Promise<Buffer> {
    // zlib takes a checksum of nothing for the wish to begin a new one.
    if (text === '') return Buffer.alloc(0);
    const entry = this.entries.at(-1)!;
    const bytes = Buffer.from(text);
    const blocks = await packed(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
    entry.crc = crc32(bytes, entry.crc);
    entry.size += bytes.length;
    entry.packed += blocks.length;
    return this.grown(blocks);
  }

  close(): Buffer {
    const entry = this.entries.at(-1)!;
    entry.packed += LAST_BLOCK.length;
    const descriptor = Buffer.alloc(16);
    descriptor.writeUInt32LE(0x0807_4b50, 0);
    sizes(descriptor, 4, entry);
    return this.grown(Buffer.concat([LAST_BLOCK, descriptor]));
  }

  /** The directory, which is the end of the archive. */
  end(): Buffer {
    const start = this.offset;
    const directory = Buffer.concat(this.entries.map((entry) => this.directoryEntry(entry)));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x0605_4b50, 0);
    end.writeUInt16LE(this.entries.length, 8);
    end.writeUInt16LE(this.entries.length, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(start, 16);
    return this.grown(Buffer.concat([directory, end]));
  }

  private directoryEntry(entry: Entry): Buffer {
    const header = Buffer.alloc(46);
    header.writeUInt32LE(0x0201_4b50, 0);
    header.writeUInt16LE(VERSION, 4);
    this.common(header, 6);
    sizes(header, 16, entry);
    header.writeUInt16LE(Buffer.byteLength(entry.name), 28);
    header.writeUInt32LE(entry.offset, 42);
    return Buffer.concat([header, Buffer.from(entry.name)]);
  }

  /** What the two headers of a file have in common. */
  private common(header: Buffer, at: number): void {
    header.writeUInt16LE(VERSION, at);
    header.writeUInt16LE(FLAGS, at + 2);
    header.writeUInt16LE(DEFLATE, at + 4);
    header.writeUInt16LE((this.madeAt.getUTCHours() << 11) | (this.madeAt.getUTCMinutes() << 5) | (this.madeAt.getUTCSeconds() >> 1), at + 6);
    header.writeUInt16LE(((this.madeAt.getUTCFullYear() - 1980) << 9) | ((this.madeAt.getUTCMonth() + 1) << 5) | this.madeAt.getUTCDate(), at + 8);
  }

  private grown(bytes: Buffer): Buffer {
    this.offset += bytes.length;
    if (this.offset > MOST_BYTES) throw new DomainError('rule', 'export_too_large', 'The workbook would be larger than 4 GB. Export as csv or ndjson, or narrow it by filters.');
    return bytes;
  }
}

function sizes(header: Buffer, at: number, { crc, packed: length, size }: Entry): void {
  header.writeUInt32LE(crc, at);
  header.writeUInt32LE(length, at + 4);
  header.writeUInt32LE(size, at + 8);
}
