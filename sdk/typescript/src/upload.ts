import { chunksOfBlob, chunksOfStream, type Chunks } from './chunks.js';
import type { Input } from './operation-types.js';
import type { Content } from './request.js';

/**
 * What can be uploaded: a Blob (in a browser a File; in Node `await fileAt(path)` of `@shuke/client/node`), bytes, text, a
 * stream, or a function that opens one. None is held in memory as a whole.
 */
export type UploadSource = Blob | Uint8Array<ArrayBuffer> | string | ReadableStream<Uint8Array> | (() => ReadableStream<Uint8Array>);

export interface UploadProgress {
  readonly sentBytes: number;
  /** Undefined for a stream. */
  readonly totalBytes: number | undefined;
}

/** How the server is to read the file, where it should not find out by itself. */
export type ReadingOptions = Pick<Input<'createUpload'>, 'encoding' | 'delimiter' | 'quote' | 'header' | 'sheet'>;

export interface UploadOptions extends ReadingOptions {
  /** Of the file, to know it by; its ending tells the media type. A File has one already. */
  readonly name?: string;
  /** Media type, if the name does not tell. */
  readonly type?: string;
  /** Bytes of a stream, where they are known: a stream larger than a chunk needs it to go in chunks. */
  readonly size?: number;
  /** A larger file goes in chunks of so many bytes, and goes on where a connection broke. Default 8 MiB; the server takes 50 at most. */
  readonly chunkBytes?: number;
  /** How long the server may be away in one piece while a file goes in chunks. Default 300,000. */
  readonly patienceMillis?: number;
  readonly onProgress?: (progress: UploadProgress) => void;
  readonly signal?: AbortSignal;
}

const CHUNK_BYTES = 8 * 2 ** 20;

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  txt: 'text/plain',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/jsonl',
  gz: 'application/gzip',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** The media type for a file's name; the server looks into the file anyway. */
export function uploadTypeOf(name: string): string {
  return TYPES[name.split('.').at(-1)!.toLowerCase()] ?? 'application/octet-stream';
}

export function nameOf(source: UploadSource): string | undefined {
  return source instanceof Blob ? (source as Partial<File>).name : undefined;
}

/** The source in chunks; undefined if it goes in one request, because it is small or nobody knows how large it is. */
export function chunksOf(source: UploadSource, { size, chunkBytes = CHUNK_BYTES }: Pick<UploadOptions, 'size' | 'chunkBytes'>): Chunks | undefined {
  const content = asBlob(source);
  if (content instanceof Blob) return content.size > chunkBytes ? chunksOfBlob(content, chunkBytes) : undefined;
  if (size === undefined || size <= chunkBytes) return undefined;
  return chunksOfStream(typeof content === 'function' ? content() : content, size, chunkBytes);
}

/** The source as something to send in one request, made afresh for each try, which counts what is sent where the runtime lets it. */
export function uploadBody(source: UploadSource, onProgress?: (progress: UploadProgress) => void): { readonly make: () => Content; readonly again: boolean } {
  const again = !(source instanceof ReadableStream);
  const blob = asBlob(source);
  if (!(blob instanceof Blob)) {
    const open = typeof blob === 'function' ? blob : () => blob;
    return { make: () => (onProgress ? counted(open(), undefined, onProgress) : open()), again };
  }
  if (!onProgress || !streamsRequests()) return { make: () => blob, again };
  return { make: () => counted(blob.stream(), blob.size, onProgress), again };
}

function asBlob(source: UploadSource): Exclude<UploadSource, string | Uint8Array> {
  return typeof source === 'string' || source instanceof Uint8Array ? new Blob([source]) : source;
}

function counted(stream: ReadableStream<Uint8Array>, totalBytes: number | undefined, onProgress: (progress: UploadProgress) => void): ReadableStream<Uint8Array> {
  let sentBytes = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      controller.enqueue(chunk);
      sentBytes += chunk.byteLength;
      onProgress({ sentBytes, totalBytes });
    },
  });
  return stream.pipeThrough(counter);
}

/** Whether `fetch` takes a stream as a body, which some browsers do not: they take it for text, and give it a type. */
function streamsRequests(): boolean {
  let asked = false;
  const init = {
    method: 'POST',
    body: new ReadableStream(),
    get duplex() {
      asked = true;
      return 'half';
    },
  } as RequestInit;
  try {
    return !new Request('https://feature.invalid', init).headers.has('Content-Type') && asked;
  } catch {
    return false;
  }
}
