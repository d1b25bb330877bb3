import { Injectable } from '@nestjs/common';
import type { EventType, RecordedEvent } from '../../kernel/event.js';
import type { Tx } from '../database/tx.js';

/** Applies a batch of events of one lane, in log order, in the transaction that also moves the cursor. */
export interface EventHandler {
  apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void>;
}

export interface Consumer {
  /** `context.purpose`, e.g. `customer.timeline`. Renaming it starts it over from the first event. */
  readonly name: string;
  readonly hears: readonly EventType<object>[];
  readonly handler: EventHandler;
  /** Parallel workers; events of one partition always meet the same lane. Can grow or shrink between releases. */
  readonly lanes?: number;
  /** Events applied in one transaction at the most. */
  readonly batch?: number;
  /** True if applying an event twice changes nothing, so that the cursor may be set back to rebuild the view. */
  readonly replayable?: boolean;
}

const NAME = /^[a-z]+\.[a-z_]+$/;

/** Every consumer of the product, filled by the wiring pages while the modules start. */
@Injectable()
export class Consumers {
  private readonly known = new Map<string, Required<Consumer>>();

  hear(consumer: Consumer): void {
    if (!NAME.test(consumer.name)) throw new Error(`The consumer name "${consumer.name}" is not context.purpose. Name it like customer.timeline.`);
    if (this.known.has(consumer.name)) throw new Error(`Two consumers are named "${consumer.name}". Rename one on its context's wiring page.`);
    if (consumer.hears.length === 0) throw new Error(`The consumer "${consumer.name}" hears no event. List at least one.`);
    this.known.set(consumer.name, { lanes: 1, batch: 500, replayable: true, ...consumer });
  }

  all(): readonly Required<Consumer>[] {
    return [...this.known.values()];
  }

  get(name: string): Required<Consumer> | undefined {
    return this.known.get(name);
  }
}
