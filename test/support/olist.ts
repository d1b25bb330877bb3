import { parse } from 'csv-parse/sync';
import type { Data, Input, Shuke } from '@shuke/client';
import { sharedBytes, sharedText } from './shared-data.js';

/** The dates of the set are local times of the marketplace, which does not say so; all of it is in São Paulo. */
export const OLIST_ZONE = 'America/Sao_Paulo';

type ImportBody = Input<'createImport'>['body'];

interface OlistFile extends Required<Pick<ImportBody, 'resource' | 'mapping'>> {
  readonly file: string;
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

/** Brings the linked files in. @returns what became of each, by resource */
export async function importOlist(shuke: Shuke): Promise<Map<string, Data<'getImport'>>> {
  const answers = new Map<string, Data<'getImport'>>();
  for (const { file, resource, mapping } of files()) {
    const { data: upload } = await shuke.upload(new Uint8Array(sharedBytes('olist_sample', file)), { name: file });
    const { data: operation } = await shuke.call('createImport', { body: { uploadId: upload.id, resource, mapping, options: { timeZone: OLIST_ZONE, currency: 'BRL' } } });
    await shuke.waitFor(operation);
    answers.set(resource, (await shuke.call('getImport', { id: operation.id })).data);
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
