import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import { newId } from '../../kernel/id.js';
import type { Sql } from '../../platform/database/sql.js';
import type { Tx } from '../../platform/database/tx.js';
import { PhoneNumbers } from '../../platform/text/phone-numbers.js';
import { inSlices } from '../../platform/transfer/in-slices.js';
import { LineSamples } from '../../platform/transfer/line-samples.js';
import type {
  ImportDefinition, ImportOutcome, ImportSettings, LineProblem, MadeRecord, MappedLine, MeasuredRecord, Measure, RevertOutcome, Told,
} from '../../platform/transfer/import-definition.js';
import { readInstant } from '../../platform/transfer/read-instant.js';
import { OrderBook } from '../../sales/contract/order-book.js';
import { CUSTOMER_READ, CUSTOMER_WRITE } from '../contract/permissions.js';
import { dayOf } from '../domain/calendar-date.js';
import type { CustomerState } from '../domain/customer.js';
import { CustomerBulk } from '../persistence/customer-bulk.js';
import { WithdrawnCustomers } from '../persistence/withdrawn-customers.js';
import { customerCells } from './customer-cells.js';
import { customerColumns } from './import-columns.js';
import { ImportedPeople, type LineOutcome } from './imported-people.js';
import { readLine, type CustomerLine, type LineReading } from './read-line.js';

/** Customers out of a file. The same rules as every upsert, in a handful of statements a chunk; lines add and take nothing away. */
@Injectable()
export class ImportCustomers implements ImportDefinition {
  readonly resource = 'customers';
  readonly title = 'Customers';
  readonly permission = CUSTOMER_WRITE;
  readonly readPermission = CUSTOMER_READ;
  readonly columns = customerColumns;

  constructor(
    private readonly customers: CustomerBulk,
    private readonly phones: PhoneNumbers,
    private readonly withdrawn: WithdrawnCustomers,
    private readonly orders: OrderBook,
  ) {}

  async apply(tx: Tx, lines: readonly MappedLine[], { timeZone, sampleLimit }: ImportSettings): Promise<ImportOutcome> {
    const refused: LineProblem[] = [];
    const readable: CustomerLine[] = [];
    const reading: LineReading = { readPhone: this.phones.e164, today: dayOf(tx.startedAt), timeZone };
    await inSlices(lines, (line) => {
      const read = readLine(line, reading);
      if ('details' in read) readable.push(read);
      else refused.push(...read);
    });
    const known = await this.customers.holdersOf(tx, readable);
    const people = new ImportedPeople(known, () => newId(tx.startedAt.getTime()), tx.startedAt);
    const counts = { created: 0, updated: 0, unchanged: 0 };
    const samples = new LineSamples(sampleLimit);
    await inSlices(readable, (line) => {
      try {
        const before = samples.hasRoom ? people.find(line.id, line.details)?.current : undefined;
        const deed = people.take(line);
        counts[deed] += 1;
        if (samples.wants(deed)) showLine(samples, line, deed, before, people.find(line.id, line.details)?.current);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        refused.push({ line: line.line, code: error.code, detail: error.message });
      }
    });
    await this.customers.write(tx, people.changed);
    return { ...counts, refused, touched: people.touched, samples: samples.taken };
  }

  tell({ values: { createdAt } }: MappedLine, { timeZone }: ImportSettings): Told {
    return { at: createdAt === undefined ? undefined : readInstant(createdAt, timeZone) };
  }

  async revert(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    // Locked first, so that nobody changes them; an order placed just now for a customer looked up before is as one for somebody not yet known.
    const locked = await this.withdrawn.lock(tx, records);
    return this.withdrawn.take(tx, records, locked, await this.orders.customersWithOrders(records.map(({ id }) => id)));
  }

  measure(from: Sql, records: readonly MeasuredRecord[], timeZone: string): Promise<readonly Measure[]> {
    return this.withdrawn.measure(from, records, timeZone);
  }
}

/** @param after undefined for somebody whom nothing but a name tells from others */
function showLine(samples: LineSamples, { line, details }: CustomerLine, deed: LineOutcome, before: CustomerState | undefined, after: CustomerState | undefined): void {
  const cells = customerCells(before, after ?? details);
  samples.note(line, deed, after?.id, cells.before, cells.after);
}
