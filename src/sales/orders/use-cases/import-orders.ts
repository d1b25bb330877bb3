import { Injectable } from '@nestjs/common';
import { CustomerDirectory } from '../../../customer/contract/customer-directory.js';
import { isId, LOOKS_LIKE_ID, newId, type Id } from '../../../kernel/id.js';
import type { Sql } from '../../../platform/database/sql.js';
import type { Tx } from '../../../platform/database/tx.js';
import type {
  DescribedColumn, ImportDefinition, ImportOutcome, ImportSettings, MadeRecord, MappedLine, MeasuredRecord, Measure, RevertOutcome, Told, Touched,
} from '../../../platform/transfer/import-definition.js';
import { inSlices } from '../../../platform/transfer/in-slices.js';
import { knownAs } from '../../../platform/transfer/known-as.js';
import { LineSamples, type RecordCells } from '../../../platform/transfer/line-samples.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import { ORDER_READ, ORDER_WRITE } from '../../contract/permissions.js';
import { ambiguous, withNames, type NameBook } from '../../persistence/external-ids.js';
import { Cells } from '../../use-cases/cells.js';
import type { OrderState } from '../domain/order-state.js';
import { generatedNumber, ImportedOrders, ownVersion, type ImportedOrder, type OrderHeader } from '../persistence/imported-orders.js';
import { measureOrders } from '../persistence/order-measures.js';
import { orderStateFor } from './order-status-words.js';
import { orderHeaderWords } from './header-words.js';

const LONGEST_WORD = 100;
/** How far the numbers given here may be moved on by a file. */
const MOST_PASSED_OVER = 5_000_000;
/** A word of the shop's own list, as when an order is cancelled. */
const REASON = /^[a-z][a-z0-9_]{0,59}$/;

const columns: readonly DescribedColumn[] = [
  { name: 'id', type: 'text', looks: LOOKS_LIKE_ID, example: '0192f0c1-2b3c-7def-8abc-1234567890ab', description: 'Our own id, as an export has it. A line with one changes the order that has it; if none has and nothing else on the line is known, it is placed under it. A line needs this or an external id.' },
  { name: 'externalIds.<system>', type: 'text', example: '450789469', description: 'Id of the order in another system. A line with one that is known changes that order.' },
  { name: 'customer.externalIds.<system>', type: 'text', example: '7305', description: 'Who ordered, by their id in another system. A new order needs this or customerId.' },
  { name: 'customerId', type: 'text', looks: LOOKS_LIKE_ID, example: '0192f0c1-2b3c-7def-8abc-1234567890ab', description: 'Who ordered, by our id.' },
  { name: 'number', type: 'text', example: 'A-1001', description: 'The number people know it by; made here if left out.' },
  { name: 'status', type: 'text', example: 'shipped', description: 'One of our states or a common word for one, such as paid, shipped, canceled; other words need a valueMap.' },
  { name: 'sourceStatus', type: 'text', example: 'invoiced', description: 'The other system\'s own word, kept as it is; what stands under status if left out, unless the line has our own id.' },
  { name: 'placedAt', type: 'instant', example: '2026-01-15T08:00:00Z', description: 'When the customer ordered. A new order needs it.' },
  { name: 'currency', type: 'text', example: 'CNY', description: 'Of every amount of the order; the import\'s own if left out.' },
  { name: 'channel', type: 'text', example: 'web', description: 'Where it was sold.' },
  { name: 'total', type: 'amount', example: '199.00', description: 'What the order came to. Lines make the total, so this is not stored: the proof of the import holds it against what they sum to.' },
  { name: 'cancelReason', type: 'text', example: 'changed_mind', description: 'Why it was cancelled, as a word of your own list; no free text.' },
];

/** What one line says. What it leaves out stays, or is nothing for a new order. */
interface OrderTold {
  readonly cells: Cells;
  readonly id?: Id;
  readonly references: readonly ExternalReference[];
  readonly customer: readonly ExternalReference[];
  readonly customerId?: Id;
  readonly number?: string;
  readonly status?: OrderState;
  readonly sourceStatus?: string;
  readonly placedAt?: Date;
  readonly currency?: string;
  readonly channel?: string;
  readonly cancelReason?: string;
  readonly total?: number;
}

