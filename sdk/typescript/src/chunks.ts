import { ShukeError } from './errors.js';

export type Bytes = Uint8Array<ArrayBuffer>;

/** A file of known length that is read a chunk at a time, and of which the last chunk can be had again. */
export interface Chunks {
  readonly totalBytes: number;
  /** Bytes from `offset` on, to the end of a chunk or of the file. */
  readonly from: (offset: number) => Promise<Bytes>;
  /** Lets the source go. */
  readonly close: () => Promise<void>;
}

export function chunksOfBlob(blob: Blob, chunkBytes: number): Chunks {
  return {
    totalBytes: blob.size,
    from: async (offset) => new Uint8Array(await blob.slice(offset, offset + chunkBytes).arrayBuffer()),
    close: () => Promise.resolve(),
  };
}

/** Holds one chunk in memory. @param totalBytes what the stream will have given in the end */
export function chunksOfStream(stream: ReadableStream<Uint8Array>, totalBytes: number, chunkBytes: number): Chunks {
  const reader = stream.getReader();
  let start = 0;
  let chunk: Bytes = new Uint8Array(0);
  let rest: Uint8Array = new Uint8Array(0);

  const next = async (): Promise<Bytes> => {
    const filled = new Uint8Array(Math.min(chunkBytes, totalBytes - start));
    let at = 0;
    for (;;) {
      const part = rest.subarray(0, filled.length - at);
      filled.set(part, at);
      at += part.length;
      rest = rest.subarray(part.length);
      // The last chunk is whole only when nothing follows.
      if (at === filled.length && (start + at < totalBytes || rest.length > 0)) break;
      const { done, value } = await reader.read();
      if (done) break;
      rest = value;
    }
    if (at < filled.length) throw new ShukeError(`The stream ended after ${start + at} bytes, and was said to have ${totalBytes}.`);
    if (rest.length > 0 && start + at === totalBytes) throw new ShukeError(`The stream goes on after the ${totalBytes} bytes it was said to have.`);
    return filled;
  };
  return {
    totalBytes,
    from: async (offset) => {
      if (offset === start + chunk.length) {
        start = offset;
        chunk = await next();
      }
      if (offset < start || offset > start + chunk.length) throw new ShukeError(`The server asks for byte ${offset} of a stream that is at byte ${start} already.`);
      return chunk.subarray(offset - start);
    },
    close: () => reader.cancel().catch(() => undefined),
  };
}
