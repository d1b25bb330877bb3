import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../../kernel/domain-error.js';
import type { EventType, RecordedEvent } from '../../../kernel/event.js';
import type { Id } from '../../../kernel/id.js';

/** Every event the product publishes, handed in by app.module.ts. */
export const PUBLISHED_EVENTS = Symbol('published events');

/** An event as integrators read it. */
export interface PublishedEvent {
  readonly id: Id;
  readonly position: number;
  /** Name and version: `sales.order_placed.v1`. */
  readonly type: string;
  readonly aggregateId: Id;
  readonly occurredAt: Date;
  readonly data: object;
}

/** The types an integrator may ask for. */
@Injectable()
export class PublishedEvents {
  private readonly names: ReadonlyMap<string, string>;

  constructor(@Inject(PUBLISHED_EVENTS) published: readonly EventType<object>[]) {
    this.names = new Map(published.map((type) => [typeOf(type), type.name]));
  }

  /** @returns the names the log has for these types; undefined for all. @throws DomainError malformed for a type nobody publishes. */
  namesOf(types: readonly string[] | undefined): string[] | undefined {
    if (types === undefined) return undefined;
    const unknown = types.filter((type) => !this.names.has(type));
    if (unknown.length > 0) {
      const known = [...this.names.keys()].sort().join(', ');
      throw new DomainError('malformed', 'unknown_event_type', `Nobody publishes ${unknown.map((type) => `"${type.slice(0, 80)}"`).join(', ')}. The types are ${known}.`, {
        errors: [{ pointer: '?types', code: 'unknown_event_type', detail: `must be some of ${known}` }],
      });
    }
    return types.map((type) => this.names.get(type)!);
  }
}

export function present(event: RecordedEvent): PublishedEvent {
  return { id: event.id, position: event.position, type: typeOf(event), aggregateId: event.aggregateId, occurredAt: event.occurredAt, data: event.payload };
}

function typeOf({ name, version }: { readonly name: string; readonly version: number }): string {
  return `${name}.v${version}`;
}