/** An order while the lines of a chunk are gone through, and what they say of it so far. */
interface Draft extends ImportedOrder {
  readonly line: number;
  readonly told: Told;
}

/** Also of the export. */
export const orderColumns = knownAs(columns, orderHeaderWords);

/** Orders out of a file, as history: neither payments nor the state machine are asked. Lines and payments are files of their own. */
@Injectable()
export class ImportOrders implements ImportDefinition {
  readonly resource = 'orders';
  readonly title = 'Orders';
  readonly permission = ORDER_WRITE;
  readonly readPermission = ORDER_READ;
  readonly columns = orderColumns;

  constructor(
    private readonly orders: ImportedOrders,
    private readonly customers: CustomerDirectory,
  ) {}

  async apply(tx: Tx, lines: readonly MappedLine[], settings: ImportSettings): Promise<ImportOutcome> {
    const told = await this.withCustomers(await inSlices(lines, (line) => read(new Cells(line, settings), settings, tx.startedAt)));
    const good = told.filter(({ cells }) => cells.isGood);
    const counts = await withNames(tx, 'order', good.flatMap(({ references }) => references), (names) => this.merge(tx, good, names, settings));
    return { ...counts, refused: told.flatMap(({ cells }) => cells.problems) };
  }

  tell(line: MappedLine, settings: ImportSettings): Told {
    const cells = new Cells(line, settings);
    const currency = cells.currency('currency') ?? settings.currency;
    return { at: cells.instant('placedAt'), currency, minor: cells.amount('total', currency) };
  }

  revert(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    return this.orders.withdraw(tx, records);
  }

  measure(from: Sql, records: readonly MeasuredRecord[], timeZone: string): Promise<readonly Measure[]> {
    return measureOrders(from, records, timeZone);
  }

  /** Finds every customer of the lines in two questions. */
  private async withCustomers(told: readonly OrderTold[]): Promise<OrderTold[]> {
    const [status, found] = await Promise.all([
      this.customers.statusOf([...new Set(told.flatMap(({ customerId }) => customerId ?? []))]),
      this.customers.resolve(told.flatMap(({ customer }) => customer)),
    ]);
    let next = 0;
    return told.map((order) => {
      const resolved = order.customer.map(() => found[next++]);
      const ids = new Set([...resolved, ...(order.customerId === undefined ? [] : [order.customerId])]);
      const [id] = ids;
      if (ids.size > 1 || (ids.size === 1 && (id === undefined || (order.customerId === id && !status.has(id))))) refuseCustomer(order);
      return { ...order, customerId: id };
    });
  }

  private async merge(tx: Tx, told: readonly OrderTold[], names: NameBook, settings: ImportSettings): Promise<Omit<ImportOutcome, 'refused'>> {
    const known = await this.orders.locked(tx, [...new Set([...told.flatMap(({ id }) => id ?? []), ...names.idsOf(told.flatMap(({ references }) => references))])]);
    const numbers: Numbers = { holders: await this.orders.numbered(tx, told.flatMap(({ number }) => number ?? [])), givenUpTo: await this.orders.givenUpTo(tx) };
    const drafts = new Map<Id, Draft>([...known.values()].map((stored) => [stored.id, { stored, next: stored, renamed: false, line: 0, told: {} }]));
    const counts = { created: 0, updated: 0, unchanged: 0 };
    const samples = new LineSamples(settings.sampleLimit);
    await inSlices(told, (order) => {
      const before = samples.hasRoom ? cellsNow(order, names, drafts) : {};
      const result = draft(order, names, numbers, drafts, settings, tx.startedAt);
      if (!result) return;
      counts[result] += 1;
      if (samples.wants(result)) samples.note(order.cells.line, result, idsOf(order, names, drafts)[0], before, cellsNow(order, names, drafts));
    });
    await names.take(tx);
    await this.orders.write(tx, [...drafts.values()].filter(isChanged));
    return { ...counts, touched: [...drafts.values()].filter(({ line }) => line > 0).map(touched), samples: samples.taken };
  }
}

