import type { RecordedEvent } from '../../kernel/event.js';
import type { Id } from '../../kernel/id.js';
import { toMoneyText, money, type MoneyText } from '../../kernel/money.js';
import { FulfilmentRecorded, OrderChanged, OrderPlaced, PaymentRecorded, RefundRecorded, type OrderFacts } from '../../sales/contract/events.js';
import { CustomerChanged, CustomerDeleted, CustomerErased, CustomerRegistered } from '../contract/events.js';

export const TIMELINE_KINDS = ['purchase', 'payment', 'refund', 'fulfilment', 'profile'] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** What the entry says, as the API shows it: ids and amounts, never contact data. */
export interface TimelineFacts {
  readonly orderId?: Id;
  readonly paymentId?: Id;
  readonly refundId?: Id;
  readonly fulfilmentId?: Id;
  readonly status?: string;
  readonly from?: string;
  readonly amount?: MoneyText;
  readonly method?: string;
  readonly quantity?: number;
  readonly channel?: string | null;
  readonly source?: string;
  readonly fields?: readonly string[];
}

export interface TimelineEntry {
  readonly customerId: Id;
  readonly at: Date;
  readonly kind: TimelineKind;
  readonly facts: TimelineFacts;
}

/** What an event adds to its customer's timeline; undefined if nothing. */
export function entryOf(event: RecordedEvent): TimelineEntry | undefined {
  return orderEntryOf(event) ?? profileEntryOf(event);
}

function orderEntryOf(event: RecordedEvent): TimelineEntry | undefined {
  if (OrderPlaced.is(event)) {
    const { order } = event.payload;
    return { ...about(order, 'purchase', order.placedAt), facts: { orderId: order.orderId, status: order.status, amount: text(order.totalMinor, order), quantity: order.quantity, channel: order.channel } };
  }
  if (OrderChanged.is(event)) {
    const { order, from } = event.payload;
    return { ...about(order, 'purchase', event.occurredAt), facts: { orderId: order.orderId, status: order.status, from, amount: text(order.totalMinor, order) } };
  }
  if (PaymentRecorded.is(event)) {
    const { order, paymentId, method, state, amountMinor, recordedAt } = event.payload;
    return { ...about(order, 'payment', recordedAt), facts: { orderId: order.orderId, paymentId, method, status: state, amount: text(amountMinor, order) } };
  }
  if (RefundRecorded.is(event)) {
    const { order, refundId, state, amountMinor, recordedAt } = event.payload;
    return { ...about(order, 'refund', recordedAt), facts: { orderId: order.orderId, refundId, status: state, amount: text(amountMinor, order) } };
  }
  if (FulfilmentRecorded.is(event)) {
    const { order, fulfilmentId, state, quantity, recordedAt } = event.payload;
    return { ...about(order, 'fulfilment', recordedAt), facts: { orderId: order.orderId, fulfilmentId, status: state, quantity } };
  }
  return undefined;
}

function profileEntryOf(event: RecordedEvent): TimelineEntry | undefined {
  const entry = (customerId: Id, at: Date, facts: TimelineFacts): TimelineEntry => ({ customerId, at, kind: 'profile', facts });
  if (CustomerRegistered.is(event)) return entry(event.payload.customerId, new Date(event.payload.registeredAt), { status: 'active', source: event.payload.source });
  if (CustomerChanged.is(event)) return entry(event.payload.customerId, event.occurredAt, { fields: event.payload.fields });
  if (CustomerDeleted.is(event)) return entry(event.payload.customerId, event.occurredAt, { status: 'deleted' });
  if (CustomerErased.is(event)) return entry(event.payload.customerId, event.occurredAt, { status: 'erased' });
  return undefined;
}

function about({ customerId }: OrderFacts, kind: TimelineKind, at: Date | string) {
  return { customerId, kind, at: new Date(at) };
}

function text(minor: number, { currency }: OrderFacts): MoneyText {
  return toMoneyText(money(minor, currency));
}
