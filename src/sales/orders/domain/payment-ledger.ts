import type { Id } from '../../../kernel/id.js';
import type { Currency } from '../../../kernel/money.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import { amountNeeded, captureAboveAuthorisation, overPayment, overRefund, refundsStandAgainstPayment, unknownPart } from './order-errors.js';
import type { Coverage } from './order-state.js';
import { paymentStates, type PaymentState } from './payment-state.js';
import { refundStates, type RefundState } from './refund-state.js';

export interface Payment {
  readonly id: Id;
  /** Counts the payments of an order from 1. */
  readonly sequence: number;
  readonly method: string;
  readonly state: PaymentState;
  /** What was to be paid by it: authorised, captured at once, or refused. */
  readonly amountMinor: number;
  /** What of it was captured; 0 unless settled. */
  readonly capturedMinor: number;
  readonly installments: number | null;
  readonly provider: string | null;
  /** When it came to its state. */
  readonly recordedAt: Date;
  readonly externalIds: readonly ExternalReference[];
}

export interface Refund {
  readonly id: Id;
  readonly paymentId: Id | null;
  readonly state: RefundState;
  readonly amountMinor: number;
  readonly reason: string | null;
  readonly provider: string | null;
  /** When it came to its state. */
  readonly recordedAt: Date;
  readonly externalIds: readonly ExternalReference[];
}

export type NewPayment = Omit<Payment, 'sequence' | 'capturedMinor'>;

/**
 * The money of one order. It keeps, at every instant: captured and still authorised together ≤ total; each capture ≤ its
 * authorisation; refunds pending and settled ≤ captured, over all and per payment they name.
 */
export class PaymentLedger {
  private readonly payments: Map<Id, Payment>;
  private readonly refunds: Map<Id, Refund>;

  constructor(
    private readonly currency: Currency,
    payments: readonly Payment[],
    refunds: readonly Refund[],
  ) {
    this.payments = new Map(payments.map((payment) => [payment.id, payment]));
    this.refunds = new Map(refunds.map((refund) => [refund.id, refund]));
  }

  allPayments(): Payment[] {
    return [...this.payments.values()];
  }

  allRefunds(): Refund[] {
    return [...this.refunds.values()];
  }

  get capturedMinor(): number {
    return sum(this.payments.values(), (payment) => payment.capturedMinor);
  }

  /** Authorised and not yet captured. */
  get authorizedMinor(): number {
    return sum(this.payments.values(), (payment) => (payment.state === 'authorized' ? payment.amountMinor : 0));
  }

  get refundedMinor(): number {
    return sum(this.refunds.values(), (refund) => (refund.state === 'settled' ? refund.amountMinor : 0));
  }

  coverage(totalMinor: number): Coverage {
    if (this.capturedMinor >= totalMinor) return 'settled';
    return this.capturedMinor + this.authorizedMinor >= totalMinor ? 'authorized' : 'none';
  }

  record(terms: NewPayment, totalMinor: number): Payment {
    if (terms.amountMinor === 0) throw amountNeeded();
    paymentStates.check('created', terms.state);
    const holdsMoney = terms.state === 'authorized' || terms.state === 'settled';
    // A history brought in by import may hold more than the total; then nothing is due.
    const due = Math.max(0, totalMinor - this.capturedMinor - this.authorizedMinor);
    if (holdsMoney && terms.amountMinor > due) throw overPayment(terms.amountMinor, due, this.currency);
    const sequence = Math.max(0, ...this.allPayments().map((payment) => payment.sequence)) + 1;
    return this.put({ ...terms, sequence, capturedMinor: terms.state === 'settled' ? terms.amountMinor : 0 });
  }

  /** Captures what was authorised, or a part of it; the rest of the authorisation is released. */
  settle(id: Id, recordedAt: Date, amountMinor?: number): Payment {
    const payment = this.payment(id);
    paymentStates.check(payment.state, 'settled');
    if (amountMinor === 0) throw amountNeeded();
    const capturedMinor = amountMinor ?? payment.amountMinor;
    if (capturedMinor > payment.amountMinor) throw captureAboveAuthorisation(capturedMinor, payment.amountMinor, this.currency);
    return this.put({ ...payment, state: 'settled', capturedMinor, recordedAt });
  }

  /** Money that was captured leaves with the payment, so refunds must not have spent it. */
  close(id: Id, state: 'error' | 'cancelled', recordedAt: Date): Payment {
    const payment = this.payment(id);
    paymentStates.check(payment.state, state);
    const overdrawn = this.refundingMinor > this.capturedMinor - payment.capturedMinor;
    if (payment.capturedMinor > 0 && (overdrawn || this.refundingOf(id) > 0)) throw refundsStandAgainstPayment(id);
    return this.put({ ...payment, state, capturedMinor: 0, recordedAt });
  }

  releaseAuthorisations(at: Date): Payment[] {
    return this.allPayments()
      .filter((payment) => payment.state === 'authorized')
      .map((payment) => this.close(payment.id, 'cancelled', at));
  }

  recordRefund(refund: Refund): Refund {
    if (refund.amountMinor === 0) throw amountNeeded();
    if (refund.state !== 'pending') refundStates.check('pending', refund.state);
    if (refund.state !== 'failed') {
      const left = Math.max(0, this.leftToRefund(refund.paymentId));
      if (refund.amountMinor > left) throw overRefund(refund.amountMinor, left, this.currency);
    }
    this.refunds.set(refund.id, refund);
    return refund;
  }

  moveRefund(id: Id, state: 'settled' | 'failed', recordedAt: Date): Refund {
    const refund = this.refunds.get(id);
    if (!refund) throw unknownPart('refund', id);
    refundStates.check(refund.state, state);
    const moved = { ...refund, state, recordedAt };
    this.refunds.set(id, moved);
    return moved;
  }

  private leftToRefund(paymentId: Id | null): number {
    const left = this.capturedMinor - this.refundingMinor;
    if (paymentId === null) return left;
    return Math.min(left, this.payment(paymentId).capturedMinor - this.refundingOf(paymentId));
  }

  /** Pending refunds count as spent, or two of them could pass together. */
  private get refundingMinor(): number {
    return sum(this.refunds.values(), (refund) => (refund.state === 'failed' ? 0 : refund.amountMinor));
  }

  private refundingOf(paymentId: Id): number {
    return sum(this.refunds.values(), (refund) => (refund.paymentId === paymentId && refund.state !== 'failed' ? refund.amountMinor : 0));
  }

  private payment(id: Id): Payment {
    const payment = this.payments.get(id);
    if (!payment) throw unknownPart('payment', id);
    return payment;
  }

  private put(payment: Payment): Payment {
    this.payments.set(payment.id, payment);
    return payment;
  }
}

function sum<Item>(items: Iterable<Item>, amount: (item: Item) => number): number {
  let total = 0;
  for (const item of items) total += amount(item);
  return total;
}
