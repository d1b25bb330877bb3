import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { Id } from '../../../kernel/id.js';
import type { OperationView } from '../../../platform/jobs/operation.js';
import { Operations } from '../../../platform/jobs/operations.js';

/** Shorter than the minute after which proxies cut a silent connection. */
const HEARTBEAT_MILLIS = 15_000;
const RECONNECT_MILLIS = 3_000;

/**
 * An operation as server-sent events: how it is, then each time it moves, until it has ended. Every event is the whole
 * operation, so a client that comes back needs nothing it missed, and its Last-Event-ID is of no consequence.
 */
@Injectable()
export class OperationStream implements OnModuleDestroy {
  private readonly open = new Set<AbortController>();

  constructor(private readonly operations: Operations) {}

  /** @throws DomainError missing, before the first event. */
  async of(id: Id, heartbeatMillis = HEARTBEAT_MILLIS): Promise<Readable> {
    await this.operations.get(id);
    const controller = new AbortController();
    this.open.add(controller);
    const stream = Readable.from(frames(this.operations.watch(id, controller.signal), heartbeatMillis));
    stream.once('close', () => {
      controller.abort();
      this.open.delete(controller);
    });
    return stream;
  }

  /** A stopping server ends its streams, so that it need not wait for them; clients come back to another. */
  onModuleDestroy(): void {
    for (const controller of this.open) controller.abort();
  }
}

async function* frames(views: AsyncIterable<OperationView>, heartbeatMillis: number): AsyncGenerator<string> {
  yield `retry: ${RECONNECT_MILLIS}\n\n`;
  const iterator = views[Symbol.asyncIterator]();
  let next = iterator.next();
  for (;;) {
    const result = await within(heartbeatMillis, next);
    if (result === undefined) {
      yield ': still here\n\n';
    } else if (result.done) {
      return;
    } else {
      yield frameOf(result.value);
      next = iterator.next();
    }
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

function frameOf(view: OperationView): string {
  const isOver = view.finishedAt !== null;
  return `event: ${isOver ? 'end' : 'progress'}\nid: ${view.updatedAt.getTime()}\ndata: ${JSON.stringify(view)}\n\n`;
}
