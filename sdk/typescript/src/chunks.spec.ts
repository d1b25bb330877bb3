import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunksOfBlob, chunksOfStream, type Chunks } from './chunks.js';

function streamOf(parts: readonly Uint8Array[], onCancel: () => void = () => undefined): ReadableStream<Uint8Array> {
  const open = [...parts];
  return new ReadableStream({
    pull: (controller) => {
      const part = open.shift();
      if (part) controller.enqueue(part);
      else controller.close();
    },
    cancel: onCancel,
  });
}

/** Goes through the chunks as a sender does whose server keeps a part of some of them. */
async function sent(chunks: Chunks, kept: readonly number[]): Promise<number[]> {
  const bytes: number[] = [];
  for (let turn = 0; bytes.length < chunks.totalBytes; turn += 1) {
    const chunk = await chunks.from(bytes.length);
    bytes.push(...chunk.subarray(0, Math.ceil(chunk.length * (kept[turn] ?? 1))));
  }
  return bytes;
}

describe('a file in chunks', () => {
  it('is the same however it comes, is cut, and is kept in part', async () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 12 }).filter((some) => some.some(({ length }) => length > 0));
    await fc.assert(fc.asyncProperty(parts, fc.integer({ min: 1, max: 30 }), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }), async (some, chunkBytes, kept) => {
      const whole = some.flatMap((part) => [...part]);
      expect(await sent(chunksOfStream(streamOf(some), whole.length, chunkBytes), kept)).toEqual(whole);
      expect(await sent(chunksOfBlob(new Blob(some as Uint8Array<ArrayBuffer>[]), chunkBytes), kept)).toEqual(whole);
    }));
  });

  it('a stream is refused that is shorter or longer than it was said to be, or is asked for what is gone', async () => {
    const five = () => streamOf([new Uint8Array(3), new Uint8Array(0), new Uint8Array(2)]);
    await expect(sent(chunksOfStream(five(), 6, 4), [])).rejects.toThrow('The stream ended after 5 bytes, and was said to have 6.');
    await expect(sent(chunksOfStream(five(), 4, 4), [])).rejects.toThrow('The stream goes on after the 4 bytes it was said to have.');
    const chunks = chunksOfStream(five(), 5, 2);
    await chunks.from(0);
    await chunks.from(2);
    await expect(chunks.from(1)).rejects.toThrow('byte 1 of a stream that is at byte 2');
    await expect(chunks.from(5)).rejects.toThrow('byte 5');
  });

  it('lets the stream go when it is closed', async () => {
    let isGone = false;
    await chunksOfStream(streamOf([new Uint8Array(9)], () => void (isGone = true)), 9, 4).close();
    expect(isGone).toBe(true);
  });
});
