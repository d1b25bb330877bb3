import { Injectable } from '@nestjs/common';
import { LOOKS_LIKE_ID, type Id } from '../../../kernel/id.js';
import { formatAmount } from '../../../kernel/money.js';
import type { Sql } from '../../../platform/database/sql.js';
import type { Tx } from '../../../platform/database/tx.js';
import type {
  DescribedColumn, ImportDefinition, ImportOutcome, ImportSettings, MadeRecord, MappedLine, MeasuredRecord, Measure, RevertOutcome, Told, Touched,
} from '../../../platform/transfer/import-definition.js';
import { inSlices } from '../../../platform/transfer/in-slices.js';
import { knownAs } from '../../../platform/transfer/known-as.js';
import { LineSamples, type RecordCells } from '../../../platform/transfer/line-samples.js';
import { PRODUCT_READ, PRODUCT_WRITE } from '../../contract/permissions.js';
import { Cells } from '../../use-cases/cells.js';
import type { AttributeValue, ProductDescription, ProductStatus, StoredProduct } from '../persistence/described-product.js';
import { ProductRepository } from '../persistence/product.repository.js';
import { WithdrawnProducts } from '../persistence/withdrawn-products.js';
import { productHeaderWords } from './header-words.js';

const LONGEST_SKU = 100;
const LONGEST_NAME = 500;
const LONGEST_CATEGORY = 200;
const LONGEST_ATTRIBUTE = 2000;
const LONGEST_ATTRIBUTES = 200_000;
const MOST_ATTRIBUTES = 200;
/** Names that reach past an object's own members in JavaScript. */
const REACHING: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
/** What JSON can write and PostgreSQL cannot store. */
const UNFIT = /[\0\p{Surrogate}]/u;

const columns: readonly DescribedColumn[] = [
  { name: 'id', type: 'text', looks: LOOKS_LIKE_ID, example: '0192f0c1-2b3c-7def-8abc-1234567890ab', description: 'Our own id, as an export has it. A line with one changes the product that has it; if none has and nothing else on the line is known, it is created under it.' },
  { name: 'externalIds.<system>', type: 'text', example: '7305', description: 'Id of the product in another system. A line with one changes the product that has it, or creates one.' },
  { name: 'sku', type: 'text', example: 'TEA-250', description: 'Names one product only. A new product without one goes by its external id.' },
  { name: 'name', type: 'text', example: 'Longjing tea, 250 g', description: 'A new product without one goes by its SKU.' },
  { name: 'category', type: 'text', example: 'tea', description: 'What kind of product it is.' },
  { name: 'status', type: 'text', example: 'active', description: '`active` or `archived`.' },
  { name: 'price', type: 'amount', example: '199.00', description: 'What order lines cost that name no price.' },
  { name: 'currency', type: 'text', example: 'CNY', description: 'Of the price; the import\'s own if left out.' },
  { name: 'attributes', type: 'text', example: '{"weightGrams":250,"organic":true}', description: 'Anything else worth knowing, as a JSON object of texts, numbers, true and false; added to what is known.' },
  { name: 'attributes.<name>', type: 'text', example: '250', description: 'One such thing as text, e.g. attributes.weightGrams.' },
  { name: 'createdAt', type: 'instant', example: '2021-05-04T10:00:00Z', description: 'Since when it is known; counts when the line creates it.' },
];

/** Also of the export. */
export const productColumns = knownAs(columns, productHeaderWords);

/** Products out of a file. */
@Injectable()
export class ImportProducts implements ImportDefinition {
  readonly resource = 'products';
  readonly title = 'Products';
  readonly permission = PRODUCT_WRITE;
  readonly readPermission = PRODUCT_READ;
  readonly columns = productColumns;

  constructor(
    private readonly products: ProductRepository,
    private readonly withdrawn: WithdrawnProducts,
  ) {}

