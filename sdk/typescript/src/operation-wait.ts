import { pause, type Retry } from './backoff.js';
import { OperationCancelled, OperationFailed } from './errors.js';
import type { Operation } from './operation-types.js';
import { Outage } from './outage.js';
import { serverSentEvents, SILENCE_MILLIS } from './server-sent-events.js';

export interface WaitOptions {
  /** Called with how the operation is, then each time it moves. */
  readonly onProgress?: (operation: Operation) => void;
  readonly signal?: AbortSignal;
  /** Between two looks where the stream of its events cannot be had. Default 1,000. */
  readonly pollMillis?: number;
  /** How long the server may be away in one piece. Default 300,000. */
  readonly patienceMillis?: number;
}

export interface OperationDoor {
  readonly get: () => Promise<Operation>;
  /** The operation's server-sent events. */
  readonly watch: () => Promise<ReadableStream<Uint8Array>>;
}

const POLL_MILLIS = 1_000;
const PATIENCE_MILLIS = 300_000;

/** Follows the operation's stream, and where that breaks off or cannot be had looks at it, until it has ended. */
export async function waitForOperation(door: OperationDoor, retry: Retry, options: WaitOptions): Promise<Operation> {
  const { onProgress, signal, pollMillis = POLL_MILLIS, patienceMillis = PATIENCE_MILLIS } = options;
  const outage = new Outage(retry, patienceMillis, signal);
  let last = '';
  const tell = (operation: Operation): Operation => {
    outage.over();
    const now = JSON.stringify(operation);
    if (now !== last) onProgress?.(operation);
    last = now;
    return operation;
  };
  for (;;) {
    try {
      const operation = tell((await endOf(door, tell, signal)) ?? (await door.get()));
      if (operation.finishedAt !== null) return outcome(operation);
      await pause(pollMillis, signal);
    } catch (error) {
      await outage.endure(error);
    }
  }
}

/** The operation as its stream ends it; undefined if the stream breaks off before, or there is none. */
async function endOf({ watch }: OperationDoor, tell: (operation: Operation) => Operation, signal: AbortSignal | undefined): Promise<Operation | undefined> {
  try {
    for await (const batch of serverSentEvents(await watch(), SILENCE_MILLIS)) {
      for (const { event, data } of batch) {
        if (data === undefined) continue;
        const operation = tell(JSON.parse(data) as Operation);
        if (event === 'end') return operation;
      }
    }
  } catch {
    // Whatever broke the stream, the look at the operation that follows decides.
    signal?.throwIfAborted();
  }
  return undefined;
}

function outcome(operation: Operation): Operation {
  if (operation.status === 'failed') throw new OperationFailed(operation);
  if (operation.status === 'cancelled') throw new OperationCancelled(operation);
  return operation;
}
