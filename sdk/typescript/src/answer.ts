import { problemOf } from './problem-of.js';

const PARTIAL_CONTENT = 206;

/** What a successful request gave. */
export interface Answer<Data> {
  readonly data: Data;
  readonly status: number;
  /** The version that was read or made; give it as `ifMatch` to change just that one. */
  readonly etag: string | undefined;
  /** The last event this change published; give it as `waitForEvent` to read what follows from it. */
  readonly eventId: string | undefined;
  readonly location: string | undefined;
  /** The answer of an earlier request under the same Idempotency-Key. */
  readonly replayed: boolean;
  readonly requestId: string | undefined;
}

/** An answer that is a file, read as it comes. */
export interface ShukeFile {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly contentType: string;
  /** As the server proposes. */
  readonly fileName: string | undefined;
}

export interface OpenedFile extends ShukeFile {
  /** The part that `range` asked for, and not the whole. */
  readonly isPart: boolean;
}

/** @throws ShukeProblem if a web page came: whoever answered is not the API */
export async function readAnswer<Data>(response: Response): Promise<Answer<Data>> {
  const { headers, status } = response;
  if (headers.get('Content-Type')?.startsWith('text/html')) throw await problemOf(response);
  return {
    data: (await contentOf(response)) as Data,
    status,
    etag: headers.get('ETag') ?? undefined,
    eventId: headers.get('Event-Id') ?? undefined,
    location: headers.get('Location') ?? undefined,
    replayed: headers.get('Idempotent-Replayed') === 'true',
    requestId: headers.get('X-Request-Id') ?? undefined,
  };
}

/** A reader of files, whose streams go on being cut by the signal after the request itself is done. */
export function fileReader(signal: AbortSignal | undefined): (response: Response) => Promise<OpenedFile> {
  return ({ body, headers, status }) => {
    const stream = body ?? new Blob([]).stream();
    return Promise.resolve({
      stream: signal ? stream.pipeThrough(new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>(), { signal }) : stream,
      contentType: headers.get('Content-Type') ?? 'application/octet-stream',
      fileName: /filename="([^"]*)"/.exec(headers.get('Content-Disposition') ?? '')?.[1],
      isPart: status === PARTIAL_CONTENT,
    });
  };
}

async function contentOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const text = await response.text();
  return /[/+]json\b/.test(response.headers.get('Content-Type') ?? '') ? (JSON.parse(text) as unknown) : text;
}