  async apply(tx: Tx, lines: readonly MappedLine[], settings: ImportSettings): Promise<ImportOutcome> {
    const read = await inSlices(lines, (line) => describe(new Cells(line, settings), settings, tx.startedAt));
    const readable = read.filter(({ cells }) => cells.isGood);
    const outcomes = await this.products.upsert(tx, readable.map(({ description }) => description));
    const counts = { created: 0, updated: 0, unchanged: 0 };
    const samples = new LineSamples(settings.sampleLimit);
    const touched = new Map<Id, Touched>();
    outcomes.forEach((outcome, index) => {
      const { cells } = readable[index]!;
      if ('refused' in outcome) return cells.refuse(undefined, outcome.refused.code, outcome.refused.message);
      counts[outcome.result] += 1;
      if (samples.wants(outcome.result)) samples.note(cells.line, outcome.result, outcome.id, outcome.before ? cellsOf(outcome.before) : {}, cellsOf(outcome.after));
      touched.set(outcome.id, { id: outcome.id, part: 0, line: cells.line, before: outcome.from, version: outcome.version, told: {} });
    });
    return { ...counts, refused: read.flatMap(({ cells }) => cells.problems), touched: [...touched.values()], samples: samples.taken };
  }

  /** A price is no sum, and a product has no date of its own: only their number is told. */
  tell(): Told {
    return {};
  }

  revert(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    return this.withdrawn.take(tx, records);
  }

  measure(from: Sql, records: readonly MeasuredRecord[]): Promise<readonly Measure[]> {
    return this.withdrawn.measure(from, records);
  }
}

function cellsOf({ sku, name, category, status, price_minor: priceMinor, currency, attributes }: StoredProduct): RecordCells {
  const price = priceMinor === null || currency === null ? {} : { price: formatAmount(priceMinor, currency), currency };
  return { sku, name, category, status, ...price, ...Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`attributes.${key}`, value === null ? null : String(value)])) };
}

function describe(cells: Cells, settings: ImportSettings, now: Date): { cells: Cells; description: ProductDescription } {
  const currency = cells.currency('currency') ?? settings.currency;
  const minor = cells.amount('price', currency);
  const attributes = { ...attributesIn(cells), ...cells.open('attributes.') };
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string' && value.length > LONGEST_ATTRIBUTE) cells.refuse(`attributes.${name}`, 'too_long', `is longer than ${LONGEST_ATTRIBUTE} characters. Shorten it.`);
  }
  const createdAt = cells.instant('createdAt');
  if (createdAt && createdAt > now) cells.refuse('createdAt', 'created_in_future', 'lies in the future. Leave it out, or give when it first became known.');
  const description = {
    id: cells.id('id', now),
    createdAt,
    externalIds: cells.references('externalIds.'),
    sku: cells.text('sku', LONGEST_SKU),
    name: cells.text('name', LONGEST_NAME),
    category: cells.text('category', LONGEST_CATEGORY),
    status: statusIn(cells),
    price: minor === undefined ? undefined : { minor, currency },
    attributes,
  };
  return { cells, description };
}

function attributesIn(cells: Cells): Readonly<Record<string, AttributeValue>> {
  const text = cells.text('attributes', LONGEST_ATTRIBUTES);
  if (text === undefined) return {};
  const attributes = parsed(text);
  if (attributes && Object.keys(attributes).length <= MOST_ATTRIBUTES && Object.entries(attributes).every(isAttribute)) return attributes as Record<string, AttributeValue>;
  cells.refuse('attributes', 'invalid_attributes', `is no JSON object of at most ${MOST_ATTRIBUTES} names (1 to ${LONGEST_CATEGORY} characters) with texts, numbers, true or false.`);
  return {};
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isAttribute([name, value]: [string, unknown]): boolean {
  return name !== '' && name.length <= LONGEST_CATEGORY && !REACHING.has(name) && !(typeof value === 'string' && UNFIT.test(value)) && ['string', 'number', 'boolean'].includes(typeof value);
}

function statusIn(cells: Cells): ProductStatus | undefined {
  const word = cells.text('status', LONGEST_CATEGORY)?.toLowerCase();
  if (word === undefined || word === 'active' || word === 'archived') return word;
  cells.refuse('status', 'unknown_status', `"${word}" is neither active nor archived. Give the mapping a valueMap for it.`);
  return undefined;
}
