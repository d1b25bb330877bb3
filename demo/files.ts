import { stringify } from 'csv-stringify/sync';
import type { Shop } from './shop/shop.js';

/** One file of the old shop and how its columns become ours. */
export interface ShopFile {
  readonly resource: 'products' | 'customers' | 'orders' | 'order-lines' | 'payments';
  readonly name: string;
  readonly text: string;
  readonly mapping: Readonly<Record<string, string | { readonly constant: string }>>;
}

/** The other system's short name: every id of the shop is kept under it. */
export const SYSTEM = 'demo';
export const CURRENCY = 'CNY';

/** The books of the shop as another system would hand them over, in the order they go in. */
export function filesOf({ people, products, orders }: Shop): ShopFile[] {
  return [
    {
      resource: 'products', name: 'products.csv',
      text: csv(['article', 'sku', 'title', 'kind', 'price', 'cost'], products.map(({ id, sku, name, category, priceMinor, costMinor }) => [id, sku, name, category, amount(priceMinor), amount(costMinor)])),
      mapping: { [`externalIds.${SYSTEM}`]: 'article', sku: 'sku', name: 'title', category: 'kind', price: 'price', 'attributes.cost': 'cost' },
    },
    {
      resource: 'customers', name: 'customers.csv',
      text: csv(
        ['uid', 'full name', 'sex', 'birthday', 'language', 'mobile', 'mail', 'street', 'town', 'province', 'zip', 'country', 'labels', 'came from', 'since'],
        people.map(({ id, name, gender, bornOn, language, phone, email, address, tags, source, joinedAt }) =>
          [id, name, gender, bornOn, language, phone, email, address.line, address.city, address.province, address.postcode, address.country, tags.join('|'), source, joinedAt.toISOString()]),
      ),
      mapping: {
        [`externalIds.${SYSTEM}`]: 'uid', name: 'full name', gender: 'sex', bornOn: 'birthday', language: 'language', phone: 'mobile', email: 'mail',
        'address.line': 'street', 'address.city': 'town', 'address.province': 'province', 'address.postcode': 'zip', 'address.country': 'country',
        'address.label': { constant: 'home' }, tags: 'labels', source: 'came from', createdAt: 'since',
      },
    },
    {
      resource: 'orders', name: 'orders.csv',
      text: csv(['order', 'uid', 'state', 'placed', 'channel'], orders.map(({ id, person, status, placedAt, channel }) => [id, person.id, status, placedAt.toISOString(), channel])),
      mapping: { [`externalIds.${SYSTEM}`]: 'order', [`customer.externalIds.${SYSTEM}`]: 'uid', status: 'state', placedAt: 'placed', channel: 'channel' },
    },
    {
      resource: 'order-lines', name: 'order-lines.csv',
      text: csv(
        ['order', 'line', 'article', 'pieces', 'price', 'rebate', 'postage'],
        orders.flatMap(({ id, lines }) => lines.map(({ number, product, quantity, discountMinor, shippingMinor }) =>
          [id, number, product.id, quantity, amount(product.priceMinor), amount(discountMinor), amount(shippingMinor)])),
      ),
      mapping: { [`order.externalIds.${SYSTEM}`]: 'order', lineNumber: 'line', [`product.externalIds.${SYSTEM}`]: 'article', quantity: 'pieces', unitPrice: 'price', discount: 'rebate', shipping: 'postage' },
    },
    {
      resource: 'payments', name: 'payments.csv',
      text: csv(['order', 'how', 'amount', 'paid'], orders.flatMap(({ id, payment }) => (payment ? [[id, payment.method, amount(payment.amountMinor), payment.at.toISOString()]] : []))),
      mapping: { [`order.externalIds.${SYSTEM}`]: 'order', method: 'how', amount: 'amount', recordedAt: 'paid' },
    },
  ];
}

/** Minor units of CNY as the API writes them. */
export function amount(minor: number): string {
  return (minor / 100).toFixed(2);
}

function csv(header: readonly string[], rows: readonly (readonly (string | number | undefined)[])[]): string {
  return stringify([[...header], ...rows.map((row) => [...row])]);
}
