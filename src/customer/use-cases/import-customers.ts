import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import { newId } from '../../kernel/id.js';
import type { Tx } from '../../platform/database/tx.js';
import { PhoneNumbers } from '../../platform/text/phone-numbers.js';
import { inSlices } from '../../platform/transfer/in-slices.js';
import type { ImportDefinition, ImportOutcome, ImportSettings, LineProblem, MappedLine } from '../../platform/transfer/import-definition.js';
import { CUSTOMER_WRITE } from '../contract/permissions.js';
import { dayOf } from '../domain/calendar-date.js';
import { CustomerBulk } from '../persistence/customer-bulk.js';
import { customerColumns } from './import-columns.js';
import { ImportedPeople } from './imported-people.js';
import { readLine, type CustomerLine, type LineReading } from './read-line.js';

/** Customers out of a file. The same rules as every upsert, in a handful of statements a chunk; lines add and take nothing away. */
@Injectable()
export class ImportCustomers implements ImportDefinition {
  readonly resource = 'customers';
  readonly title = 'Customers';
  readonly permission = CUSTOMER_WRITE;
  readonly columns = customerColumns;

  constructor(
    private readonly customers: CustomerBulk,
    private readonly phones: PhoneNumbers,
  ) {}

  async apply(tx: Tx, lines: readonly MappedLine[], { timeZone }: ImportSettings): Promise<ImportOutcome> {
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
    await inSlices(readable, (line) => {
      try {
        counts[people.take(line)] += 1;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        refused.push({ line: line.line, code: error.code, detail: error.message });
      }
    });
    await this.customers.write(tx, people.changed);
    return { ...counts, refused };
  }
}
