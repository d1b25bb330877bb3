import { pause, pauseAfter, type Retry } from './backoff.js';
import { ShukeError, ShukeProblem, ShukeUnreachable } from './errors.js';
import { problemOf } from './problem-of.js';
import type { Composed, Content } from './request.js';
import type { TokenSource } from './tokens.js';

export interface Limits {
  readonly signal?: AbortSignal;
  /** For all tries and pauses together; Infinity for no limit. */
  readonly deadlineMillis: number;
}

/** Reads an answer while the limits hold, so that a connection that breaks in the middle of it counts as a failed try. */
export type Reader<T> = (response: Response) => Promise<T>;

/** What is sent besides what the operation says. */
export interface Outgoing extends Omit<Composed, 'body'> {
  /** Makes the body afresh for each try. */
  readonly body: () => Content | undefined;
  /** Without the caller's token, e.g. to get one. */
  readonly anonymous?: boolean;
}

const TRY_AGAIN = [429, 502, 503, 504];
/** The first request under the key is still at work: its answer will be ours. */
const IN_PROGRESS = 'idempotency_in_progress';
/** What Node says when no connection came about; browsers do not tell. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** Sends requests and tries again what may be tried again. */
export class Transport {
  constructor(
    /** Without a slash at the end. */
    private readonly baseUrl: string,
    private readonly fetching: typeof fetch,
    private readonly retry: Retry,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly tokens: TokenSource | undefined,
  ) {}

  /**
   * @throws ShukeProblem if the server refuses, and goes on refusing where that may pass
   * @throws ShukeUnreachable without an answer in time
   * @throws the reason of `signal`
   */
  async send<T>(outgoing: Outgoing, read: Reader<T>, { signal, deadlineMillis }: Limits): Promise<T> {
    const deadline = Date.now() + deadlineMillis;
    for (let tries = 1; ; tries += 1) {
      signal?.throwIfAborted();
      try {
        return await this.once(outgoing, read, signal, deadline);
      } catch (error) {
        if (tries >= this.retry.tries || !mayTryAgain(outgoing, error)) throw error;
        const wait = pauseAfter(tries, error instanceof ShukeProblem ? error.retryAfter : undefined, this.retry, Math.random());
        if (Date.now() + wait >= deadline) throw error;
        await pause(wait, signal);
      }
    }
  }

  private async once<T>(outgoing: Outgoing, read: Reader<T>, signal: AbortSignal | undefined, deadline: number): Promise<T> {
    const cut = new AbortController();
    const stop = () => cut.abort(signal!.reason);
    const late = new ShukeUnreachable(`${outgoing.method} ${outgoing.address} was not answered in time.`, {}, false);
    const timer = Number.isFinite(deadline) ? setTimeout(() => cut.abort(late), Math.max(0, deadline - Date.now())) : undefined;
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const response = await this.authorized(outgoing, cut.signal);
      if (!response.ok) throw await problemOf(response);
      return await read(response).catch((error: unknown) => unanswered(outgoing, error));
    } catch (error) {
      throw cut.signal.aborted ? cut.signal.reason : error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  private async authorized(outgoing: Outgoing, signal: AbortSignal): Promise<Response> {
    if (!this.tokens || outgoing.anonymous) return this.fetch(outgoing, undefined, signal);
    const token = await this.tokens();
    const response = await this.fetch(outgoing, token, signal);
    if (response.status !== 401) return response;
    const other = await this.tokens(token);
    if (other === token) return response;
    await response.body?.cancel();
    return this.fetch(outgoing, other, signal);
  }

  private fetch(outgoing: Outgoing, token: string | undefined, signal: AbortSignal): Promise<Response> {
    const { method, address, headers } = outgoing;
    const content = outgoing.body();
    const init: RequestInit & { duplex?: 'half' } = {
      method,
      headers: { ...this.headers, ...headers, ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) },
      signal,
      ...(content === undefined ? {} : { body: content }),
      // The standard demands it for a body that is a stream.
      ...(content instanceof ReadableStream ? { duplex: 'half' } : {}),
    };
    return this.fetching(`${this.baseUrl}${address}`, init).catch((error: unknown) => unanswered(outgoing, error));
  }
}

function mayTryAgain({ repeatable }: Outgoing, error: unknown): boolean {
  if (error instanceof ShukeUnreachable) return repeatable || error.neverSent;
  return repeatable && error instanceof ShukeProblem && (TRY_AGAIN.includes(error.status) || error.code === IN_PROGRESS);
}

/** `fetch` and the bodies it gives say that a connection failed in a different way in each runtime. */
function unanswered({ method, address }: Outgoing, error: unknown): never {
  if (error instanceof ShukeError) throw error;
  const { cause = error } = error as { cause?: unknown };
  const { code, message } = cause as { code?: string; message?: string };
  throw new ShukeUnreachable(`${method} ${address} got no answer: ${message || code || String(cause)}`, { cause: error }, NEVER_SENT.includes(code ?? ''));
}
