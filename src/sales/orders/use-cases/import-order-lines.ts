import { Injectable } from '@nestjs/common';
import { LOOKS_LIKE_ID, type Id } from '../../../kernel/id.js';
import { DomainError } from '../../../kernel/domain-error.js';
import { formatAmount, MOST_MINOR } from '../../../kernel/money.js';
import type { Sql } from '../../../platform/database/sql.js';
import type { Tx } from '../../../platform/database/tx.js';
import type {
  DescribedColumn, ImportDefinition, ImportOutcome, ImportSettings, MadeRecord, MappedLine, MeasuredRecord, Measure, RevertOutcome, Told, Touched,
} from '../../../platform/transfer/import-definition.js';
import { inSlices } from '../../../platform/transfer/in-slices.js';
import { knownAs } from '../../../platform/transfer/known-as.js';
import { LineSamples, type RecordCells } from '../../../platform/transfer/line-samples.js';
import { ORDER_READ, ORDER_WRITE } from '../../contract/permissions.js';
import { OfferedProducts, type OfferedProduct, type ProductReference } from '../../products/views/offered-products.js';
import { Cells } from '../../use-cases/cells.js';
import { priceLines } from '../domain/line-price.js';
import { orderTooLarge } from '../domain/order-errors.js';
import { ImportedLines, type ImportedLine, type StoredLine } from '../persistence/imported-lines.js';
import type { OrderHeader } from '../persistence/imported-orders.js';
import { measureOrderLines } from '../persistence/order-measures.js';
import { NamedOrders, orderNames, type NamedOrder } from './named-orders.js';
import { orderLineHeaderWords } from './header-words.js';

const LONGEST_WORD = 100;
const LONGEST_NAME = 500;
const MOST = 999_999;
const PRODUCT_PREFIX = 'product.externalIds.';

const columns: readonly DescribedColumn[] = [
  ...orderNames,
  { name: 'lineNumber', type: 'integer', example: '1', description: 'Tells the lines of one order apart, from 1; a line with one that is known changes it. Left out, the product, sku or name does, and a line of the same changes it.' },
  { name: 'productId', type: 'text', looks: LOOKS_LIKE_ID, example: '0192f0c1-2b3c-7def-8abc-1234567890ab', description: 'What was sold, by our id; nothing is said by one that is not known here. A line with orderId that leaves it blank is not linked to a product by its SKU.' },
  { name: 'product.externalIds.<system>', type: 'text', example: '7305', description: 'What was sold, by its id in another system.' },
  { name: 'sku', type: 'text', example: 'TEA-250', description: 'What was sold, by SKU; need not be a product known here.' },
  { name: 'name', type: 'text', example: 'Longjing tea, 250 g', description: 'The product\'s own if left out.' },
  { name: 'quantity', type: 'integer', example: '2', description: '1 if left out.' },
  { name: 'cancelledQuantity', type: 'integer', example: '1', description: 'Units of the line that were cancelled.' },
  { name: 'unitPrice', type: 'amount', required: true, example: '199.00', description: 'In the order\'s currency.' },
  { name: 'discount', type: 'amount', example: '10.00', description: 'Off the whole line.' },
  { name: 'tax', type: 'amount', example: '6.00', description: 'On top of the price, for the whole line.' },
  { name: 'shipping', type: 'amount', example: '12.00', description: 'For the whole line.' },
  { name: 'currency', type: 'text', example: 'CNY', description: 'Refused if it is not the order\'s.' },
];

/** Also of the export. */
export const orderLineColumns = knownAs(columns, orderLineHeaderWords);

/** Order lines out of a file, as history; the totals of their orders follow. */
@Injectable()
export class ImportOrderLines implements ImportDefinition {
  readonly resource = 'order-lines';
  readonly title = 'Order lines';
  readonly permission = ORDER_WRITE;
  readonly readPermission = ORDER_READ;
  readonly columns = orderLineColumns;

  constructor(
    private readonly orders: NamedOrders,
    private readonly lines: ImportedLines,
    private readonly products: OfferedProducts,
  ) {}

