import { Injectable } from '@nestjs/common';
import { parseAmount } from '../../kernel/money.js';
import { AppConfig } from '../../platform/config/config.js';
import type { Sql } from '../../platform/database/sql.js';
import type { ExportColumn, ExportDefinition, ExportPage } from '../../platform/transfer/export-definition.js';
import type { ExportFilter, ExportFilterValues } from '../../platform/transfer/export-filter.js';
import { CUSTOMER_READ } from '../contract/permissions.js';
import { GENDERS } from '../domain/details.js';
import type { CustomerFilter } from '../views/customer-filter.js';
import { ExportedCustomers, type ExportedCustomer } from '../views/exported-customers.js';
import { exportLines } from './export-lines.js';
import { customerColumns } from './import-columns.js';

const columns: readonly ExportColumn[] = [
  ...customerColumns,
  { name: 'updatedAt', type: 'instant', derived: true, description: 'When the record changed last.' },
  { name: 'orderCount', type: 'integer', derived: true, description: 'Orders that were not cancelled.' },
  { name: 'totalSpent', type: 'amount', derived: true, description: "In the server's own currency." },
  { name: 'totalRefunded', type: 'amount', derived: true, description: "In the server's own currency." },
  { name: 'firstOrderAt', type: 'instant', derived: true, description: 'When they first ordered.' },
  { name: 'lastOrderAt', type: 'instant', derived: true, description: 'When they last ordered.' },
];

/** Those of the list that say nothing about who somebody is, since an export keeps what it was asked for. */
const filters: readonly ExportFilter[] = [
  { name: 'tagsAny', type: 'text', many: true, description: 'Has at least one of these tags.' },
  { name: 'tagsAll', type: 'text', many: true, description: 'Has every one of these tags.' },
  { name: 'tagsNone', type: 'text', many: true, description: 'Has none of these tags.' },
  { name: 'gender', type: 'word', many: true, oneOf: GENDERS, description: 'Is one of these.' },
  { name: 'source', type: 'text', many: true, description: 'Came from one of these.' },
  { name: 'country', type: 'text', many: true, description: 'Country of the main address, ISO 3166-1 alpha-2.' },
  { name: 'province', type: 'text', many: true, description: 'Province of the main address.' },
  { name: 'city', type: 'text', many: true, description: 'City of the main address.' },
  { name: 'createdAtGte', type: 'instant', description: 'Known since then or later.' },
  { name: 'createdAtLt', type: 'instant', description: 'Known since before then.' },
  { name: 'lastOrderAtGte', type: 'instant', description: 'Ordered last then or later.' },
  { name: 'lastOrderAtLt', type: 'instant', description: 'Ordered last before then; leaves out who never ordered.' },
  { name: 'orderCountGte', type: 'integer', description: 'Ordered at least so often.' },
  { name: 'orderCountLte', type: 'integer', description: 'Ordered at most so often.' },
  { name: 'spentGte', type: 'amount', description: "Spent at least this much, in the server's own currency." },
  { name: 'spentLte', type: 'amount', description: "Spent at most this much, in the server's own currency." },
];

/** Everybody who is there, in lines that `ImportCustomers` makes the same people of. The deleted and the erased are not. */
@Injectable()
export class ExportCustomers implements ExportDefinition {
  readonly resource = 'customers';
  readonly title = 'Customers';
  readonly permission = CUSTOMER_READ;
  readonly personal = true;
  readonly columns = columns;
  readonly filters = filters;

  constructor(
    private readonly customers: ExportedCustomers,
    private readonly config: AppConfig,
  ) {}

  namesOf(from: Sql, _column: string, most: number): Promise<readonly string[]> {
    return this.customers.systems(from, most);
  }

  count(from: Sql, filter: ExportFilterValues): Promise<number> {
    return this.customers.count(from, this.filterOf(filter));
  }

  async page(from: Sql, filter: ExportFilterValues, asked: ReadonlySet<string>, after: string | undefined, limit: number): Promise<ExportPage> {
    const { customers, next } = await this.customers.page(from, this.filterOf(filter), after, limit);
    return { lines: customers.flatMap((customer) => withDerived(customer, asked)), records: customers.length, next };
  }

  private filterOf({ spentGte, spentLte, ...filter }: ExportFilterValues): CustomerFilter {
    return {
      ...filter,
      ...(spentGte !== undefined && { spentGte: parseAmount(String(spentGte), this.config.currency) }),
      ...(spentLte !== undefined && { spentLte: parseAmount(String(spentLte), this.config.currency) }),
      status: ['active'],
    };
  }
}

function withDerived(customer: ExportedCustomer, asked: ReadonlySet<string>) {
  const { updatedAt, orderCount, totalSpent, totalRefunded, firstOrderAt, lastOrderAt } = customer;
  const [first, ...others] = exportLines(customer, asked);
  return [{ ...first, updatedAt, orderCount, totalSpent, totalRefunded, firstOrderAt, lastOrderAt }, ...others];
}
