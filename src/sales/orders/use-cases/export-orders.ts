import { Injectable } from '@nestjs/common';
import type { Sql } from '../../../platform/database/sql.js';
import type { ExportColumn, ExportDefinition, ExportLine, ExportPage } from '../../../platform/transfer/export-definition.js';
import type { ExportFilter, ExportFilterValues } from '../../../platform/transfer/export-filter.js';
import type { ImportColumn } from '../../../platform/transfer/import-definition.js';
import { ORDER_READ } from '../../contract/permissions.js';
import { systemsNaming, type Named } from '../../persistence/external-ids.js';
import { firstReferences, linesWithReferences } from '../../use-cases/exported-references.js';
import { orderStates } from '../domain/order-state.js';
import { ExportedOrders, type ExportedKind, type ExportedRow } from '../views/exported-orders.js';
import type { OrderFilter } from '../views/order-list.view.js';
import { fulfilmentColumns } from './import-fulfilments.js';
import { orderLineColumns } from './import-order-lines.js';
import { orderColumns } from './import-orders.js';
import { paymentColumns } from './import-payments.js';
import { refundColumns } from './import-refunds.js';

const PRODUCT_PREFIX = 'product.externalIds.';
const ORDER_PREFIX = 'order.externalIds.';

const filters: readonly ExportFilter[] = [
  { name: 'customerId', type: 'id', description: 'Ordered by this customer.' },
  { name: 'status', type: 'word', many: true, oneOf: orderStates.states, description: 'The order is in one of these states.' },
  { name: 'sourceStatus', type: 'text', many: true, description: "The other system's word for the order's state is one of these." },
  { name: 'channel', type: 'text', many: true, description: 'Sold on one of these.' },
  { name: 'placedAtGte', type: 'instant', description: 'Ordered then or later.' },
  { name: 'placedAtLt', type: 'instant', description: 'Ordered before then.' },
];

const orderNumber: ExportColumn = { name: 'orderNumber', type: 'text', derived: true, description: 'The number people know the order by.' };

function derivedAmount(name: string, description: string): ExportColumn {
  return { name, type: 'amount', derived: true, description };
}

/** What each file is of. A customer's ids in other systems are the customer context's to tell; orders name customers by our id. */
const KINDS: readonly { readonly kind: ExportedKind; readonly resource: string; readonly title: string; readonly imported: readonly ImportColumn[]; readonly derived: readonly ExportColumn[] }[] = [
  {
    kind: 'order', resource: 'orders', title: 'Orders', imported: orderColumns.filter(({ name }) => name !== 'customer.externalIds.<system>'),
    derived: [
      { name: 'quantity', type: 'integer', derived: true, description: 'Units over all lines.' },
      derivedAmount('subtotal', 'Units times prices.'),
      derivedAmount('discount', 'Off the order.'),
      derivedAmount('tax', 'On top of the prices.'),
      derivedAmount('shipping', 'For all lines.'),
      derivedAmount('paid', 'What was captured.'),
      derivedAmount('refunded', 'What was given back.'),
      { name: 'createdAt', type: 'instant', derived: true, description: 'Since when it is on record here.' },
      { name: 'updatedAt', type: 'instant', derived: true, description: 'When it changed last.' },
    ],
  },
  {
    kind: 'orderLine', resource: 'order-lines', title: 'Order lines', imported: orderLineColumns,
    derived: [derivedAmount('total', 'What is to be paid for the line.'), { name: 'fulfilledQuantity', type: 'integer', derived: true, description: 'Units in parcels.' }, orderNumber],
  },
  { kind: 'payment', resource: 'payments', title: 'Payments', imported: paymentColumns, derived: [orderNumber] },
  { kind: 'refund', resource: 'refunds', title: 'Refunds', imported: refundColumns, derived: [orderNumber] },
  { kind: 'fulfilment', resource: 'fulfilments', title: 'Fulfilments', imported: fulfilmentColumns, derived: [orderNumber] },
];

/** Orders and their parts, each as a file that the import of the same name makes the same records of. */
@Injectable()
export class ExportOrders {
  readonly definitions: readonly ExportDefinition[];

  constructor(orders: ExportedOrders) {
    this.definitions = KINDS.map(({ kind, resource, title, imported, derived }) => ({
      resource,
      title,
      permission: ORDER_READ,
      personal: false,
      columns: [...imported, ...derived],
      filters,
      namesOf: (from: Sql, column: string, most: number) => systemsNaming(from, namedBy(column, kind), most),
      count: (from: Sql, filter: ExportFilterValues) => orders.count(from, kind, filterOf(filter)),
      page: async (from: Sql, filter: ExportFilterValues, asked: ReadonlySet<string>, after: string | undefined, limit: number): Promise<ExportPage> => {
        const rows = await orders.page(from, kind, filterOf(filter), after, limit);
        return { lines: rows.flatMap((row) => linesOf(row, asked)), records: rows.length, next: rows.length < limit ? undefined : rows.at(-1)!.key };
      },
    }));
  }
}

function namedBy(column: string, kind: ExportedKind): Named {
  if (column.startsWith(ORDER_PREFIX)) return 'order';
  return column.startsWith(PRODUCT_PREFIX) || kind === 'orderLine' ? 'product' : kind;
}

function filterOf({ placedAtGte, placedAtLt, ...filter }: ExportFilterValues): OrderFilter {
  return {
    ...filter,
    ...(placedAtGte !== undefined && { placedAtGte: new Date(String(placedAtGte)) }),
    ...(placedAtLt !== undefined && { placedAtLt: new Date(String(placedAtLt)) }),
  };
}

/** A line names its order and its product once in each system; only a record of its own must have every id it goes by. */
function linesOf({ cells, externalIds, orderExternalIds, productExternalIds }: ExportedRow, asked: ReadonlySet<string>): ExportLine[] {
  const line = { ...cells, ...firstReferences(ORDER_PREFIX, orderExternalIds), ...firstReferences(PRODUCT_PREFIX, productExternalIds) };
  const { id, orderId } = cells as { readonly id?: string; readonly orderId?: string };
  return id === undefined ? [line] : linesWithReferences({ ...line, id, orderId }, externalIds, asked);
}
