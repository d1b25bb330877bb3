import { Injectable } from '@nestjs/common';
import type { Sql } from '../../../platform/database/sql.js';
import { Composed } from '../../../platform/database/statement.js';
import type { ExportCell } from '../../../platform/transfer/export-definition.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import { addOrderConditions, type OrderFilter } from './order-list.view.js';

/** A record as it is taken out, with its ids in other systems and those of the order and product it belongs to. */
export interface ExportedRow {
  readonly cells: Readonly<Record<string, ExportCell>>;
  /** Where the record stands among all of its kind. */
  readonly key: string;
  readonly externalIds: readonly ExternalReference[];
  readonly orderExternalIds: readonly ExternalReference[];
  readonly productExternalIds: readonly ExternalReference[];
}

type Row = ExportedRow['cells'] & Pick<ExportedRow, 'key'> & Partial<Pick<ExportedRow, 'externalIds' | 'orderExternalIds' | 'productExternalIds'>>;

/** How a kind of record is read: texts are constants, rows come in the order of a key that each has for itself. */
interface Source {
  readonly columns: string;
  readonly from: string;
  readonly key: string;
  readonly order: string;
  seek(query: Composed<Row>, key: string): void;
}

function referencesOf(kind: string, subject: string, name: string): string {
  const found = ["(select coalesce(json_agg(json_build_object('system', x.system, 'id', x.id) order by x.system, x.id), '[]') from sales.external_id x where x.kind = '", kind, "' and x.subject_id = ", subject, ') as ', name];
  return found.join('');
}

const OF_ORDER = referencesOf('order', 'h.id', '"orderExternalIds"');

function byId(column: string): Pick<Source, 'key' | 'order' | 'seek'> {
  return { key: column, order: column, seek: (query, key) => void query.add('and', column, '>').param(key, '::uuid') };
}

const SOURCES = {
  order: {
    ...byId('h.id'),
    from: 'from sales.order_header h',
    columns: `h.id, h.number, h.customer_id as "customerId", h.status, h.source_status as "sourceStatus", h.placed_at as "placedAt", h.currency, h.channel,
      h.cancel_reason as "cancelReason", h.quantity, platform.amount(h.subtotal_minor, h.currency) as subtotal, platform.amount(h.discount_minor, h.currency) as discount,
      platform.amount(h.tax_minor, h.currency) as tax, platform.amount(h.shipping_minor, h.currency) as shipping, platform.amount(h.total_minor, h.currency) as total,
      platform.amount(h.paid_minor, h.currency) as paid, platform.amount(h.refunded_minor, h.currency) as refunded,
      h.created_at as "createdAt", h.updated_at as "updatedAt",` + referencesOf('order', 'h.id', '"externalIds"'),
  },
  orderLine: {
    from: 'from sales.order_line l join sales.order_header h on h.id = l.order_id',
    key: "l.order_id || ' ' || l.number",
    order: 'l.order_id, l.number',
    seek: (query, key) => {
      const [orderId, number] = key.split(' ');
      query.add('and (l.order_id, l.number) > (').param(orderId, '::uuid').add(',').param(number, '::int').add(')');
    },
    columns: `l.order_id as "orderId", l.number as "lineNumber", l.product_id as "productId", l.sku, l.name, l.quantity, nullif(l.cancelled_quantity, 0) as "cancelledQuantity",
      platform.amount(l.unit_price_minor, h.currency) as "unitPrice", platform.amount(l.discount_minor, h.currency) as discount,
      platform.amount(l.tax_minor, h.currency) as tax, platform.amount(l.shipping_minor, h.currency) as shipping, h.currency,
      platform.amount(l.total_minor, h.currency) as total, l.fulfilled_quantity as "fulfilledQuantity", h.number as "orderNumber",` +
      [OF_ORDER, referencesOf('product', 'l.product_id', '"productExternalIds"')].join(','),
  },
  payment: {
    ...byId('p.id'),
    from: 'from sales.payment p join sales.order_header h on h.id = p.order_id',
    columns: `p.id, p.order_id as "orderId", p.sequence, p.method, platform.amount(p.amount_minor, h.currency) as amount,
      case when p.state = 'settled' then platform.amount(p.captured_minor, h.currency) end as captured, h.currency, p.installments,
      p.recorded_at as "recordedAt", p.state, p.provider, h.number as "orderNumber",` + [OF_ORDER, referencesOf('payment', 'p.id', '"externalIds"')].join(','),
  },
  refund: {
    ...byId('r.id'),
    from: 'from sales.refund r join sales.order_header h on h.id = r.order_id left join sales.payment p on p.id = r.payment_id',
    columns: `r.id, r.order_id as "orderId", r.payment_id as "paymentId", p.sequence as "paymentSequence", platform.amount(r.amount_minor, h.currency) as amount, h.currency,
      r.state, r.reason, r.recorded_at as "recordedAt", r.provider, h.number as "orderNumber",` + [OF_ORDER, referencesOf('refund', 'r.id', '"externalIds"')].join(','),
  },
  fulfilment: {
    ...byId('f.id'),
    from: 'from sales.fulfilment f join sales.order_header h on h.id = f.order_id',
    columns: `f.id, f.order_id as "orderId", f.state, f.carrier, f.tracking_code as "trackingCode", f.recorded_at as "recordedAt", f.shipped_at as "shippedAt",
      f.delivered_at as "deliveredAt", h.number as "orderNumber",
      array(select (e.line ->> 'number') || ':' || (e.line ->> 'quantity') from jsonb_array_elements(f.lines) with ordinality as e (line, place) order by e.place) as lines,` +
      [OF_ORDER, referencesOf('fulfilment', 'f.id', '"externalIds"')].join(','),
  },
} as const satisfies Record<string, Source>;

export type ExportedKind = keyof typeof SOURCES;

/** Reads orders, and the parts of orders, for an export; a part goes with its order. */
@Injectable()
export class ExportedOrders {
  async count(from: Sql, kind: ExportedKind, filter: OrderFilter): Promise<number> {
    const query = new Composed<{ count: number }>().add('select count(*) as count', SOURCES[kind].from, 'where true');
    addOrderConditions(query, filter);
    return (await from.compose(query))[0]?.count ?? 0;
  }

  async page(from: Sql, kind: ExportedKind, filter: OrderFilter, after: string | undefined, limit: number): Promise<ExportedRow[]> {
    const source: Source = SOURCES[kind];
    const query = new Composed<Row>().add('select', source.columns, ',', source.key, 'as key', source.from, 'where true');
    addOrderConditions(query, filter);
    if (after !== undefined) source.seek(query, after);
    const rows = await from.compose(query.add('order by', source.order, 'limit').param(limit));
    return rows.map(({ key, externalIds = [], orderExternalIds = [], productExternalIds = [], ...cells }) => ({ key, externalIds, orderExternalIds, productExternalIds, cells }));
  }
}
