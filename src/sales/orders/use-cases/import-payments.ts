import { Injectable } from '@nestjs/common';
import { newId, type Id } from '../../../kernel/id.js';
import { formatAmount } from '../../../kernel/money.js';
import type { Sql } from '../../../platform/database/sql.js';
import type { Tx } from '../../../platform/database/tx.js';
import type {
  DescribedColumn, ImportDefinition, ImportOutcome, ImportSettings, MadeRecord, MappedLine, MeasuredRecord, Measure, RevertOutcome, Told, Touched,
} from '../../../platform/transfer/import-definition.js';
import { knownAs } from '../../../platform/transfer/known-as.js';
import { LineSamples, type RecordCells } from '../../../platform/transfer/line-samples.js';
import { ORDER_READ, PAYMENT_WRITE } from '../../contract/permissions.js';
import { Cells } from '../../use-cases/cells.js';
import { paymentStates, type PaymentState } from '../domain/payment-state.js';
import type { OrderHeader } from '../persistence/imported-orders.js';
import { ImportedPayments, type ImportedPayment } from '../persistence/imported-payments.js';
import { measurePayments } from '../persistence/order-measures.js';
import { NamedOrders } from './named-orders.js';
import { paymentHeaderWords } from './header-words.js';

const LONGEST_WORD = 100;
const MOST = 999_999;

const columns: readonly DescribedColumn[] = [
  { name: 'order.externalIds.<system>', type: 'text', required: true, example: '450789469', description: 'Which order was paid, by its id in another system.' },
  { name: 'sequence', type: 'integer', example: '1', description: 'Tells the payments of one order apart, from 1; a line with one that is known changes that payment. 1 if left out.' },
  { name: 'method', type: 'text', required: true, example: 'credit_card', description: 'How it was paid.' },
  { name: 'amount', type: 'amount', required: true, example: '199.00', description: 'In the order\'s currency.' },
  { name: 'currency', type: 'text', example: 'CNY', description: 'Refused if it is not the order\'s.' },
  { name: 'installments', type: 'integer', example: '3', description: 'In how many parts it is paid.' },
  { name: 'recordedAt', type: 'instant', example: '2026-01-15T08:00:00Z', description: 'When it was paid; when the order was placed if left out.' },
  { name: 'state', type: 'text', example: 'settled', description: 'authorized, settled, declined, error or cancelled; settled if left out.' },
];

/** Payments out of a file, as history: what was paid was paid, whatever the total and the order's state. */
@Injectable()
export class ImportPayments implements ImportDefinition {
  readonly resource = 'payments';
  readonly title = 'Payments';
  readonly permission = PAYMENT_WRITE;
  readonly readPermission = ORDER_READ;
  readonly columns = knownAs(columns, paymentHeaderWords);

  constructor(
    private readonly orders: NamedOrders,
    private readonly payments: ImportedPayments,
  ) {}

  async apply(tx: Tx, lines: readonly MappedLine[], settings: ImportSettings): Promise<ImportOutcome> {
    const all = lines.map((line) => new Cells(line, settings));
    const named = await this.orders.find(tx, all);
    const stored = await this.payments.ofOrders(tx, [...new Set(named.map(({ order }) => order.id))]);
    const known = new Map<string, ImportedPayment>(stored.map((payment) => [keyOf(payment), payment]));
    const revisions = new Map(stored.map(({ id, revision }) => [id, revision]));
    const written = new Map<string, ImportedPayment>();
    const touched = new Map<Id, Touched>();
    const counts = { created: 0, updated: 0, unchanged: 0 };
    const samples = new LineSamples(settings.sampleLimit);
    for (const { cells, order } of named) {
      const told = read(cells, order, known, tx.startedAt);
      if (!cells.isGood) continue;
      const before = known.get(keyOf(told));
      const result = before === undefined ? 'created' : isSame(before, told) ? 'unchanged' : 'updated';
      counts[result] += 1;
      if (samples.wants(result)) samples.note(cells.line, result, told.id, before ? cellsOf(before, order) : {}, cellsOf(told, order));
      if (result !== 'unchanged') {
        known.set(keyOf(told), told);
        written.set(keyOf(told), told);
      }
      const revision = revisions.get(told.id) ?? 0;
      touched.set(told.id, {
        id: told.id, part: 0, line: cells.line, before: revision, version: written.has(keyOf(told)) ? order.version + 1 : revision,
        told: { at: cells.instant('recordedAt') ?? touched.get(told.id)?.told.at, currency: order.currency, minor: told.amount_minor },
      });
    }
    await this.payments.write(tx, [...written.values()]);
    return { ...counts, refused: all.flatMap((cells) => cells.problems), touched: [...touched.values()], samples: samples.taken };
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
}

function read(cells: Cells, order: OrderHeader, known: ReadonlyMap<string, ImportedPayment>, now: Date): ImportedPayment {
  const { id: orderId, currency } = order;
  const sequence = cells.count('sequence', MOST) ?? 1;
  const before = known.get(keyOf({ order_id: orderId, sequence }));
  const other = cells.currency('currency');
  if (other !== undefined && other !== currency) cells.refuse('currency', 'currency_mismatch', `The payment is in ${other} and the order in ${currency}. Convert it first.`);
  return {
    id: before?.id ?? newId(now.getTime()),
    order_id: orderId,
    sequence,
    method: cells.needed('method', LONGEST_WORD),
    state: stateIn(cells),
    amount_minor: neededAmount(cells, 'amount', currency),
    installments: cells.count('installments', MOST) ?? before?.installments ?? null,
    recorded_at: cells.instant('recordedAt') ?? before?.recorded_at ?? order.placed_at,
  };
}

function cellsOf({ sequence, method, amount_minor: amountMinor, installments, recorded_at: recordedAt, state }: ImportedPayment, { currency }: OrderHeader): RecordCells {
  return { sequence: String(sequence), method, amount: formatAmount(amountMinor, currency), currency, installments: installments?.toString(), recordedAt: recordedAt.toISOString(), state };
}

function neededAmount(cells: Cells, column: string, currency: string): number {
  cells.needed(column, LONGEST_WORD);
  return cells.amount(column, currency) ?? 0;
}

function stateIn(cells: Cells): PaymentState {
  const word = cells.text('state', LONGEST_WORD)?.toLowerCase() ?? 'settled';
  if (paymentStates.has(word)) return word;
  cells.refuse('state', 'unknown_state', `"${word}" is none of ${paymentStates.states.join(', ')}. Give the mapping a valueMap for it.`);
  return 'created';
}

function keyOf({ order_id: orderId, sequence }: Pick<ImportedPayment, 'order_id' | 'sequence'>): string {
  return `${orderId} ${sequence}`;
}

function isSame(one: ImportedPayment, other: ImportedPayment): boolean {
  return one.method === other.method && one.state === other.state && one.amount_minor === other.amount_minor
    && one.installments === other.installments && one.recorded_at.getTime() === other.recorded_at.getTime();
}
