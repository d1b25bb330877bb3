import { Injectable } from '@nestjs/common';
import { concurrencyConflict, DomainError, notFound } from '../../../kernel/domain-error.js';
import { newId, type Id } from '../../../kernel/id.js';
import { retried, violates } from '../../../platform/database/database.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { ProductChanged } from '../../contract/events.js';
import { ambiguous, externalIdTaken, withNames, type NameBook } from '../../persistence/external-ids.js';
import { changedFields, described, type ProductDescription, type StoredProduct } from './described-product.js';

/** A product before and after one description. */
export interface ProductChange {
  readonly id: Id;
  readonly result: 'created' | 'updated' | 'unchanged';
  readonly before: StoredProduct | undefined;
  readonly after: StoredProduct;
}

/** What became of one description, or why it fits no product. */
export type ProductOutcome = UpsertedProduct | { readonly refused: DomainError };

/** A change with the versions before and after all descriptions; `from` is 0 if there was no such product. */
export interface UpsertedProduct extends ProductChange {
  readonly from: number;
  readonly version: number;
}

const IDS_BY_SKU = sql<{ id: Id; sku: string }>('product.ids_by_sku', 'select id, sku from sales.product where sku = any ($1::text[])');

const LOCK = sql<StoredProduct>('product.lock', `
  select id, version, sku, name, status, category, price_minor, currency, attributes from sales.product where id = any ($1::uuid[]) order by id for update`);

/** Nothing is written over a product that somebody else made under the same id meanwhile. */
const WRITE = sql<{ id: Id }>('product.write', `
  insert into sales.product (id, version, sku, name, status, category, price_minor, currency, attributes, created_at, updated_at)
  select id, version, sku, name, status, category, price_minor, currency, attributes, coalesce(made_at, $10), $10
    from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::jsonb[], $11::timestamptz[])
      as p (id, version, sku, name, status, category, price_minor, currency, attributes, made_at)
   order by sku
  on conflict (id) do update
     set version = excluded.version, sku = excluded.sku, name = excluded.name, status = excluded.status, category = excluded.category,
         price_minor = excluded.price_minor, currency = excluded.currency, attributes = excluded.attributes, updated_at = excluded.updated_at
   where product.version = excluded.version - 1
  returning id`);

const TRIES = 3;

/** Products as they are stored, one or thousands at a time; each change brings its event and audit row. */
@Injectable()
export class ProductRepository {
  /** @throws DomainError missing, stale if it is not at `version`, conflict if another product has the SKU or one of the external ids. */
  async change(tx: Tx, id: Id, version: number, description: ProductDescription): Promise<void> {
    const [stored] = await tx.query(LOCK, [[id]]);
    if (!stored) throw notFound('product', id);
    if (stored.version !== version) throw concurrencyConflict('product', id);
    const { externalIds } = description;
    await withNames(tx, 'product', externalIds, async (names) => {
      if (names.idsOf(externalIds).some((other) => other !== id)) throw externalIdTaken();
      const renamed = !names.hasAll(externalIds);
      names.give(externalIds, id);
      await names.take(tx);
      await refusingSkuTaken(description.sku, () => write(tx, [{ stored, next: described(stored, id, stored.sku, description), renamed, madeAt: undefined }]));
    });
  }

  /**
   * Creates what is new and changes what is known, by any of its external ids or its SKU. Descriptions of one product are
   * applied in order.
   */
  async upsert(tx: Tx, descriptions: readonly ProductDescription[]): Promise<ProductOutcome[]> {
    for (let left = TRIES; ; left -= 1) {
      try {
        return await withNames(tx, 'product', descriptions.flatMap(({ externalIds }) => externalIds), (names) => upsertNamed(tx, descriptions, names));
      } catch (error) {
        // Somebody else took one of the SKUs meanwhile; the next look finds theirs.
        if (!violates(error, 'product_sku') || left === 1) throw error;
      }
    }
  }
}

/** A product before and after; `renamed` if it got another external id. */
interface Draft {
  readonly stored: StoredProduct | undefined;
  readonly next: StoredProduct;
  readonly renamed: boolean;
  /** Of a new one, if it is not made now. */
  readonly madeAt: Date | undefined;
}

