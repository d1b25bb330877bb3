import type { Content } from './request.js';

/** What can be uploaded. A Blob (in a browser a File, in Node `await fs.openAsBlob(path)`) and a function can be sent again after a failure, a stream cannot. */
export type UploadSource = Blob | Uint8Array<ArrayBuffer> | string | ReadableStream<Uint8Array> | (() => ReadableStream<Uint8Array>);

export interface UploadProgress {
  readonly sentBytes: number;
  /** Undefined for a stream. */
  readonly totalBytes: number | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  txt: 'text/plain',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/jsonl',
  gz: 'application/gzip',
};

/** The media type for a file's name; the server looks into the file anyway. */
export function uploadTypeOf(name: string): string {
  return TYPES[name.split('.').at(-1)!.toLowerCase()] ?? 'application/octet-stream';
}

/** The source as something to send, made afresh for each try, which counts what is sent where the runtime lets it. */
export function uploadBody(source: UploadSource, onProgress?: (progress: UploadProgress) => void): { readonly make: () => Content; readonly again: boolean } {
  const again = !(source instanceof ReadableStream);
  const blob = typeof source === 'string' || source instanceof Uint8Array ? new Blob([source]) : source;
  if (!(blob instanceof Blob)) {
    const open = typeof blob === 'function' ? blob : () => blob;
    return { make: () => (onProgress ? counted(open(), undefined, onProgress) : open()), again };
  }
  if (!onProgress || !streamsRequests()) return { make: () => blob, again };
  return { make: () => counted(blob.stream(), blob.size, onProgress), again };
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
