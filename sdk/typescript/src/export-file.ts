import type { ShukeFile } from './answer.js';
import type { Retry } from './backoff.js';
import { ShukeUnreachable } from './errors.js';
import { Outage } from './outage.js';

export interface FetchOptions {
  /** Byte to begin with, to go on with a file of which the bytes before are here already. Default 0. */
  readonly from?: number;
  readonly signal?: AbortSignal;
  /** How long the server may be away in one piece. Default 300,000. */
  readonly patienceMillis?: number;
}

/** The file of an export; its stream outlasts connections that break. */
export interface ExportFile extends ShukeFile {
  /** Of the export, to fetch the file again. */
  readonly id: string;
  readonly fileName: string;
  /** Of the whole file. */
  readonly bytes: number;
}

type Bytes = Uint8Array<ArrayBuffer>;

const PATIENCE_MILLIS = 300_000;

/**
 * A file as one stream, which asks for the bytes that are missing whenever a connection breaks.
 * @param first the file from byte `from` on
 * @param open gives the file from a byte on
 */
export function unbroken(first: ReadableStream<Bytes>, open: (at: number) => Promise<ReadableStream<Bytes>>, bytes: number, retry: Retry, { from = 0, signal, patienceMillis = PATIENCE_MILLIS }: FetchOptions): ReadableStream<Bytes> {
  const pieces = piecesOf(first, open, { from, bytes }, new Outage(retry, patienceMillis, signal));
  return new ReadableStream<Bytes>({
    pull: async (controller) => {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => {
      await pieces.return(undefined);
      // Of which nothing was read yet.
      await first.cancel().catch(() => undefined);
    },
  }, { highWaterMark: 0 });
}

async function* piecesOf(first: ReadableStream<Bytes>, open: (at: number) => Promise<ReadableStream<Bytes>>, { from, bytes }: { readonly from: number; readonly bytes: number }, outage: Outage): AsyncGenerator<Bytes, undefined> {
  let at = from;
  if (at >= bytes) await first.cancel();
  for (let stream: ReadableStream<Bytes> | undefined = first; at < bytes; stream = undefined) {
    try {
      const reader = (stream ?? (await open(at))).getReader();
      try {
        for (let next = await read(reader, at); !next.done; next = await read(reader, at)) {
          at += next.value.byteLength;
          outage.over();
          yield next.value;
        }
      } finally {
        await reader.cancel().catch(() => undefined);
      }
      if (at < bytes) throw brokenOff(at);
    } catch (error) {
      await outage.endure(error);
    }
  }
  return undefined;
}

function read(reader: ReadableStreamDefaultReader<Bytes>, at: number): ReturnType<typeof reader.read> {
  return reader.read().catch((error: unknown) => {
    throw brokenOff(at, error);
  });
}

function brokenOff(at: number, cause?: unknown): ShukeUnreachable {
  return new ShukeUnreachable(`The download broke off at byte ${at}.`, { cause }, false);
}