/** Which order has each number that is spoken of, and how far the numbers given here have come. */
interface Numbers {
  readonly holders: Map<string, Id>;
  readonly givenUpTo: number;
}

/** Those the line names that there are, drafted ones too. */
function idsOf({ id, references }: OrderTold, names: NameBook, drafts: ReadonlyMap<Id, ImportedOrder>): Id[] {
  return [...new Set([...(id !== undefined && drafts.has(id) ? [id] : []), ...names.idsOf(references)])];
}

/** The order of the line as it is drafted so far, under those of the line's names that it has. */
function cellsNow(told: OrderTold, names: NameBook, drafts: ReadonlyMap<Id, ImportedOrder>): RecordCells {
  const [id] = idsOf(told, names, drafts);
  const header = id === undefined ? undefined : drafts.get(id)?.next;
  if (!header) return {};
  const { number, status, source_status: sourceStatus, placed_at: placedAt, customer_id: customerId, currency, channel, cancel_reason: cancelReason } = header;
  const held = told.references.filter((reference) => names.hasAll([reference])).map(({ system, id: name }) => [`externalIds.${system}`, name]);
  return { number, status, sourceStatus, placedAt: placedAt.toISOString(), customerId, currency, channel, cancelReason, ...(Object.fromEntries(held) as RecordCells) };
}

function read(cells: Cells, settings: ImportSettings, now: Date): OrderTold {
  const id = cells.id('id', now);
  const references = cells.references('externalIds.');
  if (id === undefined && references.length === 0 && cells.isGood) cells.refuse(undefined, 'external_id_needed', 'The line names no order. Map a column to externalIds.<system> or to id.');
  const word = cells.text('status', LONGEST_WORD);
  const status = word === undefined ? undefined : orderStateFor(word);
  if (word !== undefined && status === undefined) cells.refuse('status', 'unknown_status', `"${word}" is no state of ours and no common word for one. Give the mapping a valueMap for it.`);
  const currency = cells.currency('currency');
  return {
    cells, id, references, status, currency,
    customer: cells.references('customer.externalIds.'),
    customerId: idIn(cells, 'customerId'),
    number: cells.text('number', LONGEST_WORD),
    sourceStatus: cells.text('sourceStatus', LONGEST_WORD) ?? (id === undefined ? word : undefined),
    placedAt: cells.instant('placedAt'),
    channel: cells.text('channel', LONGEST_WORD),
    cancelReason: reasonIn(cells),
    total: cells.amount('total', currency ?? settings.currency),
  };
}

function reasonIn(cells: Cells): string | undefined {
  const reason = cells.text('cancelReason', LONGEST_WORD);
  if (reason === undefined || REASON.test(reason)) return reason;
  cells.refuse('cancelReason', 'invalid_reason', `"${reason.slice(0, 40)}" is no word of 1 to 60 lower-case letters, digits or _. Give the mapping a valueMap for it.`);
  return undefined;
}

function idIn(cells: Cells, column: string): Id | undefined {
  const text = cells.text(column, LONGEST_WORD);
  const id = text?.toLowerCase();
  if (text === undefined || isId(id)) return id;
  cells.refuse(column, 'invalid_id', `"${text}" is no id of ours, which are UUIDs.`);
  return undefined;
}

function refuseCustomer({ cells, customer, customerId }: OrderTold): void {
  const named = [...customer.map(({ system, id }) => `${id} of ${system}`), ...(customerId === undefined ? [] : [customerId])].join(', ');
  const column = customer[0] === undefined ? 'customerId' : `customer.externalIds.${customer[0].system}`;
  cells.refuse(column, 'unknown_customer', `Nobody, or more than one person, goes by ${named}. Import the customers first, with this id.`);
}

