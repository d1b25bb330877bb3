import { Injectable } from '@nestjs/common';
import { LOOKS_LIKE_ID, newId, type Id } from '../../../kernel/id.js';
import { formatAmount } from '../../../kernel/money.js';
import type { Sql } from '../../../platform/database/sql.js';
import type { Tx } from '../../../platform/database/tx.js';
import type {
  DescribedColumn, ImportDefinition, ImportOutcome, ImportSettings, MadeRecord, MappedLine, MeasuredRecord, Measure, RevertOutcome, Told,
} from '../../../platform/transfer/import-definition.js';
import { inSlices } from '../../../platform/transfer/in-slices.js';
import { knownAs } from '../../../platform/transfer/known-as.js';
import { LineSamples, type RecordCells } from '../../../platform/transfer/line-samples.js';
import { ORDER_READ, PAYMENT_WRITE } from '../../contract/permissions.js';
import { withNames, type NameBook } from '../../persistence/external-ids.js';
import { Cells } from '../../use-cases/cells.js';
import { refundStates } from '../domain/refund-state.js';
import type { OrderHeader } from '../persistence/imported-orders.js';
import { ImportedPayments, type ImportedPayment } from '../persistence/imported-payments.js';
import { ImportedRefunds, type ImportedRefund } from '../persistence/imported-refunds.js';
import { measureRefunds } from '../persistence/order-measures.js';
import { refundHeaderWords } from './header-words.js';
import { nameAlso, partNamed, partNames, type PartNames } from './named-parts.js';
import { NamedOrders, orderNames, type NamedOrder } from './named-orders.js';
import { TouchedParts } from './touched-parts.js';

const LONGEST_WORD = 100;
const MOST = 999_999;
/** A word of the shop's own list, as over HTTP. */
const REASON = /^[a-z][a-z0-9_]{0,59}$/;

const columns: readonly DescribedColumn[] = [
  { name: 'id', type: 'text', looks: LOOKS_LIKE_ID, example: '0192f0c1-2b3c-7def-8abc-1234567890ab', description: 'Our own id, as an export has it. A line needs this or an external id, so that it is one refund however often it is brought.' },
  { name: 'externalIds.<system>', type: 'text', example: 're_3PqL', description: 'Id of the refund in another system; where there is none, and one refund an order, that of the order will do.' },
  ...orderNames,
  { name: 'paymentId', type: 'text', looks: LOOKS_LIKE_ID, example: '0192f0c1-2b3c-7def-8abc-1234567890ab', description: 'The payment it gives back, by our id; the order\'s money as a whole if no payment is named.' },
  { name: 'paymentSequence', type: 'integer', example: '1', description: 'The payment it gives back, by its number in the order.' },
  { name: 'amount', type: 'amount', required: true, example: '99.00', description: 'In the order\'s currency. A line with 0 gives nothing back, and nothing is recorded.' },
  { name: 'currency', type: 'text', example: 'CNY', description: 'Refused if it is not the order\'s.' },
  { name: 'state', type: 'text', example: 'settled', description: 'pending, settled or failed; settled for a new refund if left out.' },
  { name: 'reason', type: 'text', example: 'arrived_broken', description: 'Why, as a word of your own list; no free text.' },
  { name: 'recordedAt', type: 'instant', example: '2026-01-20T08:00:00Z', description: 'When it came to its state; when the order was placed if left out.' },
  { name: 'provider', type: 'text', example: 'stripe', description: 'Who handled it.' },
];

interface NamedRefund extends NamedOrder {
  readonly names: PartNames;
}

/** Also of the export. */
export const refundColumns = knownAs(columns, refundHeaderWords);

/** Refunds out of a file, as history: what was given back was given back, whatever was paid and whatever the order's state. */
@Injectable()
export class ImportRefunds implements ImportDefinition {
  readonly resource = 'refunds';
  readonly title = 'Refunds';
  readonly permission = PAYMENT_WRITE;
  readonly readPermission = ORDER_READ;
  readonly columns = refundColumns;

  constructor(
    private readonly orders: NamedOrders,
    private readonly payments: ImportedPayments,
    private readonly refunds: ImportedRefunds,
  ) {}

  async apply(tx: Tx, lines: readonly MappedLine[], settings: ImportSettings): Promise<ImportOutcome> {
    const all = lines.map((line) => new Cells(line, settings));
    const named = (await this.orders.find(tx, all)).map(({ cells, order }) => ({ cells, order, names: partNames(cells, tx.startedAt) }));
    const outcome = await withNames(tx, 'refund', named.flatMap(({ names }) => names.references), (book) => this.merge(tx, named, book, settings.sampleLimit));
    return { ...outcome, refused: all.flatMap((cells) => cells.problems) };
  }

  /** In the import's own currency where the line names none, for its order may be unknown. */
  tell(line: MappedLine, settings: ImportSettings): Told {
    const cells = new Cells(line, settings);
    const currency = cells.currency('currency') ?? settings.currency;
    return { at: cells.instant('recordedAt'), currency, minor: cells.amount('amount', currency) };
  }

  revert(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    return this.refunds.withdraw(tx, records);
  }

  measure(from: Sql, records: readonly MeasuredRecord[], timeZone: string): Promise<readonly Measure[]> {
    return measureRefunds(from, records, timeZone);
  }

