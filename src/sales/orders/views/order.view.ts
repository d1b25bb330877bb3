import { Injectable } from '@nestjs/common';
import { notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { toMoneyText } from '../../../kernel/money.js';
import { Database } from '../../../platform/database/database.js';
import type { Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import type { Order } from '../domain/order.js';

interface OrderText {
  readonly id: Id;
  readonly version: number;
  /** JSON, as it leaves. */
  readonly text: string;
}

/** The members of an order that lists show too; `placedOrderText` has the same ones in the same order. */
export const HEADER_MEMBERS = `
  h.id, h.version, h.number, h.customer_id as "customerId", h.status, h.source_status as "sourceStatus", h.channel, h.currency, h.quantity,
  sales.money(h.subtotal_minor, h.currency) as subtotal, sales.money(h.discount_minor, h.currency) as discount, sales.money(h.tax_minor, h.currency) as tax,
  sales.money(h.shipping_minor, h.currency) as shipping, sales.money(h.total_minor, h.currency) as total, sales.money(h.paid_minor, h.currency) as paid,
  sales.money(h.authorized_minor, h.currency) as authorized, sales.money(h.refunded_minor, h.currency) as refunded,
  h.cancel_reason as "cancelReason", platform.instant(h.placed_at) as "placedAt", platform.instant(h.created_at) as "createdAt",
  platform.instant(h.updated_at) as "updatedAt",
  (select coalesce(json_agg(row_to_json(e) order by e.system, e.id), '[]') from (
     select x.system, x.id from sales.external_id x where x.subject_id = h.id) e) as "externalIds"`;

/** What lists show if asked to. */
export const PARTS = {
  lines: `
  (select coalesce(json_agg(row_to_json(l) order by l.number), '[]') from (
     select number, product_id as "productId", sku, name, quantity, sales.money(unit_price_minor, h.currency) as "unitPrice",
            sales.money(discount_minor, h.currency) as discount, sales.money(tax_minor, h.currency) as tax, sales.money(shipping_minor, h.currency) as shipping,
            sales.money(total_minor, h.currency) as total, fulfilled_quantity as "fulfilledQuantity", cancelled_quantity as "cancelledQuantity"
       from sales.order_line where order_id = h.id) l) as lines`,
  payments: `
  (select coalesce(json_agg(row_to_json(p) order by p.sequence), '[]') from (
     select id, order_id as "orderId", sequence, method, state, sales.money(amount_minor, h.currency) as amount, sales.money(captured_minor, h.currency) as captured,
            installments, provider, platform.instant(recorded_at) as "recordedAt",
            (select coalesce(json_agg(row_to_json(e) order by e.system, e.id), '[]') from (
               select x.system, x.id from sales.external_id x where x.subject_id = payment.id) e) as "externalIds"
       from sales.payment where order_id = h.id) p) as payments`,
  refunds: `
  (select coalesce(json_agg(row_to_json(r) order by r.id), '[]') from (
     select id, order_id as "orderId", payment_id as "paymentId", state, sales.money(amount_minor, h.currency) as amount, reason, provider,
            platform.instant(recorded_at) as "recordedAt",
            (select coalesce(json_agg(row_to_json(e) order by e.system, e.id), '[]') from (
               select x.system, x.id from sales.external_id x where x.subject_id = refund.id) e) as "externalIds"
       from sales.refund where order_id = h.id) r) as refunds`,
  fulfilments: `
  (select coalesce(json_agg(row_to_json(f) order by f.id), '[]') from (
     select id, order_id as "orderId", state, lines, carrier, tracking_code as "trackingCode", platform.instant(recorded_at) as "recordedAt",
            platform.instant(shipped_at) as "shippedAt", platform.instant(delivered_at) as "deliveredAt",
            (select coalesce(json_agg(row_to_json(e) order by e.system, e.id), '[]') from (
               select x.system, x.id from sales.external_id x where x.subject_id = fulfilment.id) e) as "externalIds"
       from sales.fulfilment where order_id = h.id) f) as fulfilments`,
} as const;

const WHOLE_ORDER =
  'select h.id, h.version, (select row_to_json(o) from (select ' + HEADER_MEMBERS + ',' + Object.values(PARTS).join(',') + ') o)::text as text from sales.order_header h ';

const READ = sql<OrderText>('order.read', WHOLE_ORDER + 'where h.id = $1');

const READ_BY_REFERENCE = sql<OrderText>(
  'order.read_by_reference',
  WHOLE_ORDER + `where h.id = (select subject_id from sales.external_id where kind = 'order' and system = $1 and id = $2)`,
);

/** One order with its lines, payments, refunds and fulfilments. */
@Injectable()
export class OrderView {
  constructor(private readonly database: Database) {}

  /** @param from the transaction that has just written it, to show that. @throws DomainError missing */
  async read(id: Id, from: Sql = this.database): Promise<OrderText> {
    const [row] = await from.query(READ, [id]);
    if (!row) throw notFound('order', id);
    return row;
  }

  /** @throws DomainError missing */
  async readByReference({ system, id }: ExternalReference): Promise<OrderText> {
    const [row] = await this.database.query(READ_BY_REFERENCE, [system, id]);
    if (!row) throw notFound('order', `${id} of ${system}`);
    return row;
  }
}

/** What `OrderView.read` will say about an order just placed, so that placing needs no second statement. */
export function placedOrderText(order: Order, number: string, productIds: readonly (Id | null)[], at: Date): string {
  const { id, version, customerId, state, sourceStatus, channel, currency, placedAt, externalIds, lines } = order.snapshot();
  const { quantity, ...totals } = order.totals;
  const money = (minor: number) => toMoneyText({ minor, currency });
  const none = money(0);
  return JSON.stringify({
    id, version: version + 1, number, customerId, status: state, sourceStatus, channel, currency, quantity,
    subtotal: money(totals.subtotalMinor), discount: money(totals.discountMinor), tax: money(totals.taxMinor), shipping: money(totals.shippingMinor),
    total: money(totals.totalMinor), paid: none, authorized: none, refunded: none,
    cancelReason: null, placedAt, createdAt: at, updatedAt: at, externalIds,
    lines: lines.map((line, index) => ({
      number: line.number, productId: productIds[index] ?? null, sku: line.sku, name: line.name, quantity: line.quantity, unitPrice: money(line.unitPriceMinor),
      discount: money(line.discountMinor), tax: money(line.taxMinor), shipping: money(line.shippingMinor), total: money(line.totalMinor),
      fulfilledQuantity: 0, cancelledQuantity: 0,
    })),
    payments: [], refunds: [], fulfilments: [],
  });
}
