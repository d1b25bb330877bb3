import type { BackendFactory, IQueueBackend } from 'bullmq';

/** Where the queue engine keeps what is under way. The two differ in nothing a job could notice. */
export interface QueueBackend {
  readonly kind: 'postgres' | 'redis';
  /** Keeps installations that share a Redis apart. */
  readonly prefix: string;
  /** Handed to the engine's constructors; the connections behind it belong to the backend. */
  readonly factory: BackendFactory<IQueueBackend, unknown>;
  readonly connection: unknown;
  /** Cheap; false while nothing can be handed over. */
  isUsable(): boolean;
  /** Asks the server. */
  answers(): Promise<boolean>;
  /** Calls back each time the server is back after it was away, perhaps with nothing left of what it held. */
  onReturn(listener: () => void): void;
  /** Ends every connection at once, whatever is waiting on it. */
  close(): Promise<void>;
}
