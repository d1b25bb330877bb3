import { amountOf, PRODUCTS, type Shop } from './shop.js';

/** What the files call the ids of their own system. */
export const SYSTEM = 'bench';

/** A file of the shop as an import takes it. */
export interface ShopFile {
  readonly resource: string;
  readonly mapping: Readonly<Record<string, string>>;
  readonly lines: number;
  readonly text: string;
}

/** From the first number to before the last. */
export type Span = readonly [from: number, to: number];

export function productsFile(shop: Shop): ShopFile {
  const rows = numbers([0, PRODUCTS]).map((n) => shop.product(n));
  return file('products', { sku: 'sku', name: 'name', price: 'price' }, rows.map(({ sku, name, priceMinor }) => [sku, name, amountOf(priceMinor)]));
}

export function customersFile(shop: Shop, span: Span): ShopFile {
  const mapping = {
    [`externalIds.${SYSTEM}`]: 'id', name: 'name', gender: 'gender', phone: 'phone', email: 'email', 'address.city': 'city', 'address.province': 'province',
    'address.country': 'country', tags: 'tags', createdAt: 'created_at',
  };
  const rows = numbers(span).map((n) => shop.person(n));
  return file('customers', mapping, rows.map(({ n, name, gender, phone, email, city, province, tags, createdAt }) =>
    [`c-${n}`, name, gender, phone, email, city, province, 'CN', tags.join('|'), createdAt.toISOString()]));
}

/** @param prefix of the orders' ids, so that the same purchases can be told again as others */
export function ordersFile(shop: Shop, span: Span, prefix = 'o'): ShopFile {
  const mapping = { [`externalIds.${SYSTEM}`]: 'id', [`customer.externalIds.${SYSTEM}`]: 'customer', status: 'status', placedAt: 'placed_at', channel: 'channel', currency: 'currency' };
  const rows = numbers(span).map((n) => shop.purchase(n));
  return file('orders', mapping, rows.map(({ n, customer, status, placedAt, channel }) => [`${prefix}-${n}`, `c-${customer}`, status, placedAt.toISOString(), channel, 'CNY']));
}

export function linesFile(shop: Shop, span: Span): ShopFile {
  const mapping = { [`order.externalIds.${SYSTEM}`]: 'order', lineNumber: 'line', sku: 'sku', name: 'name', quantity: 'quantity', unitPrice: 'price' };
  const rows = numbers(span).flatMap((n) => shop.purchase(n).lines.map((line, index) => [`o-${n}`, String(index + 1), line.sku, line.name, String(line.quantity), amountOf(line.unitPriceMinor)]));
  return file('order-lines', mapping, rows);
}

/** `count` spans, one after the other, that make up 0 to `all`. */
export function spans(all: number, count: number): Span[] {
  return Array.from({ length: count }, (_, index) => [Math.floor((index * all) / count), Math.floor(((index + 1) * all) / count)] as const);
}

export function numbers([from, to]: Span): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** The generated words hold nothing that CSV would have to quote. */
function file(resource: string, mapping: Readonly<Record<string, string>>, rows: readonly (readonly string[])[]): ShopFile {
  return { resource, mapping, lines: rows.length, text: [Object.values(mapping).join(','), ...rows.map((row) => row.join(','))].join('\n') };
}
