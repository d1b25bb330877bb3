import { Injectable } from '@nestjs/common';

/** What processes tell each other: new rows in the outbox, new events in the log, jobs to hand over, operations that moved. */
export type Signal = 'outbox' | 'log' | 'jobs' | 'operations' | 'audit';

/** @param subject the id it is about; undefined if it may be about any. */
export type Listener = (subject: string | undefined) => void;

/**
 * Wakes sleepers in this process at once; `channel.ts` carries the same word to other processes by NOTIFY, coalesced,
 * because a NOTIFY in every commit takes a lock on the whole cluster. A signal is a hint: every listener also sweeps.
 */
@Injectable()
export class Signals {
  private readonly listeners = new Map<Signal, Set<Listener>>();
  private forward: (signal: Signal, subject: string | undefined) => void = () => undefined;

  on(signal: Signal, listener: Listener): () => void {
    const set = this.listeners.get(signal) ?? new Set();
    set.add(listener);
    this.listeners.set(signal, set);
    return () => set.delete(listener);
  }

  /** Something happened here: wake this process and tell the others. */
  send(signal: Signal, subject?: string): void {
    this.wake(signal, subject);
    this.forward(signal, subject);
  }

  /** Something happened in another process. */
  wake(signal: Signal, subject?: string): void {
    for (const listener of this.listeners.get(signal) ?? []) listener(subject);
  }

  forwardTo(forward: (signal: Signal, subject: string | undefined) => void): void {
    this.forward = forward;
  }
}
