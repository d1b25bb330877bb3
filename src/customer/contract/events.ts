import { EventType } from '../../kernel/event.js';

/** Somebody became known to us. */
export class CustomerRegisteredPayload {
  readonly customerId: string;
  /** RFC 3339; the true date where an older system knew them first. */
  readonly registeredAt: string;
  /**
   * Where they came from: `api`, `import`, or what the caller said.
   * @example "api"
   */
  readonly source: string;
}

/** Something about them changed. */
export class CustomerChangedPayload {
  readonly customerId: string;
  readonly version: number;
  /**
   * What changed (`name`, `contactPoints`, `tags` …), never its content.
   * @example ["contactPoints"]
   */
  readonly fields: readonly string[];
}

/** The record was put away; its history stays. */
export class CustomerDeletedPayload {
  readonly customerId: string;
}

/** The record was brought in by mistake and is gone, as if it had never been. Nothing follows about it. */
export class CustomerWithdrawnPayload {
  readonly customerId: string;
}

/** The person's key is destroyed; nothing that identifies them can be read any more. */
export class CustomerErasedPayload {
  readonly customerId: string;
}

export const CustomerRegistered = new EventType('customer.registered', 1, CustomerRegisteredPayload);
export const CustomerChanged = new EventType('customer.changed', 1, CustomerChangedPayload);
export const CustomerDeleted = new EventType('customer.deleted', 1, CustomerDeletedPayload);
export const CustomerWithdrawn = new EventType('customer.withdrawn', 1, CustomerWithdrawnPayload);
export const CustomerErased = new EventType('customer.erased', 1, CustomerErasedPayload);

export const customerEvents = [CustomerRegistered, CustomerChanged, CustomerDeleted, CustomerWithdrawn, CustomerErased] as const;
