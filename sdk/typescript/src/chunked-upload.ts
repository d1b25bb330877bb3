import type { Retry } from './backoff.js';
import type { Chunks } from './chunks.js';
import { isProblem, OperationFailed, ShukeProblem, ShukeUnreachable } from './errors.js';
import { Outage } from './outage.js';
import type { UploadProgress } from './upload.js';
import type { Shuke } from './shuke.js';
import type { Answer } from './answer.js';
import type { Upload } from './operation-types.js';

/** What is said of a file by the names of tus and of `createUpload`. */
export type Metadata = Readonly<Record<string, string | undefined>>;

export interface ChunkedOptions {
  readonly metadata: Metadata;
  readonly retry: Retry;
  readonly patienceMillis: number;
  readonly onProgress?: (progress: UploadProgress) => void;
  readonly signal?: AbortSignal;
}

/** For one chunk; what came of it until then is kept. */
const CHUNK_MILLIS = 300_000;
const REFUSED = 422;

/**
 * Sends a file chunk by chunk (tus 1.0) and waits until the server has looked into it. After a connection that broke the
 * server says where to go on. What ends otherwise than by losing the server is not left behind there.
 * @throws ShukeProblem if the file is refused, by the code that one request would be answered
 */
export async function uploadInChunks(shuke: Shuke, chunks: Chunks, options: ChunkedOptions): Promise<Answer<Upload>> {
  const { metadata, patienceMillis, signal } = options;
  const { data: { id } } = await shuke.call('createResumableUpload', { uploadLength: chunks.totalBytes, uploadMetadata: encoded(metadata) }, { signal });
  try {
    await sendAll(shuke, id, chunks, options);
    const { data: { operationId } } = await shuke.call('getResumableUpload', { id }, { signal });
    await shuke.waitFor(operationId!, { signal, patienceMillis });
    return await shuke.call('getUpload', { id }, { signal });
  } catch (error) {
    if (!(error instanceof ShukeUnreachable)) await shuke.call('deleteResumableUpload', { id }).catch(() => undefined);
    throw error instanceof OperationFailed ? refusalOf(error) : error;
  } finally {
    await chunks.close();
  }
}

async function sendAll(shuke: Shuke, id: string, chunks: Chunks, { retry, patienceMillis, onProgress, signal }: ChunkedOptions): Promise<void> {
  const { totalBytes } = chunks;
  const outage = new Outage(retry, patienceMillis, signal);
  const places = {
    asked: async () => (await shuke.call('getResumableUpload', { id }, { signal })).data.receivedBytes,
    after: async (at: number) => {
      const body = await chunks.from(at);
      await shuke.call('appendToResumableUpload', { id, uploadOffset: at, body }, { signal, deadlineMillis: CHUNK_MILLIS });
      return at + body.byteLength;
    },
  };
  for (let at: number | undefined = 0; at !== totalBytes; ) {
    try {
      at = at === undefined ? await places.asked() : await places.after(at);
      outage.over();
      onProgress?.({ sentBytes: at, totalBytes });
    } catch (error) {
      // A part of the chunk may have been kept, or be on its way there still.
      at = undefined;
      if (!isProblem(error, 'wrong_offset')) await outage.endure(error);
    }
  }
}

/** `Upload-Metadata`: pairs of a name and a value in Base64. */
function encoded(metadata: Metadata): string | undefined {
  const pairs = Object.entries(metadata).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${btoa(String.fromCharCode(...new TextEncoder().encode(value)))}`]));
  return pairs.length > 0 ? pairs.join(',') : undefined;
}

function refusalOf({ operation: { error }, message }: OperationFailed): ShukeProblem {
  return new ShukeProblem({ status: REFUSED, code: error?.code ?? 'upload_refused', title: error?.title ?? 'Refused', detail: error?.detail ?? message });
}
