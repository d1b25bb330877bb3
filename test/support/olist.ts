import { parse } from 'csv-parse/sync';
import type { Http } from './app.js';
import { importFile, type ImportAnswer } from './import-file.js';
import { sharedBytes, sharedText } from './shared-data.js';

/** The dates of the set are local times of the marketplace, which does not say so; all of it is in São Paulo. */
export const OLIST_ZONE = 'America/Sao_Paulo';

interface OlistFile {
  readonly file: string;
  readonly resource: string;
  readonly mapping: object;
}

/**
 * The files in the order their links ask for, mapped as a stranger would who has read GET /v1/imports/resources. The one
 * with the English names of the categories is no resource but what the words of another file mean.
 */
const files = (): readonly OlistFile[] => [
  {
    file: 'olist_customers_dataset.csv',
    resource: 'customers',
    mapping: {
      'externalIds.olist_person': 'customer_unique_id',
      'externalIds.olist_customer': 'customer_id',
      'address.postcode': 'customer_zip_code_prefix',
      'address.city': 'customer_city',
      'address.province': 'customer_state',
      'address.country': { constant: 'BR' },
      source: { constant: 'olist' },
    },
  },
  {
    file: 'olist_products_dataset.csv',
    resource: 'products',
    mapping: { 'externalIds.olist': 'product_id', category: { column: 'product_category_name', valueMap: categoriesInEnglish() }, 'attributes.weightGrams': 'product_weight_g' },
  },
  {
    file: 'olist_orders_dataset.csv.gz',
    resource: 'orders',
    mapping: {
      'externalIds.olist': 'order_id',
      'customer.externalIds.olist_customer': 'customer_id',
      status: 'order_status',
      placedAt: 'order_purchase_timestamp',
      channel: { constant: 'olist' },
    },
  },
  {
    file: 'olist_order_items_dataset.csv.gz',
    resource: 'order-lines',
    mapping: { 'order.externalIds.olist': 'order_id', lineNumber: 'order_item_id', 'product.externalIds.olist': 'product_id', unitPrice: 'price', shipping: 'freight_value' },
  },
  {
    file: 'olist_order_payments_dataset.csv',
    resource: 'payments',
    mapping: { 'order.externalIds.olist': 'order_id', sequence: 'payment_sequential', method: 'payment_type', amount: 'payment_value', installments: 'payment_installments' },
  },
];

/** Brings the linked files in through the API. @returns what became of each, by resource */
export async function importOlist(http: Http): Promise<Map<string, ImportAnswer>> {
  const answers = new Map<string, ImportAnswer>();
  for (const { file, resource, mapping } of files()) {
    const type = file.endsWith('.gz') ? 'application/gzip' : 'text/csv';
    const request = { resource, mapping, options: { timeZone: OLIST_ZONE, currency: 'BRL' } };
    answers.set(resource, await importFile(http, sharedBytes('olist_sample', file), request, type, 300));
  }
  return answers;
}

export function categoriesInEnglish(): Record<string, string> {
  return Object.fromEntries(olistRows('product_category_name_translation.csv').map((row) => [row['product_category_name']!, row['product_category_name_english']!]));
}

/** A file of the set, read by the test itself to count by. */
export function olistRows(file: string): Record<string, string>[] {
  return parse(sharedText('olist_sample', file), { columns: true });
}
