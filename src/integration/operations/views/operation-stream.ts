import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import type { Telling } from '../../../platform/http/streams.js';
import type { OperationView } from '../../../platform/jobs/operation.js';
import { Operations } from '../../../platform/jobs/operations.js';

/**
 * An operation as server-sent events: how it is, then each time it moves, until it has ended. Every event is the whole
 * operation, so a client that comes back needs nothing it missed, and its Last-Event-ID is of no consequence.
 */
@Injectable()
export class OperationStream {
  constructor(private readonly operations: Operations) {}

  /** @throws DomainError missing, before the first event. */
  async of(id: Id): Promise<Telling> {
    await this.operations.get(id);
    return { frames: (signal) => frames(this.operations.watch(id, signal)) };
  }
}

async function* frames(views: AsyncIterable<OperationView>): AsyncGenerator<string> {
  for await (const view of views) yield frameOf(view);
}

function frameOf(view: OperationView): string {
  const isOver = view.finishedAt !== null;
  return `event: ${isOver ? 'end' : 'progress'}\nid: ${view.updatedAt.getTime()}\ndata: ${JSON.stringify(view)}\n\n`;
}
