import { Readable } from 'node:stream';
import { Injectable, StreamableFile, type OnModuleDestroy } from '@nestjs/common';
import type { Watcher } from './stays-open.js';

/** Shorter than the minute after which proxies cut a silent connection. */
const HEARTBEAT_MILLIS = 15_000;
const RECONNECT_MILLIS = 3_000;
/** How long somebody reads on who may no more; one look serves all streams of the process. */
const RIGHTS_MILLIS = 1_000;
/** For what is under way to leave, before a reader that does not read is cut off. */
const GRACE_MILLIS = 2_000;
/** Text kept for a reader that is slow; its source waits meanwhile. */
const BUFFERED_CHARACTERS = 16_384;

export const STILL_HERE = ': still here\n\n';

/** What one stream tells. */
export interface Telling {
  /** Server-sent events as text, whole ones; ends by itself or soon after `signal` is aborted. */
  readonly frames: (signal: AbortSignal) => AsyncIterable<string>;
  /** Said after 15 s of silence. */
  readonly heartbeat?: () => string;
}

interface OpenStream {
  readonly watcher: Watcher;
  readonly end: () => void;
}

/**
 * Answers that stay open as server-sent events. Each ends when its source does, when its reader goes away, within a second
 * after the reader's rights end (or cannot be asked for), and when the server stops; a client that comes back learns which.
 */
@Injectable()
export class Streams implements OnModuleDestroy {
  private readonly open = new Set<OpenStream>();
  private readonly sweep = setInterval(() => this.endForbidden(), RIGHTS_MILLIS).unref();

  of(watcher: Watcher, telling: Telling): StreamableFile {
    return new StreamableFile(this.readable(watcher, telling), { type: 'text/event-stream; charset=utf-8' });
  }

  /** The same as a plain stream. */
  readable(watcher: Watcher, telling: Telling, heartbeatMillis = HEARTBEAT_MILLIS): Readable {
    const controller = new AbortController();
    const readable = Readable.from(withHeartbeat(telling, controller.signal, heartbeatMillis), { objectMode: false, highWaterMark: BUFFERED_CHARACTERS });
    let cut: NodeJS.Timeout | undefined;
    const stream: OpenStream = {
      watcher,
      end: () => {
        controller.abort();
        cut ??= setTimeout(() => readable.destroy(), GRACE_MILLIS).unref();
      },
    };
    this.open.add(stream);
    const close = readable._destroy.bind(readable);
    // Before the source is closed, which waits for its next frame: that may be long in coming, or never come.
    readable._destroy = (error, done) => {
      controller.abort();
      clearTimeout(cut);
      this.open.delete(stream);
      close(error, done);
    };
    return readable;
  }

  /** A stopping server ends its streams, so that it need not wait for them; clients come back to another. */
  onModuleDestroy(): void {
    clearInterval(this.sweep);
    for (const { end } of this.open) end();
  }

  private endForbidden(): void {
    for (const { watcher, end } of this.open) {
      watcher.mayStill().then((may) => {
        if (!may) end();
      }, end);
    }
  }
}

async function* withHeartbeat({ frames, heartbeat = () => STILL_HERE }: Telling, signal: AbortSignal, millis: number): AsyncGenerator<string> {
  // No event of its own: some clients hand on every block, also one without data.
  yield `retry: ${RECONNECT_MILLIS}\n`;
  const iterator = frames(signal)[Symbol.asyncIterator]();
  try {
    for (let next = iterator.next(); ; ) {
      const result = await within(millis, next);
      if (result === undefined) {
        yield heartbeat();
      } else if (result.done) {
        return;
      } else {
        yield result.value;
        next = iterator.next();
      }
    }
  } finally {
    await iterator.return?.();
  }
}

/** What is awaited, or undefined if it takes longer. */
async function within<T>(millis: number, awaited: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, millis, undefined);
  });
  try {
    return await Promise.race([awaited, late]);
  } finally {
    clearTimeout(timer);
  }
}
