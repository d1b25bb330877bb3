import type { Id } from '../../../kernel/id.js';
import { minorDigits, type Currency } from '../../../kernel/money.js';
import type { OrderFacts } from '../../contract/events.js';
import { joinedReferences } from '../../contract/external-reference.js';
import { totalsOf, type OrderTotals } from './line-price.js';
import { linesAreFixed, notOpenFor, orderHasNoLines, placedInFuture, termsAreFixed, totalBelowPaid } from './order-errors.js';
import { keptLinks, pricedLines, sameLines } from './order-lines.js';
import type { Happening, OrderLine, OrderRecord, Placement } from './order-record.js';
import { coversLess, isBefore, orderStates, stateByMoney, stateByUnits, type Coverage, type OrderState, type Units } from './order-state.js';
import { PaymentLedger, type NewPayment, type Payment, type Refund } from './payment-ledger.js';
import { Shipments, type Fulfilment, type NewFulfilment } from './shipments.js';

const CLOCKS_MAY_DIFFER_MS = 24 * 3_600_000;
const AWAITS_MONEY: readonly OrderState[] = ['arranging_payment', 'payment_authorized', 'arranging_additional_payment'];
const TAKES_PARCELS: readonly OrderState[] = ['payment_authorized', 'payment_settled', 'partially_shipped', 'shipped', 'partially_delivered'];
const SENDS_PARCELS: readonly OrderState[] = TAKES_PARCELS.filter((state) => state !== 'payment_authorized');
/** Nothing is promised to the customer yet, so lines come and go. */
const BEING_PUT_TOGETHER: readonly OrderState[] = ['created', 'adding_items', 'draft', 'arranging_payment'];

/**
 * One sale. Its state is never set from outside: facts about money and parcels are recorded, and the state follows them
 * along legal moves; a fact that would need an illegal move is refused.
 */
export class Order {
  private readonly happenings: Happening[] = [];
  private readonly money: PaymentLedger;
  private readonly shipments: Shipments;
  private readonly stateBefore: OrderState;
  private changed = false;

  private constructor(private record: OrderRecord) {
    this.money = new PaymentLedger(record.currency, record.payments, record.refunds);
    this.shipments = new Shipments(record.fulfilments);
    this.stateBefore = record.state;
  }

  /** @throws DomainError rule for prices, numbers or dates that cannot be. */
  static place(id: Id, placement: Placement, now: Date): Order {
    minorDigits(placement.currency);
    const { customerId, currency, channel, sourceStatus, placedAt = now } = placement;
    refuseFuture(placedAt, now);
    const lines = pricedLines(placement);
    const externalIds = joinedReferences([], placement.externalIds);
    const order = new Order({
      id, version: 0, customerId, state: 'arranging_payment', sourceStatus, channel, currency, placedAt, cancelReason: null, externalIds,
      lines, payments: [], refunds: [], fulfilments: [],
    });
    order.happenings.push({ kind: 'placed' });
    // A free order has nothing to wait for.
    order.followMoney('none');
    return order;
  }

  static rehydrate(record: OrderRecord): Order {
    return new Order(record);
  }

  get id(): Id {
    return this.record.id;
  }

  get state(): OrderState {
    return this.record.state;
  }

  get totals(): OrderTotals {
    return totalsOf(this.record.lines, this.record.currency);
  }

  get currency(): Currency {
    return this.record.currency;
  }

  /** Rows as they shall be saved; `version` is still the one that was loaded. */
  snapshot(): OrderRecord {
    return { ...this.record, payments: this.money.allPayments(), refunds: this.money.allRefunds(), fulfilments: this.shipments.all() };
  }

  /** Money that stands, in minor units. */
  get balance(): { readonly paidMinor: number; readonly authorizedMinor: number; readonly refundedMinor: number } {
    return { paidMinor: this.money.capturedMinor, authorizedMinor: this.money.authorizedMinor, refundedMinor: this.money.refundedMinor };
  }

  fulfilledQuantity(lineNumber: number): number {
    return this.shipments.fulfilled(lineNumber);
  }

  /** The order as it stands once saved. */
  facts(): OrderFacts {
    const { id, version, customerId, state, sourceStatus, channel, currency, placedAt } = this.record;
    const { quantity, totalMinor } = this.totals;
    const { paidMinor, refundedMinor } = this.balance;
    const revision = this.whatHappened().length > 0 ? version + 1 : version;
    return {
      orderId: id, revision, customerId, status: state, sourceStatus, currency, totalMinor, paidMinor, refundedMinor,
      quantity, placedAt: placedAt.toISOString(), channel,
    };
  }

