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
import { paymentStates } from '../domain/payment-state.js';
import type { OrderHeader } from '../persistence/imported-orders.js';
import { ImportedPayments, type ImportedPayment } from '../persistence/imported-payments.js';
import { measurePayments } from '../persistence/order-measures.js';
import { paymentHeaderWords } from './header-words.js';
import { nameAlso, partNamed, partNames, type PartNames } from './named-parts.js';
import { NamedOrders, orderNames, type NamedOrder } from './named-orders.js';
import { TouchedParts } from './touched-parts.js';

const LONGEST_WORD = 100;
const MOST = 999_999;

const columns: readonly DescribedColumn[] = [
  { name: 'id', type: 'text', looks: LOOKS_LIKE_ID, example: '0192f0c1-2b3c-7def-8abc-1234567890ab', description: 'Our own id, as an export has it.' },
  { name: 'externalIds.<system>', type: 'text', example: 'ch_3PqL', description: 'Id of the payment in another system; a line with one that is known changes that payment.' },
  ...orderNames,
  { name: 'sequence', type: 'integer', example: '1', description: 'Tells the payments of one order apart, from 1; a line with one that is known changes that payment. 1 if left out.' },
  { name: 'method', type: 'text', required: true, example: 'credit_card', description: 'How it was paid. A line about a payment that is known may leave out what stays.' },
  { name: 'amount', type: 'amount', required: true, example: '199.00', description: 'In the order\'s currency.' },
  { name: 'captured', type: 'amount', example: '199.00', description: 'What of it was captured, if it is settled; all of it if left out.' },
  { name: 'currency', type: 'text', example: 'CNY', description: 'Refused if it is not the order\'s.' },
  { name: 'installments', type: 'integer', example: '3', description: 'In how many parts it is paid.' },
  { name: 'recordedAt', type: 'instant', example: '2026-01-15T08:00:00Z', description: 'When it was paid; when the order was placed if left out.' },
  { name: 'state', type: 'text', example: 'settled', description: 'authorized, settled, declined, error or cancelled; settled for a new payment if left out.' },
  { name: 'provider', type: 'text', example: 'stripe', description: 'Who handled it.' },
];

interface NamedPayment extends NamedOrder {
  readonly names: PartNames;
}

/** Also of the export. */
export const paymentColumns = knownAs(columns, paymentHeaderWords);

/** Payments out of a file, as history: what was paid was paid, whatever the total and the order's state. */
@Injectable()
export class ImportPayments implements ImportDefinition {
  readonly resource = 'payments';
  readonly title = 'Payments';
  readonly permission = PAYMENT_WRITE;
  readonly readPermission = ORDER_READ;
  readonly columns = paymentColumns;

  constructor(
    private readonly orders: NamedOrders,
    private readonly payments: ImportedPayments,
  ) {}

  async apply(tx: Tx, lines: readonly MappedLine[], settings: ImportSettings): Promise<ImportOutcome> {
    const all = lines.map((line) => new Cells(line, settings));
    const named = (await this.orders.find(tx, all)).map(({ cells, order }) => ({ cells, order, names: partNames(cells, tx.startedAt) }));
    const outcome = await withNames(tx, 'payment', named.flatMap(({ names }) => names.references), (book) => this.merge(tx, named, book, settings.sampleLimit));
    return { ...outcome, refused: all.flatMap((cells) => cells.problems) };
  }

  /** In the import's own currency where the line names none, for its order may be unknown. */
  tell(line: MappedLine, settings: ImportSettings): Told {
    const cells = new Cells(line, settings);
    const currency = cells.currency('currency') ?? settings.currency;
    return { at: cells.instant('recordedAt'), currency, minor: cells.amount('amount', currency) };
  }

  revert(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    return this.payments.withdraw(tx, records);
  }

  measure(from: Sql, records: readonly MeasuredRecord[], timeZone: string): Promise<readonly Measure[]> {
    return measurePayments(from, records, timeZone);
  }

  private async merge(tx: Tx, named: readonly NamedPayment[], book: NameBook, sampleLimit: number | undefined): Promise<Omit<ImportOutcome, 'refused'>> {
    const ids = [...named.flatMap(({ names }) => names.id ?? []), ...book.idsOf(named.flatMap(({ names }) => names.references))];
    const stored = await this.payments.known(tx, [...new Set(named.map(({ order }) => order.id))], ids);
    const known = new Payments(stored);
    const touched = new TouchedParts(stored);
    const written = new Map<Id, ImportedPayment>();
    const counts = { created: 0, updated: 0, unchanged: 0 };
    const samples = new LineSamples(sampleLimit);
    await inSlices(named, (line) => {
      const { cells, order } = line;
      const before = find(line, book, known);
      const payment = read(line, before, tx.startedAt);
      const renamed = cells.isGood && nameAlso(cells, line.names, book, payment.id);
      if (!cells.isGood) return;
      const result = before === undefined ? 'created' : renamed || !isSame(before, payment) ? 'updated' : 'unchanged';
      counts[result] += 1;
      if (samples.wants(result)) samples.note(cells.line, result, payment.id, before ? cellsOf(before, order) : {}, cellsOf(payment, order));
      if (result !== 'unchanged') {
        known.put(payment);
        written.set(payment.id, payment);
      }
      touched.note(payment.id, line, result, { at: cells.instant('recordedAt'), currency: order.currency, minor: cells.amount('amount', order.currency) });
    });
    await book.take(tx);
    await this.payments.write(tx, [...written.values()]);
    return { ...counts, touched: touched.all, samples: samples.taken };
  }
}

