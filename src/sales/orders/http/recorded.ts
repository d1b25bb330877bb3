import type { Id } from '../../../kernel/id.js';
import { created, ok, type Reply } from '../../../platform/http/reply.js';
import type { Order } from '../domain/order.js';
import type { RecordedFact } from '../use-cases/record-fact.js';

type Present<Part> = (order: Order, id: Id) => Part;

/** 201 for what was just recorded; 200 if the provider's event had been recorded before. The ETag is the order's. */
export function recorded<Part>(fact: RecordedFact, present: Present<Part>): Reply<Part> {
  return fact.repeated ? moved(fact, present) : created(present(fact.order, fact.subjectId), { location: `/v1/orders/${fact.order.id}`, version: versionOf(fact) });
}

export function moved<Part>(fact: RecordedFact, present: Present<Part>): Reply<Part> {
  return ok(present(fact.order, fact.subjectId), { version: versionOf(fact) });
}

function versionOf({ order }: RecordedFact): number {
  return order.facts().revision;
}