  /** Empty if nothing changed, and then there is nothing to save. */
  whatHappened(): readonly Happening[] {
    const isNew = this.record.version === 0;
    return this.changed && !isNew ? [...this.happenings, { kind: 'changed', from: this.stateBefore }] : this.happenings;
  }

  recordPayment(terms: NewPayment): Payment {
    this.refuseIfCancelled('no payment can be recorded');
    this.arrangePayment();
    const before = this.coverage();
    const payment = this.money.record(terms, this.totals.totalMinor);
    return this.paid(payment, before);
  }

  settlePayment(id: Id, at: Date, amountMinor?: number): Payment {
    const before = this.coverage();
    return this.paid(this.money.settle(id, at, amountMinor), before);
  }

  /** The provider could not capture, or the payment was taken back. */
  closePayment(id: Id, state: 'error' | 'cancelled', at: Date): Payment {
    const before = this.coverage();
    return this.paid(this.money.close(id, state, at), before);
  }

  recordRefund(refund: Refund): Refund {
    return this.refunded(this.money.recordRefund(refund));
  }

  moveRefund(id: Id, state: 'settled' | 'failed', at: Date): Refund {
    return this.refunded(this.money.moveRefund(id, state, at));
  }

  recordFulfilment(terms: NewFulfilment): Fulfilment {
    this.requireState(TAKES_PARCELS, 'nothing can be put into a fulfilment', 'Record the payment that is missing first.');
    return this.sent(this.shipments.record(terms, this.record.lines));
  }

  moveFulfilment(id: Id, state: 'shipped' | 'delivered', at: Date): Fulfilment {
    this.requireState(SENDS_PARCELS, `a fulfilment cannot be ${state}`, 'Capture the payment first.');
    return this.sent(this.shipments.move(id, state, at));
  }

  cancelFulfilment(id: Id, at: Date): Fulfilment {
    this.refuseIfCancelled('its fulfilments are too');
    const hadLeft = this.shipments.hasLeft(id);
    const fulfilment = this.shipments.move(id, 'cancelled', at);
    this.happenings.push({ kind: 'fulfilment', fulfilment });
    if (hadLeft) this.fallBackTo(stateByUnits(this.units()) ?? stateByMoney(this.coverage()));
    return fulfilment;
  }

  /** Cancels the order with all its lines and fulfilments and releases what was authorised; captured money stays until refunded. */
  cancel(reason: string | null, at: Date): void {
    if (this.state === 'created') this.moveTo('adding_items');
    this.moveTo('cancelled');
    for (const fulfilment of this.shipments.cancelAll(at)) this.happenings.push({ kind: 'fulfilment', fulfilment });
    for (const payment of this.money.releaseAuthorisations(at)) this.happenings.push({ kind: 'payment', payment });
    this.record = { ...this.record, cancelReason: reason, lines: this.record.lines.map((line) => ({ ...line, cancelledQuantity: line.quantity })) };
  }

  /**
   * Brings what another system says up to date; the same content changes nothing.
   * @throws DomainError conflict if the change does not fit what was already paid, sent or finished.
   */
  bringUpToDate(placement: Placement, now: Date): void {
    const { customerId, currency, channel, sourceStatus, placedAt = this.record.placedAt } = placement;
    if (customerId !== this.record.customerId) throw termsAreFixed('customer', this.record.customerId);
    if (currency !== this.record.currency) throw termsAreFixed('currency', this.record.currency);
    if (channel !== this.record.channel || sourceStatus !== this.record.sourceStatus || placedAt.getTime() !== this.record.placedAt.getTime()) {
      refuseFuture(placedAt, now);
      this.record = { ...this.record, channel, sourceStatus, placedAt };
      this.changed = true;
    }
    const externalIds = joinedReferences(this.record.externalIds, placement.externalIds);
    if (externalIds.length > this.record.externalIds.length) {
      this.record = { ...this.record, externalIds };
      this.changed = true;
    }
    const lines = keptLinks(pricedLines(placement), this.record.lines);
    if (!sameLines(lines, this.record.lines)) this.changeLines(lines);
  }