async function upsertNamed(tx: Tx, descriptions: readonly ProductDescription[], names: NameBook): Promise<ProductOutcome[]> {
  const skus = descriptions.flatMap((description) => skuOf(description) ?? []);
  const owners = new Map((await tx.query(IDS_BY_SKU, [skus])).map(({ sku, id }) => [sku, id]));
  const known = [...new Set([...descriptions.flatMap((description) => description.id ?? []), ...owners.values(), ...names.idsOf(descriptions.flatMap(({ externalIds }) => externalIds))])];
  const drafts = new Map<Id, Draft>((await tx.query(LOCK, [known])).map((stored) => [stored.id, { stored, next: stored, renamed: false, madeAt: undefined }]));
  const outcomes = descriptions.map((description) => draft(description, names, owners, drafts, tx.startedAt));
  await names.take(tx);
  await write(tx, [...drafts.values()]);
  return outcomes.map((outcome) => ('refused' in outcome ? outcome : { ...outcome, ...versionsOf(drafts.get(outcome.id)!) }));
}

function versionsOf(product: Draft): Pick<UpsertedProduct, 'from' | 'version'> {
  const from = product.stored?.version ?? 0;
  return { from, version: isChanged(product) ? from + 1 : from };
}

function isChanged({ stored, next, renamed }: Draft): boolean {
  return renamed || stored === undefined || changedFields(stored, next).length > 0;
}

function draft(description: ProductDescription, names: NameBook, owners: Map<string, Id>, drafts: Map<Id, Draft>, at: Date): ProductChange | { readonly refused: DomainError } {
  const { externalIds } = description;
  const owner = description.sku === undefined ? undefined : owners.get(description.sku);
  const own = description.id !== undefined && drafts.has(description.id) ? [description.id] : [];
  const ids = [...new Set([...own, ...(owner === undefined ? [] : [owner]), ...names.idsOf(externalIds)])];
  if (ids.length > 1) return { refused: ambiguous('product', ids) };

  const id = ids[0] ?? description.id ?? newId(at.getTime());
  const before = drafts.get(id);
  const sku = description.sku ?? before?.next.sku ?? skuOf(description);
  if (sku === undefined) return { refused: skuNeeded() };
  if ((owners.get(sku) ?? id) !== id) return { refused: skuTaken(sku) };

  owners.set(sku, id);
  const renamed = !names.hasAll(externalIds);
  names.give(externalIds, id);
  const next = described(before?.next, id, sku, description);
  drafts.set(id, { stored: before?.stored, next, renamed: renamed || before?.renamed === true, madeAt: before ? before.madeAt : description.createdAt });
  const result = !before ? 'created' : renamed || changedFields(before.next, next).length > 0 ? 'updated' : 'unchanged';
  return { id, result, before: before?.next, after: next };
}

/** Without a SKU of its own, a new product goes by what the other system calls it. */
function skuOf({ sku, externalIds }: ProductDescription): string | undefined {
  return sku ?? externalIds[0]?.id;
}

async function write(tx: Tx, drafts: readonly Draft[]): Promise<void> {
  const written = drafts.filter(isChanged);
  if (written.length === 0) return;
  const rows = written.map(({ stored, next }) => ({ ...next, version: (stored?.version ?? 0) + 1 }));
  const stored = await tx.query(WRITE, [
    rows.map((row) => row.id), rows.map((row) => row.version), rows.map((row) => row.sku), rows.map((row) => row.name), rows.map((row) => row.status),
    rows.map((row) => row.category), rows.map((row) => row.price_minor), rows.map((row) => row.currency), rows.map((row) => JSON.stringify(row.attributes)), tx.startedAt, written.map(({ madeAt }) => madeAt ?? null),
  ]);
  if (stored.length < written.length) throw retried(undefined);
  for (const { stored, next, renamed } of written) {
    tx.record(ProductChanged.of(next.id, { productId: next.id, sku: next.sku }));
    const fields = stored ? [...changedFields(stored, next), ...(renamed ? ['externalIds'] : [])] : undefined;
    tx.audit({ action: stored ? 'product.changed' : 'product.created', subjectType: 'product', subjectId: next.id, fields });
  }
}

async function refusingSkuTaken(sku: string | undefined, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw violates(error, 'product_sku') ? skuTaken(sku ?? '') : error;
  }
}

function skuTaken(sku: string): DomainError {
  return new DomainError('conflict', 'sku_taken', `Another product has the SKU "${sku}". Change that one, or send another SKU.`);
}

function skuNeeded(): DomainError {
  return new DomainError('rule', 'sku_needed', 'A new product needs a SKU or an external id. Send one of them.', {
    errors: [{ pointer: '/sku', code: 'sku_needed', detail: 'is needed by a new product without an external id' }],
  });
}
