import { MOST_MINOR } from '../../../kernel/money.js';
import { priceLines, totalsOf } from './line-price.js';
import { lineNumberTaken, orderTooLarge } from './order-errors.js';
import type { OrderLine, Placement } from './order-record.js';

/** The lines as they are sold, in order of their numbers. @throws DomainError rule for prices and numbers that cannot be, `order_too_large` above `MOST_MINOR`. */
export function pricedLines({ lines, currency, discountMinor, shippingMinor }: Placement): OrderLine[] {
  const numbers = new Set<number>();
  const numbered = lines.map((line, index) => {
    const number = line.number ?? index + 1;
    if (numbers.has(number)) throw lineNumberTaken(number);
    numbers.add(number);
    return { ...line, number, cancelledQuantity: 0 };
  });
  const priced = priceLines(numbered, { discountMinor, shippingMinor }, currency).sort((a, b) => a.number - b.number);
  // Before discounts, so that none of its sums is larger.
  const { subtotalMinor, taxMinor, shippingMinor: shipping } = totalsOf(priced, currency);
  const gross = subtotalMinor + taxMinor + shipping;
  if (gross > MOST_MINOR) throw orderTooLarge(gross, currency);
  return priced;
}

/** A line that names no product keeps the product its SKU was linked to, and what was cancelled of it. */
export function keptLinks(lines: readonly OrderLine[], before: readonly OrderLine[]): OrderLine[] {
  const byNumber = new Map(before.map((line) => [line.number, line]));
  return lines.map((line) => {
    const old = byNumber.get(line.number);
    if (!old) return line;
    const productId = line.productId ?? (old.sku === line.sku ? old.productId : null);
    return { ...line, productId, cancelledQuantity: Math.min(old.cancelledQuantity, line.quantity) };
  });
}

const COMPARED = ['number', 'productId', 'sku', 'name', 'quantity', 'unitPriceMinor', 'discountMinor', 'taxMinor', 'shippingMinor', 'cancelledQuantity'] as const;

export function sameLines(one: readonly OrderLine[], other: readonly OrderLine[]): boolean {
  return one.length === other.length && one.every((line, index) => COMPARED.every((name) => line[name] === other[index]?.[name]));
}