/** What the line makes of its order, or undefined once it is refused. Nothing is given or drafted for a line that is. */
function draft(told: OrderTold, names: NameBook, numbers: Numbers, drafts: Map<Id, Draft>, settings: ImportSettings, at: Date): 'created' | 'updated' | 'unchanged' | undefined {
  const { cells, references, customerId } = told;
  const ids = idsOf(told, names, drafts);
  if (ids.length > 1) {
    const { code, message } = ambiguous('order', ids);
    cells.refuse(undefined, code, message);
    return undefined;
  }
  const id = ids[0] ?? told.id ?? newId(at.getTime());
  const before = drafts.get(id);
  refuseWhatIsFixed(told, before?.next, id, numbers);
  if (!before && told.placedAt === undefined) cells.refuse('placedAt', 'required', 'is blank, and a new order needs it.');
  if (!before && customerId === undefined) cells.refuse('customerId', 'required', 'is blank, and a new order needs its customer, here or under customer.externalIds.<system>.');
  if (!cells.isGood) return undefined;

  const renamed = !names.hasAll(references);
  names.give(references, id);
  const next = before ? changed(before.next, told) : opened(id, told, settings);
  if (next.number !== null) numbers.holders.set(next.number, id);
  drafts.set(id, {
    stored: before?.stored, next, renamed: renamed || before?.renamed === true, line: cells.line,
    told: { at: told.placedAt ?? before?.told.at, currency: next.currency, minor: told.total ?? before?.told.minor },
  });
  if (!before) return 'created';
  return renamed || !isSame(before.next, next) ? 'updated' : 'unchanged';
}

function refuseWhatIsFixed({ cells, id: own, customerId, currency, number }: OrderTold, before: OrderHeader | undefined, id: Id, numbers: Numbers): void {
  if (before && customerId !== undefined && customerId !== before.customer_id) cells.refuse('customerId', 'customer_is_fixed', `The order is of customer ${before.customer_id}, and that cannot change.`);
  if (before && currency !== undefined && currency !== before.currency) cells.refuse('currency', 'currency_is_fixed', `The order is in ${before.currency}, and that cannot change.`);
  if (number === undefined || number === before?.number) return;
  const count = generatedNumber(number);
  // With an id of ours, its number was given by this product too, in the installation it comes from.
  const isOurs = own !== undefined && !before && count !== undefined && count - numbers.givenUpTo <= MOST_PASSED_OVER;
  if ((numbers.holders.get(number) ?? id) !== id) cells.refuse('number', 'number_taken', `Another order has the number "${number}". Send another, or leave it out.`);
  else if (count !== undefined && !isOurs) cells.refuse('number', 'number_reserved', `Numbers such as "${number}" are given here. Send another, or leave it out.`);
}

function opened(id: Id, { customerId, number, status, sourceStatus, placedAt, currency, channel, cancelReason }: OrderTold, settings: ImportSettings): OrderHeader {
  return {
    id, version: 0, part_changes: 0, number: number ?? null, customer_id: customerId!, status: status ?? 'created', source_status: sourceStatus ?? null, channel: channel ?? null,
    currency: currency ?? settings.currency, quantity: 0, total_minor: 0, paid_minor: 0, refunded_minor: 0, cancel_reason: cancelReason ?? null, placed_at: placedAt!,
  };
}

function changed(before: OrderHeader, { number, status, sourceStatus, placedAt, channel, cancelReason }: OrderTold): OrderHeader {
  return {
    ...before,
    number: number ?? before.number,
    status: status ?? before.status,
    source_status: sourceStatus ?? before.source_status,
    placed_at: placedAt ?? before.placed_at,
    channel: channel ?? before.channel,
    cancel_reason: cancelReason ?? before.cancel_reason,
  };
}

function isSame(one: OrderHeader, other: OrderHeader): boolean {
  return one.number === other.number && one.status === other.status && one.source_status === other.source_status
    && one.channel === other.channel && one.cancel_reason === other.cancel_reason && one.placed_at.getTime() === other.placed_at.getTime();
}

/** Another external id counts: it is part of what an order shows. */
function isChanged({ stored, next, renamed }: ImportedOrder): boolean {
  return stored === undefined || renamed || !isSame(stored, next);
}

function touched(draft: Draft): Touched {
  const { stored, next, line, told } = draft;
  const before = stored === undefined ? 0 : ownVersion(stored);
  return { id: next.id, part: 0, line, before, version: isChanged(draft) ? before + 1 : before, told };
}
