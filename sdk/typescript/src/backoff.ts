/** How a request is tried again. */
export interface RetryOptions {
  /** Tries in all, 1 or more; 1 never tries again. Default 5. */
  readonly tries?: number;
  /** The first pause is up to this long, each further one up to twice the one before. Default 200. */
  readonly firstPauseMillis?: number;
  /** No pause is longer, unless the server's Retry-After is. Default 10,000. */
  readonly longestPauseMillis?: number;
}

export type Retry = Required<RetryOptions>;

export const DEFAULT_RETRY: Retry = { tries: 5, firstPauseMillis: 200, longestPauseMillis: 10_000 };

const MILLIS = 1000;

/**
 * Milliseconds to wait before try `tries + 1`. Half of the growing pause is left to chance, so that clients which failed together
 * do not come back together; never sooner than the server asked for.
 * @param random 0 up to but not 1
 */
export function pauseAfter(tries: number, retryAfterSeconds: number | undefined, retry: Retry, random: number): number {
  const grown = Math.min(retry.longestPauseMillis, retry.firstPauseMillis * 2 ** (tries - 1));
  return Math.max((retryAfterSeconds ?? 0) * MILLIS, (grown / 2) * (1 + random));
}

/** Seconds of a Retry-After header, which is a number or a date; undefined if it is neither. */
export function retryAfterOf(header: string | null, nowMillis: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - nowMillis) / MILLIS));
}

/** @throws the reason of the signal as soon as it is aborted. */
export function pause(millis: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, millis);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