/** By id, and by order and sequence. */
class Payments {
  private readonly byId = new Map<Id, ImportedPayment>();
  private readonly bySequence = new Map<string, ImportedPayment>();

  constructor(payments: readonly ImportedPayment[]) {
    for (const payment of payments) this.put(payment);
  }

  put(payment: ImportedPayment): void {
    this.byId.set(payment.id, payment);
    this.bySequence.set(`${payment.order_id} ${payment.sequence}`, payment);
  }

  get(id: Id): ImportedPayment | undefined {
    return this.byId.get(id);
  }

  of(orderId: Id, sequence: number): ImportedPayment | undefined {
    return this.bySequence.get(`${orderId} ${sequence}`);
  }
}

/** By its names or, where they are unknown, by its place among the payments of the order. */
function find({ cells, order, names }: NamedPayment, book: NameBook, known: Payments): ImportedPayment | undefined {
  const id = partNamed(cells, 'payment', names, book, (one) => known.get(one) !== undefined);
  const sequence = cells.count('sequence', MOST);
  const payment = id === undefined ? known.of(order.id, sequence ?? 1) : known.get(id);
  if (payment && payment.order_id !== order.id) cells.refuse(undefined, 'other_order', `The payment ${payment.id} is of order ${payment.order_id}. Correct the order or the payment's id.`);
  if (payment && sequence !== undefined && payment.sequence !== sequence) cells.refuse('sequence', 'sequence_is_fixed', `The payment ${payment.id} is number ${payment.sequence} of its order, and that cannot change.`);
  return payment;
}

function read({ cells, order, names }: NamedPayment, before: ImportedPayment | undefined, now: Date): ImportedPayment {
  const { currency } = order;
  const other = cells.currency('currency');
  if (other !== undefined && other !== currency) cells.refuse('currency', 'currency_mismatch', `The payment is in ${other} and the order in ${currency}. Convert it first.`);
  if (!before) cells.needed('amount', LONGEST_WORD);
  const payment = {
    id: before?.id ?? names.id ?? newId(now.getTime()),
    order_id: order.id,
    sequence: before?.sequence ?? cells.count('sequence', MOST) ?? 1,
    method: cells.needed('method', LONGEST_WORD, before?.method),
    state: cells.word('state', paymentStates.states) ?? before?.state ?? 'settled',
    amount_minor: cells.amount('amount', currency) ?? before?.amount_minor ?? 0,
    installments: cells.count('installments', MOST) ?? before?.installments ?? null,
    provider: cells.text('provider', LONGEST_WORD) ?? before?.provider ?? null,
    recorded_at: cells.instant('recordedAt') ?? before?.recorded_at ?? order.placed_at,
  };
  return { ...payment, captured_minor: capturedIn(cells, payment, before, currency) };
}

function cellsOf(payment: ImportedPayment, { currency }: OrderHeader): RecordCells {
  return {
    sequence: String(payment.sequence), method: payment.method, amount: formatAmount(payment.amount_minor, currency), captured: formatAmount(payment.captured_minor, currency), currency,
    installments: payment.installments?.toString(), recordedAt: payment.recorded_at.toISOString(), state: payment.state, provider: payment.provider,
  };
}

function capturedIn(cells: Cells, { state, amount_minor: amount }: Pick<ImportedPayment, 'state' | 'amount_minor'>, before: ImportedPayment | undefined, currency: string): number {
  const told = cells.amount('captured', currency);
  if (state !== 'settled') {
    if (told) cells.refuse('captured', 'not_settled', 'says that money was captured, and the state that it was not. Correct one of the two.');
    return 0;
  }
  if (told !== undefined && told > amount) cells.refuse('captured', 'capture_above_authorisation', 'is more than the amount. Capture at most that.');
  const isAsBefore = before?.state === state && before.amount_minor === amount;
  return told ?? (isAsBefore ? before.captured_minor : amount);
}

const COMPARED = ['method', 'state', 'amount_minor', 'captured_minor', 'installments', 'provider'] as const;

function isSame(one: ImportedPayment, other: ImportedPayment): boolean {
  return COMPARED.every((name) => one[name] === other[name]) && one.recorded_at.getTime() === other.recorded_at.getTime();
}