  async apply(tx: Tx, lines: readonly MappedLine[], settings: ImportSettings): Promise<ImportOutcome> {
    const all = lines.map((line) => new Cells(line, settings));
    const named = await this.orders.find(tx, all);
    const products = await this.productsOf(named, tx.startedAt);
    const stored = await this.lines.ofOrders(tx, [...new Set(named.map(({ order }) => order.id))]);
    const known = new Map<string, ImportedLine>(stored.map((line) => [keyOf(line), line]));
    const fulfilled = new Map(stored.map((line) => [keyOf(line), line.fulfilled_quantity]));
    const numbers = new LineNumbers(stored);
    const totals = new GrossTotals(stored);
    const written = new Map<string, ImportedLine>();
    const touched = new Map<string, Touched>();
    const revisions = new Map(stored.map((line) => [keyOf(line), line.revision]));
    const counts = { created: 0, updated: 0, unchanged: 0 };
    const samples = new LineSamples(settings.sampleLimit);
    await inSlices(named.map((line, index) => ({ ...line, product: products[index] })), ({ cells, order, product }) => {
      const read = readLine(cells, order, product);
      const told = read && numbered(read, numbers, known);
      const last = told && known.get(keyOf(told));
      refuseTakenAway(cells, told, fulfilled);
      refuseTooLarge(cells, told, last, totals, order.currency);
      if (!told || !cells.isGood) return;
      totals.replace(last, told);
      const result = last === undefined ? 'created' : isSame(last, told) ? 'unchanged' : 'updated';
      counts[result] += 1;
      if (samples.wants(result)) samples.note(cells.line, result, order.id, last ? cellsOf(last, order) : {}, cellsOf(told, order));
      if (result !== 'unchanged') {
        known.set(keyOf(told), told);
        numbers.take(told);
        written.set(keyOf(told), told);
      }
      const before = revisions.get(keyOf(told)) ?? 0;
      const version = written.has(keyOf(told)) ? order.version + 1 : before;
      touched.set(keyOf(told), { id: order.id, part: told.number, line: cells.line, before, version, told: { currency: order.currency, minor: told.total_minor } });
    });
    await this.lines.write(tx, [...written.values()]);
    return { ...counts, refused: all.flatMap((cells) => cells.problems), touched: [...touched.values()], samples: samples.taken };
  }

  /** In the import's own currency where the line names none, for its order may be unknown. */
  tell(line: MappedLine, settings: ImportSettings): Told {
    const cells = new Cells(line, settings);
    const currency = cells.currency('currency') ?? settings.currency;
    return { currency, minor: cells.text('unitPrice', LONGEST_WORD) === undefined ? undefined : price(cells, termsIn(cells, currency), currency)?.totalMinor };
  }

  revert(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    return this.lines.withdraw(tx, records);
  }

  measure(from: Sql, records: readonly MeasuredRecord[]): Promise<readonly Measure[]> {
    return measureOrderLines(from, records);
  }

  /** In the order of the lines; undefined for a line that names no product or, by SKU or our id, none of ours. */
  private async productsOf(named: readonly NamedOrder[], now: Date): Promise<(OfferedProduct | undefined)[]> {
    const asked = named.map(({ cells }) => productsIn(cells, now));
    const found = await this.products.find(asked.flat());
    let next = 0;
    return asked.map((references, index) => {
      const products = references.map(() => found[next++]);
      const product = products.find((one) => one !== undefined);
      const unknown = references.at(-1);
      if (!product && unknown && 'externalId' in unknown) {
        const { system, id } = unknown.externalId;
        named[index]!.cells.refuse(`${PRODUCT_PREFIX}${system}`, 'unknown_product', `No product goes by ${id} of ${system}. Import the products first, with this id, or map the column to sku.`);
      }
      return product;
    });
  }
}

function cellsOf(line: ImportedLine, { currency }: OrderHeader): RecordCells {
  return {
    lineNumber: String(line.number), productId: line.product_id, sku: line.sku, name: line.name, quantity: String(line.quantity),
    cancelledQuantity: String(line.cancelled_quantity), currency,
    unitPrice: formatAmount(line.unit_price_minor, currency), discount: formatAmount(line.discount_minor, currency),
    tax: formatAmount(line.tax_minor, currency), shipping: formatAmount(line.shipping_minor, currency),
  };
}

/** What a line calls its product, the surest name first. An export says by our id which it is; its SKU may be that of another by now. */
function productsIn(cells: Cells, now: Date): ProductReference[] {
  const id = cells.id('productId', now);
  const [externalId] = cells.references(PRODUCT_PREFIX);
  const sku = id === undefined && cells.has('orderId') ? undefined : cells.text('sku', LONGEST_WORD);
  const other: ProductReference[] = externalId ? [{ externalId }] : sku === undefined ? [] : [{ sku }];
  return id === undefined ? other : [{ id }, ...other];
}

/** Without a number it is found by what was sold; units cancelled stay as they are where the line says nothing of them. */
interface ToldLine extends Omit<ImportedLine, 'number' | 'cancelled_quantity'> {
  readonly number: number | undefined;
  readonly cancelled_quantity: number | undefined;
}

function numbered(line: ToldLine, numbers: LineNumbers, known: ReadonlyMap<string, ImportedLine>): ImportedLine {
  const number = line.number ?? numbers.of(line);
  return { ...line, number, cancelled_quantity: line.cancelled_quantity ?? known.get(keyOf({ order_id: line.order_id, number }))?.cancelled_quantity ?? 0 };
}

