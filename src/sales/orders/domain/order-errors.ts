import { DomainError } from '../../../kernel/domain-error.js';
import type { Currency } from '../../../kernel/money.js';
import { formatAmount, MOST_MINOR } from '../../../kernel/money.js';

/** A refusal that names one field of the request. */
function refusedField(code: string, pointer: string, detail: string): DomainError {
  return new DomainError('rule', code, detail, { errors: [{ pointer, code, detail }] });
}

export function discountAboveValue(pointer: string, discountMinor: number, valueMinor: number, currency: Currency): DomainError {
  return refusedField(
    'discount_above_value',
    pointer,
    `The discount of ${formatAmount(discountMinor, currency)} ${currency} is more than the ${formatAmount(valueMinor, currency)} it is taken from. Lower it.`,
  );
}

export function orderTooLarge(minor: number, currency: Currency): DomainError {
  return refusedField('order_too_large', '/lines', `The order comes to ${formatAmount(minor, currency)} ${currency}, and ${formatAmount(MOST_MINOR, currency)} is the most. Check prices and quantities, or split it.`);
}

export function lineNumberTaken(number: number): DomainError {
  return refusedField('line_number_taken', '/lines', `Two lines have the number ${number}. Number each line once, or leave the numbers out to count from 1.`);
}

export function placedInFuture(placedAt: Date, now: Date): DomainError {
  return refusedField(
    'placed_in_future',
    '/placedAt',
    `The order says it was placed at ${placedAt.toISOString()}, more than a day after now (${now.toISOString()}). Send the instant in UTC.`,
  );
}

export function amountNeeded(): DomainError {
  return refusedField('amount_needed', '/amount', 'The amount is zero, so nothing was paid or given back. Send what was.');
}

export function overPayment(amountMinor: number, dueMinor: number, currency: Currency): DomainError {
  return refusedField(
    'over_payment',
    '/amount',
    `${formatAmount(amountMinor, currency)} ${currency} is more than the ${formatAmount(dueMinor, currency)} still to be paid. Nothing was recorded; send at most what is due.`,
  );
}

export function captureAboveAuthorisation(amountMinor: number, authorizedMinor: number, currency: Currency): DomainError {
  return refusedField(
    'capture_above_authorisation',
    '/amount',
    `${formatAmount(amountMinor, currency)} ${currency} is more than the ${formatAmount(authorizedMinor, currency)} that was authorised. Capture at most that.`,
  );
}

export function overRefund(amountMinor: number, leftMinor: number, currency: Currency): DomainError {
  return refusedField(
    'over_refund',
    '/amount',
    `${formatAmount(amountMinor, currency)} ${currency} is more than the ${formatAmount(leftMinor, currency)} that was captured and not yet refunded. Refund at most that.`,
  );
}

export function refundsStandAgainstPayment(paymentId: string): DomainError {
  return new DomainError('conflict', 'refunds_exceed_captured', `The payment ${paymentId} cannot be cancelled, because refunds of its money are recorded. Cancel it only before refunding, or fail the pending refunds first.`);
}

export function unknownPart(what: string, id: string): DomainError {
  return refusedField(`unknown_${what}`, `/${what}Id`, `The order has no ${what} ${id}. Read the order and take the id from there.`);
}

export function unknownLine(number: number, index: number): DomainError {
  return refusedField('unknown_line', `/lines/${index}/number`, `The order has no line ${number}. Read the order and take the numbers from its lines.`);
}

export function overShipment(number: number, quantity: number, left: number, index: number): DomainError {
  return refusedField(
    'over_shipment',
    `/lines/${index}/quantity`,
    `${quantity} of line ${number} is more than the ${left} not yet in a fulfilment. Nothing was recorded; send at most what is left.`,
  );
}

export function lineAlreadyFulfilled(number: number, fulfilled: number): DomainError {
  return new DomainError('conflict', 'line_already_fulfilled', `Line ${number} cannot go below the ${fulfilled} already in fulfilments. Cancel the fulfilment first.`);
}

export function totalBelowPaid(totalMinor: number, heldMinor: number, currency: Currency): DomainError {
  return new DomainError(
    'conflict',
    'total_below_paid',
    `The new total of ${formatAmount(totalMinor, currency)} ${currency} is less than the ${formatAmount(heldMinor, currency)} already paid or authorised. Refund the difference and leave the lines as they were sold.`,
  );
}

export function orderHasNoLines(): DomainError {
  return new DomainError('conflict', 'order_has_no_lines', 'The order has no lines, so there is nothing to pay yet. Send its lines first.');
}

export function notOpenFor(action: string, state: string, remedy: string): DomainError {
  return new DomainError('conflict', 'illegal_transition', `The order is ${state}, so ${action}. ${remedy}`, { facts: { from: state } });
}

export function linesAreFixed(state: string): DomainError {
  return notOpenFor('its lines cannot change any more', state, 'Record a refund, or place another order.');
}

export function termsAreFixed(what: 'customer' | 'currency', now: string): DomainError {
  return new DomainError('conflict', `${what}_is_fixed`, `The order's ${what} is ${now} and cannot change. Cancel the order and place another, or send the same ${what}.`);
}
