import { Injectable } from '@nestjs/common';
import type { Sql } from '../../../platform/database/sql.js';
import type { ExportColumn, ExportDefinition, ExportPage } from '../../../platform/transfer/export-definition.js';
import type { ExportFilter, ExportFilterValues } from '../../../platform/transfer/export-filter.js';
import { PRODUCT_READ } from '../../contract/permissions.js';
import { systemsNaming } from '../../persistence/external-ids.js';
import { linesWithReferences } from '../../use-cases/exported-references.js';
import { ExportedProducts } from '../views/exported-products.js';
import { productColumns } from './import-products.js';

/** Attributes stand in one cell, which says of each whether it is a text or a number, and needs no column for every name. */
const columns: readonly ExportColumn[] = [
  ...productColumns.filter(({ name }) => name !== 'attributes.<name>'),
  { name: 'updatedAt', type: 'instant', derived: true, description: 'When it changed last.' },
];

const filters: readonly ExportFilter[] = [
  { name: 'status', type: 'word', many: true, oneOf: ['active', 'archived'], description: 'Is in one of these.' },
  { name: 'category', type: 'text', many: true, description: 'Is of one of these kinds.' },
  { name: 'sku', type: 'text', many: true, description: 'Has one of these SKUs.' },
];

/** Products, in lines that `ImportProducts` makes the same products of. */
@Injectable()
export class ExportProducts implements ExportDefinition {
  readonly resource = 'products';
  readonly title = 'Products';
  readonly permission = PRODUCT_READ;
  readonly personal = false;
  readonly columns = columns;
  readonly filters = filters;

  constructor(private readonly products: ExportedProducts) {}

  namesOf(from: Sql, _column: string, most: number): Promise<readonly string[]> {
    return systemsNaming(from, 'product', most);
  }

  count(from: Sql, filter: ExportFilterValues): Promise<number> {
    return this.products.count(from, filter);
  }

  async page(from: Sql, filter: ExportFilterValues, asked: ReadonlySet<string>, after: string | undefined, limit: number): Promise<ExportPage> {
    const products = await this.products.page(from, filter, after, limit);
    const lines = products.flatMap(({ externalIds, ...product }) => linesWithReferences({ ...product }, externalIds, asked));
    return { lines, records: products.length, next: products.length < limit ? undefined : products.at(-1)!.id };
  }
}
