import type { Id } from '../../kernel/id.js';
import { RawJson, type ReplyFacts } from '../../platform/http/reply.js';
import type { Customer } from '../domain/customer.js';
import { textOf } from '../views/customer.view.js';

/** A customer just written, as `GET` shows it. */
export function present(customer: Customer, at: Date): RawJson {
  return new RawJson(textOf(customer, at));
}

/** The version for the ETag, and whose data the answer holds. */
export function factsOf({ current }: Customer): ReplyFacts {
  return { version: current.version, personId: current.id };
}

export function placeOf(id: Id): string {
  return `/v1/customers/${id}`;
}
