import type { Id } from '../../../kernel/id.js';
import type { Money } from '../../../kernel/money.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import type { ProductRow } from './product.table.js';

export type ProductStatus = ProductRow['status'];
export type AttributeValue = string | number | boolean | null;

/** What a caller or another system says of a product. What is left out stays as it is; for a new product it is nothing. */
export interface ProductDescription {
  /** Its own, or the one it had in the installation it comes from. */
  readonly id?: Id;
  /** Counts for a new product; now if left out. */
  readonly createdAt?: Date;
  readonly externalIds: readonly ExternalReference[];
  readonly sku?: string;
  readonly name?: string;
  readonly status?: ProductStatus;
  readonly category?: string | null;
  readonly price?: Money | null;
  /** By name; null removes one. */
  readonly attributes?: Readonly<Record<string, AttributeValue>> | null;
}

export type StoredProduct = Omit<ProductRow, 'created_at' | 'updated_at' | 'attributes'> & { readonly attributes: Readonly<Record<string, AttributeValue>> };

/** The product as it is once the description is applied. A product without a name goes by its SKU. */
export function described(before: StoredProduct | undefined, id: Id, sku: string, { name, status, category, price, attributes, ...more }: ProductDescription): StoredProduct {
  return {
    id,
    version: before?.version ?? 0,
    sku: more.sku ?? sku,
    name: name ?? before?.name ?? sku,
    status: status ?? before?.status ?? 'active',
    category: category === undefined ? (before?.category ?? null) : category,
    price_minor: price === undefined ? (before?.price_minor ?? null) : (price?.minor ?? null),
    currency: price === undefined ? (before?.currency ?? null) : (price?.currency ?? null),
    attributes: attributes === null ? {} : merged(before?.attributes ?? {}, attributes ?? {}),
  };
}

/** In the words of the API. */
export function changedFields(before: StoredProduct, after: StoredProduct): string[] {
  const changed: string[] = [];
  for (const name of ['sku', 'name', 'status', 'category'] as const) if (before[name] !== after[name]) changed.push(name);
  if (before.price_minor !== after.price_minor || before.currency !== after.currency) changed.push('price');
  if (text(before.attributes) !== text(after.attributes)) changed.push('attributes');
  return changed;
}

/** RFC 7396 for values that hold nothing themselves. */
function merged(before: StoredProduct['attributes'], patch: StoredProduct['attributes']): StoredProduct['attributes'] {
  return Object.fromEntries(Object.entries({ ...before, ...patch }).filter(([, value]) => value !== null));
}

function text(attributes: StoredProduct['attributes']): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}
