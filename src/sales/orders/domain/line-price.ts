import type { Currency } from '../../../kernel/money.js';
import { money } from '../../../kernel/money.js';
import { discountAboveValue } from './order-errors.js';

/** What a line is sold for, in minor units of the order's currency; discount, tax and shipping are for the whole line. */
export interface LineTerms {
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly discountMinor: number;
  readonly taxMinor: number;
  readonly shippingMinor: number;
}

/** What applies to the order as a whole; it is spread over the lines so that each line knows its true price. */
export interface OrderTerms {
  readonly discountMinor: number;
  readonly shippingMinor: number;
}

export interface OrderTotals {
  readonly quantity: number;
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  readonly taxMinor: number;
  readonly shippingMinor: number;
  readonly totalMinor: number;
}

/** quantity × unit price − discount + tax + shipping. */
export function lineTotal({ quantity, unitPriceMinor, discountMinor, taxMinor, shippingMinor }: LineTerms): number {
  return quantity * unitPriceMinor - discountMinor + taxMinor + shippingMinor;
}

/**
 * Spreads what applies to the order over its lines by their value after line discounts.
 * @throws DomainError rule `discount_above_value` if a discount is more than what it is taken from, `amount_out_of_range` beyond ±2^53.
 */
export function priceLines<Line extends LineTerms>(lines: readonly Line[], order: OrderTerms, currency: Currency): (Line & { readonly totalMinor: number })[] {
  const values = lines.map((line, index) => {
    const gross = money(line.quantity * line.unitPriceMinor, currency).minor;
    if (line.discountMinor > gross) throw discountAboveValue(`/lines/${index}/discount`, line.discountMinor, gross, currency);
    return gross - line.discountMinor;
  });
  const value = values.reduce((sum, each) => money(sum + each, currency).minor, 0);
  if (order.discountMinor > value) throw discountAboveValue('/discount', order.discountMinor, value, currency);

  const discounts = prorate(order.discountMinor, values);
  const shipping = prorate(order.shippingMinor, values);
  return lines.map((line, index) => {
    const terms = { ...line, discountMinor: line.discountMinor + discounts[index]!, shippingMinor: line.shippingMinor + shipping[index]! };
    return { ...terms, totalMinor: money(lineTotal(terms), currency).minor };
  });
}

/** Sums over the lines. @throws DomainError rule `amount_out_of_range` beyond ±2^53. */
export function totalsOf(lines: readonly (LineTerms & { readonly totalMinor: number })[], currency: Currency): OrderTotals {
  const sum = (part: (line: LineTerms & { readonly totalMinor: number }) => number) => lines.reduce((total, line) => money(total + part(line), currency).minor, 0);
  return {
    quantity: sum((line) => line.quantity),
    subtotalMinor: sum((line) => line.quantity * line.unitPriceMinor),
    discountMinor: sum((line) => line.discountMinor),
    taxMinor: sum((line) => line.taxMinor),
    shippingMinor: sum((line) => line.shippingMinor),
    totalMinor: sum((line) => line.totalMinor),
  };
}

/**
 * Splits a whole amount ≥ 0 by weights ≥ 0 so that the parts are whole and their sum is the amount: each gets its share
 * rounded down, and the units left over go to the largest remainders, the earlier part first among equals. Weights that
 * are all zero count as equal.
 * Source: largest remainder method (Hamilton); worked example in the spec.
 */
export function prorate(amount: number, weights: readonly number[]): number[] {
  if (weights.length === 0) return [];
  if (amount === 0) return weights.map(() => 0);
  const whole = weights.every((weight) => weight === 0) ? weights.map(() => 1n) : weights.map(BigInt);
  const sum = whole.reduce((total, weight) => total + weight, 0n);
  // amount × weight passes 2^53 for ordinary orders, so the division is done on big integers.
  const shares = whole.map((weight) => BigInt(amount) * weight);
  const parts = shares.map((share) => Number(share / sum));
  const left = amount - parts.reduce((total, part) => total + part, 0);
  const byRemainder = shares.map((share, index) => ({ index, remainder: share % sum })).sort((a, b) => compare(b.remainder, a.remainder) || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) parts[index]! += 1;
  return parts;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