  private changeLines(lines: readonly OrderLine[]): void {
    if (this.state === 'delivered' || this.state === 'cancelled') throw linesAreFixed(this.state);
    const { totalMinor } = totalsOf(lines, this.record.currency);
    const held = this.money.capturedMinor + this.money.authorizedMinor;
    if (totalMinor < held) throw totalBelowPaid(totalMinor, held, this.record.currency);
    this.shipments.checkFits(lines);
    const before = this.coverage();
    this.record = { ...this.record, lines };
    this.changed = true;
    if (BEING_PUT_TOGETHER.includes(this.state)) {
      this.arrangePayment();
      this.followMoney(before);
    } else {
      this.followLines(before);
    }
  }

  /** An order of history may be shipped without a payment or a parcel on record; what is not on record cannot move it. */
  private followLines(before: Coverage): void {
    const coverage = this.coverage();
    if (coverage === 'none' && before === 'none') return;
    if (coverage !== 'settled') return this.correctTo(stateByMoney(coverage));
    this.correctTo(stateByUnits(this.units()) ?? (isBefore('payment_settled', this.state) ? this.state : 'payment_settled'));
  }

  /** An order that has lines and meets its first payment has been put together. */
  private arrangePayment(): void {
    if (this.record.lines.length === 0) throw orderHasNoLines();
    if (this.state === 'created') this.moveTo('adding_items');
    if (this.state === 'adding_items' || this.state === 'draft') this.moveTo('arranging_payment');
  }

  private paid(payment: Payment, before: Coverage): Payment {
    this.happenings.push({ kind: 'payment', payment });
    this.followMoney(before);
    return payment;
  }

  private refunded(refund: Refund): Refund {
    this.happenings.push({ kind: 'refund', refund });
    return refund;
  }

  private sent(fulfilment: Fulfilment): Fulfilment {
    this.happenings.push({ kind: 'fulfilment', fulfilment });
    const state = stateByUnits(this.units());
    if (state !== undefined && isBefore(this.state, state)) this.moveTo(state);
    return fulfilment;
  }

  /** Moves on once the total is covered, and back to arranging when cover that was there is lost. */
  private followMoney(before: Coverage): void {
    const coverage = this.coverage();
    if (coversLess(coverage, before)) return this.loseCover(coverage);
    if (coverage === 'none' || !AWAITS_MONEY.includes(this.state)) return;
    const units = stateByUnits(this.units());
    // What has left already must be paid for, a promise does not do.
    if (units !== undefined && coverage === 'authorized') return;
    const state = units ?? stateByMoney(coverage);
    if (state !== this.state) this.correctTo(state);
  }

  /** A delivered order stays so when its money is taken back: the goods are with the customer, and the facts show what is owed. */
  private loseCover(coverage: Coverage): void {
    if (TAKES_PARCELS.includes(this.state)) this.fallBackTo(stateByMoney(coverage));
  }

  private fallBackTo(state: OrderState): void {
    if (isBefore(state, this.state)) this.correctTo(state);
  }

  /** Corrections of what was settled pass through `modifying`, from which `delivered` is reached by `partially_delivered` only. */
  private correctTo(state: OrderState): void {
    if (state === this.state) return;
    if (!orderStates.allows(this.state, state) && this.state !== 'arranging_additional_payment') this.moveTo('modifying');
    if (!orderStates.allows(this.state, state)) this.moveTo('partially_delivered');
    this.moveTo(state);
  }

  private moveTo(state: OrderState): void {
    orderStates.check(this.state, state);
    this.record = { ...this.record, state };
    this.changed = true;
  }

  private coverage(): Coverage {
    return this.money.coverage(this.totals.totalMinor);
  }

  private units(): Units {
    return this.shipments.units(this.record.lines);
  }

  private refuseIfCancelled(consequence: string): void {
    if (this.state === 'cancelled') throw notOpenFor(consequence, this.state, 'A cancelled order is final; only refunds may follow.');
  }

  private requireState(states: readonly OrderState[], consequence: string, remedy: string): void {
    if (!states.includes(this.state)) throw notOpenFor(consequence, this.state, remedy);
  }
}

function refuseFuture(placedAt: Date, now: Date): void {
  if (placedAt.getTime() > now.getTime() + CLOCKS_MAY_DIFFER_MS) throw placedInFuture(placedAt, now);
}
