import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { fileLines } from '../../src/integration/files/use-cases/file-lines.js';
import { takeIn, type FilePlaces } from '../../src/integration/files/use-cases/take-in.js';
import { newPersonKey, openText, sealText } from '../../src/platform/vault/person-cipher.js';

export interface LargeFileFigures {
  readonly lines: number;
  readonly read: number;
  readonly bytes: number;
  /** How far memory rose above what the process had before the file. */
  readonly risenMegabytes: number;
  readonly seconds: number;
}

const BLOCK = 256 * 1024;
const ID = '0192f0c1-2b3c-7def-8abc-1234567890ab';

/** Seals every piece as the product does, and hands it to a reader at once instead of to the database. */
export async function measureLargeFile(format: string, subject: string): Promise<LargeFileFigures> {
  const warmUp = Buffer.from('id,name\n1,客户\n');
  await takeIn(blocks(warmUp), order, { addPiece: async () => undefined, keepBytes: () => Promise.reject(new Error('A CSV file asked for random access.')) });
  const before = process.memoryUsage.rss();
  let most = before;
  const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
  const began = performance.now();

  const file = format === 'xlsx' ? await open(subject) : undefined;
  const key = newPersonKey();
  const pieces = new Handover();
  const places: FilePlaces = {
    addPiece: async (seq, text) => pieces.give(openText(key, `${ID}/${seq}`, sealText(key, `${ID}/${seq}`, text))),
    keepBytes: async ({ bytes }) => {
      let size = 0;
      for await (const part of bytes) size += part.length;
      return { size, read: (from, to) => range(file!, from, to) };
    },
  };
  const shape = { format: format as 'csv', delimiter: format === 'csv' ? (',' as const) : null, quote: null, header: true, columns: ['id', 'name', 'mail', 'city', 'amount'] };
  const reading = count(fileLines(shape, pieces.all()));
  const taken = await takeIn(file ? range(file, 0, (await file.stat()).size) : csv(Number(subject)), order, places);
  pieces.end();
  const read = await reading;
  await file?.close();
  clearInterval(sampling);
  return { lines: taken.facts.lines, read, bytes: taken.facts.bytes, risenMegabytes: Math.round((most - before) / 1e6), seconds: Math.round((performance.now() - began) / 100) / 10 };
}

const order = { mediaType: 'application/octet-stream', settings: {}, maxBytes: 2 ** 31 };

async function* csv(rows: number): AsyncGenerator<Buffer> {
  let text = 'id,name,mail,city,amount\n';
  for (let n = 0; n < rows; n += 1) {
    text += `${n},客户 ${n},customer.${n}@example.com,上海,${n % 1000}.50\n`;
    if (text.length < 64 * 1024) continue;
    yield Buffer.from(text);
    text = '';
    await setImmediate();
  }
  yield Buffer.from(text);
}

async function* blocks(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function* range(file: Awaited<ReturnType<typeof open>>, from: number, to: number): AsyncGenerator<Buffer> {
  for (let at = from; at < to; at += BLOCK) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(BLOCK, to - at)), 0, undefined, at);
    yield buffer.subarray(0, bytesRead);
  }
}

async function count(lines: AsyncIterable<{ readonly broken?: unknown }>): Promise<number> {
  let read = 0;
  for await (const { broken } of lines) if (!broken) read += 1;
  return read;
}

/** One piece at a time, as the database gives them. */
class Handover {
  private piece: string | undefined;
  private isOver = false;
  private wake: () => void = () => undefined;

  async give(piece: string): Promise<void> {
    while (this.piece !== undefined) await this.change();
    this.piece = piece;
    this.ring();
  }

  end(): void {
    this.isOver = true;
    this.ring();
  }

  async *all(): AsyncGenerator<string> {
    for (;;) {
      while (this.piece === undefined && !this.isOver) await this.change();
      if (this.piece === undefined) return;
      const { piece } = this;
      this.piece = undefined;
      this.ring();
      yield piece;
    }
  }

  /** Both sides wait for the same bell, and each rings it for the other. */
  private ring(): void {
    const { wake } = this;
    this.wake = () => undefined;
    wake();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      const { wake } = this;
      this.wake = () => {
        wake();
        resolve();
      };
    });
  }
}