  private async merge(tx: Tx, named: readonly NamedRefund[], book: NameBook, sampleLimit: number | undefined): Promise<Omit<ImportOutcome, 'refused'>> {
    const payments = new OrderPayments(await this.payments.known(tx, [...new Set(named.map(({ order }) => order.id))], []));
    const ids = [...named.flatMap(({ names }) => names.id ?? []), ...book.idsOf(named.flatMap(({ names }) => names.references))];
    const stored = await this.refunds.known(tx, ids);
    const known = new Map<Id, ImportedRefund>(stored.map((refund) => [refund.id, refund]));
    const touched = new TouchedParts(stored);
    const written = new Map<Id, ImportedRefund>();
    const counts = { created: 0, updated: 0, unchanged: 0 };
    const samples = new LineSamples(sampleLimit);
    await inSlices(named, (line) => {
      const { cells, order } = line;
      const before = find(line, book, known);
      const refund = read(line, before, payments, tx.startedAt);
      const givesNothing = !before && refund.amount_minor === 0;
      const renamed = cells.isGood && !givesNothing && nameAlso(cells, line.names, book, refund.id);
      if (!cells.isGood) return;
      const isAsBefore = givesNothing || (before !== undefined && !renamed && isSame(before, refund));
      const result = isAsBefore ? 'unchanged' : before ? 'updated' : 'created';
      counts[result] += 1;
      if (givesNothing) return;
      if (samples.wants(result)) samples.note(cells.line, result, refund.id, before ? cellsOf(before, order) : {}, cellsOf(refund, order));
      touched.note(refund.id, line, result, { at: cells.instant('recordedAt'), currency: order.currency, minor: cells.amount('amount', order.currency) });
      if (isAsBefore) return;
      known.set(refund.id, refund);
      written.set(refund.id, refund);
    });
    await book.take(tx);
    await this.refunds.write(tx, [...written.values()]);
    return { ...counts, touched: touched.all, samples: samples.taken };
  }
}

function cellsOf(refund: ImportedRefund, { currency }: OrderHeader): RecordCells {
  return {
    paymentId: refund.payment_id, amount: formatAmount(refund.amount_minor, currency), currency, state: refund.state, reason: refund.reason,
    recordedAt: refund.recorded_at.toISOString(), provider: refund.provider,
  };
}

class OrderPayments {
  constructor(private readonly payments: readonly ImportedPayment[]) {}

  find(orderId: Id, matches: (payment: ImportedPayment) => boolean): ImportedPayment | undefined {
    return this.payments.find((payment) => payment.order_id === orderId && matches(payment));
  }
}

function find({ cells, order, names }: NamedRefund, book: NameBook, known: ReadonlyMap<Id, ImportedRefund>): ImportedRefund | undefined {
  if (names.id === undefined && names.references.length === 0) {
    cells.refuse(undefined, 'external_id_needed', 'The line does not name the refund, so it could not be told from another when it is brought again. Map a column to externalIds.<system> or to id.');
  }
  const id = partNamed(cells, 'refund', names, book, (one) => known.has(one));
  const refund = id === undefined ? undefined : known.get(id);
  if (refund && refund.order_id !== order.id) cells.refuse(undefined, 'other_order', `The refund ${refund.id} is of order ${refund.order_id}. Correct the order or the refund's id.`);
  return refund;
}

function read({ cells, order, names }: NamedRefund, before: ImportedRefund | undefined, payments: OrderPayments, now: Date): ImportedRefund {
  const { currency } = order;
  const other = cells.currency('currency');
  if (other !== undefined && other !== currency) cells.refuse('currency', 'currency_mismatch', `The refund is in ${other} and the order in ${currency}. Convert it first.`);
  if (!before) cells.needed('amount', LONGEST_WORD);
  return {
    id: before?.id ?? names.id ?? newId(now.getTime()),
    order_id: order.id,
    payment_id: paymentIn(cells, order.id, payments, now)?.id ?? before?.payment_id ?? null,
    state: cells.word('state', refundStates.states) ?? before?.state ?? 'settled',
    amount_minor: cells.amount('amount', currency) ?? before?.amount_minor ?? 0,
    reason: reasonIn(cells) ?? before?.reason ?? null,
    provider: cells.text('provider', LONGEST_WORD) ?? before?.provider ?? null,
    recorded_at: cells.instant('recordedAt') ?? before?.recorded_at ?? order.placed_at,
  };
}

function paymentIn(cells: Cells, orderId: Id, payments: OrderPayments, now: Date): ImportedPayment | undefined {
  const id = cells.id('paymentId', now);
  const sequence = cells.count('paymentSequence', MOST);
  if (id === undefined && sequence === undefined) return undefined;
  const payment = payments.find(orderId, (one) => (id === undefined || one.id === id) && (sequence === undefined || one.sequence === sequence));
  if (!payment) cells.refuse(id === undefined ? 'paymentSequence' : 'paymentId', 'unknown_payment', 'names no payment of the order. Import the payments first, or leave it blank.');
  return payment;
}

function reasonIn(cells: Cells): string | undefined {
  const reason = cells.text('reason', LONGEST_WORD);
  if (reason === undefined || REASON.test(reason)) return reason;
  cells.refuse('reason', 'invalid_reason', `"${reason.slice(0, 40)}" is no word of 1 to 60 lower-case letters, digits or _. Give the mapping a valueMap for it.`);
  return undefined;
}

const COMPARED = ['payment_id', 'state', 'amount_minor', 'reason', 'provider'] as const;

function isSame(one: ImportedRefund, other: ImportedRefund): boolean {
  return COMPARED.every((name) => one[name] === other[name]) && one.recorded_at.getTime() === other.recorded_at.getTime();
}