function readLine(cells: Cells, { id, currency }: OrderHeader, product: OfferedProduct | undefined): ToldLine | undefined {
  cells.needed('unitPrice', LONGEST_WORD);
  const other = cells.currency('currency');
  if (other !== undefined && other !== currency) cells.refuse('currency', 'currency_mismatch', `The line is in ${other} and the order in ${currency}. Convert it first.`);
  const sku = cells.text('sku', LONGEST_WORD) ?? product?.sku ?? null;
  const name = cells.text('name', LONGEST_NAME) ?? product?.name ?? sku;
  if (name === null && cells.isGood) cells.refuse('name', 'name_needed', 'The line says not what was sold. Map a product, a sku or a name.');
  const number = cells.count('lineNumber', MOST);
  const terms = termsIn(cells, currency);
  if (name === null || !cells.isGood) return undefined;
  const priced = price(cells, terms, currency);
  return (
    priced && {
      order_id: id, number, product_id: product?.id ?? null, sku, name, quantity: priced.quantity, unit_price_minor: priced.unitPriceMinor,
      discount_minor: priced.discountMinor, tax_minor: priced.taxMinor, shipping_minor: priced.shippingMinor, total_minor: priced.totalMinor,
      cancelled_quantity: cells.count('cancelledQuantity', MOST, 0),
    }
  );
}

function termsIn(cells: Cells, currency: string) {
  return {
    quantity: cells.count('quantity', MOST) ?? 1,
    unitPriceMinor: cells.amount('unitPrice', currency) ?? 0,
    discountMinor: cells.amount('discount', currency) ?? 0,
    taxMinor: cells.amount('tax', currency) ?? 0,
    shippingMinor: cells.amount('shipping', currency) ?? 0,
  };
}

function price(cells: Cells, terms: Parameters<typeof priceLines>[0][number], currency: string) {
  try {
    return priceLines([terms], { discountMinor: 0, shippingMinor: 0 }, currency)[0];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    cells.refuse(error.code === 'discount_above_value' ? 'discount' : 'unitPrice', error.code, error.message);
    return undefined;
  }
}

/** What the lines of each order come to before discounts, as they become while the file is read. */
class GrossTotals {
  private readonly totals = new Map<Id, number>();

  constructor(lines: readonly ImportedLine[]) {
    for (const line of lines) this.replace(undefined, line);
  }

  with(line: ImportedLine, before: ImportedLine | undefined): number {
    return (this.totals.get(line.order_id) ?? 0) - (before ? grossOf(before) : 0) + grossOf(line);
  }

  replace(before: ImportedLine | undefined, line: ImportedLine): void {
    this.totals.set(line.order_id, this.with(line, before));
  }
}

function grossOf({ total_minor: total, discount_minor: discount }: ImportedLine): number {
  return total + discount;
}

function refuseTooLarge(cells: Cells, told: ImportedLine | undefined, before: ImportedLine | undefined, totals: GrossTotals, currency: string): void {
  const gross = told === undefined ? 0 : totals.with(told, before);
  if (gross <= MOST_MINOR) return;
  const { code, message } = orderTooLarge(gross, currency);
  cells.refuse('unitPrice', code, message);
}

function refuseTakenAway(cells: Cells, told: ImportedLine | undefined, fulfilled: ReadonlyMap<string, StoredLine['fulfilled_quantity']>): void {
  const least = told === undefined ? 0 : (fulfilled.get(keyOf(told)) ?? 0) + told.cancelled_quantity;
  if (told && told.quantity < least) cells.refuse('quantity', 'line_already_fulfilled', `${told.quantity} is less than the ${least} that are already in fulfilments or cancelled.`);
}

type Sold = Pick<ImportedLine, 'order_id' | 'product_id' | 'sku' | 'name'>;

/** The numbers of lines that come without one: that of the first line of the same product (or sku, or name), or the next free one. */
class LineNumbers {
  private readonly bySold = new Map<string, number>();
  private readonly highest = new Map<Id, number>();

  constructor(stored: readonly ImportedLine[]) {
    for (const line of stored) this.take(line);
  }

  of(line: Sold): number {
    return this.bySold.get(soldIn(line)) ?? (this.highest.get(line.order_id) ?? 0) + 1;
  }

  take(line: ImportedLine): void {
    this.bySold.set(soldIn(line), Math.min(line.number, this.bySold.get(soldIn(line)) ?? line.number));
    this.highest.set(line.order_id, Math.max(line.number, this.highest.get(line.order_id) ?? 0));
  }
}

function soldIn({ order_id: orderId, product_id: productId, sku, name }: Sold): string {
  return `${orderId} ${productId ?? sku ?? name}`;
}

function keyOf({ order_id: orderId, number }: { readonly order_id: Id; readonly number: number }): string {
  return `${orderId} ${number}`;
}

const COMPARED = ['product_id', 'sku', 'name', 'quantity', 'unit_price_minor', 'discount_minor', 'tax_minor', 'shipping_minor', 'cancelled_quantity'] as const;

function isSame(one: ImportedLine, other: ImportedLine): boolean {
  return COMPARED.every((name) => one[name] === other[name]);
}
