import { EntitySchema } from 'typeorm';
import type { FulfilmentState } from '../domain/fulfilment-state.js';
import type { OrderState } from '../domain/order-state.js';
import type { PaymentState } from '../domain/payment-state.js';
import type { RefundState } from '../domain/refund-state.js';
import type { FulfilledLine } from '../domain/shipments.js';

const schema = 'sales';
const ORDER = 'sales.order_header';
const kept = { type: 'bigint', default: 0 } as const;

export interface OrderHeaderRow {
  id: string;
  version: number;
  part_changes: number;
  number: string;
  customer_id: string;
  status: OrderState;
  source_status: string | null;
  channel: string | null;
  currency: string;
  quantity: number;
  subtotal_minor: number;
  discount_minor: number;
  tax_minor: number;
  shipping_minor: number;
  total_minor: number;
  paid_minor: number;
  authorized_minor: number;
  refunded_minor: number;
  cancel_reason: string | null;
  placed_at: Date;
  created_at: Date;
  updated_at: Date;
}

export const OrderHeaderTable = new EntitySchema<OrderHeaderRow>({
  name: ORDER,
  schema,
  tableName: 'order_header',
  columns: {
    id: { type: 'uuid', primary: true },
    version: { type: 'int' },
    part_changes: { type: 'int', default: 0 },
    number: { type: 'text' },
    customer_id: { type: 'uuid' },
    status: { type: 'text' },
    source_status: { type: 'text', nullable: true },
    channel: { type: 'text', nullable: true },
    currency: { type: 'text' },
    quantity: { type: 'int', default: 0 },
    subtotal_minor: kept,
    discount_minor: kept,
    tax_minor: kept,
    shipping_minor: kept,
    total_minor: kept,
    paid_minor: kept,
    authorized_minor: kept,
    refunded_minor: kept,
    cancel_reason: { type: 'text', nullable: true },
    placed_at: { type: 'timestamptz' },
    created_at: { type: 'timestamptz' },
    updated_at: { type: 'timestamptz' },
  },
  uniques: [{ name: 'order_number_key', columns: ['number'] }],
  indices: [
    { name: 'order_customer', columns: ['customer_id', 'placed_at', 'id'] },
    { name: 'order_placed', columns: ['placed_at', 'id'] },
    { name: 'order_status_placed', columns: ['status', 'placed_at', 'id'] },
  ],
  checks: [
    {
      name: 'order_status',
      expression: `status in ('created', 'adding_items', 'draft', 'arranging_payment', 'payment_authorized', 'payment_settled',
        'partially_shipped', 'shipped', 'partially_delivered', 'delivered', 'modifying', 'arranging_additional_payment', 'cancelled')`,
    },
  ],
});

export interface OrderLineRow {
  order_id: string;
  number: number;
  product_id: string | null;
  sku: string | null;
  name: string;
  quantity: number;
  unit_price_minor: number;
  discount_minor: number;
  tax_minor: number;
  shipping_minor: number;
  total_minor: number;
  fulfilled_quantity: number;
  cancelled_quantity: number;
  revision: number;
}

export const OrderLineTable = new EntitySchema<OrderLineRow>({
  name: 'sales.order_line',
  schema,
  tableName: 'order_line',
  columns: {
    order_id: { type: 'uuid', primary: true },
    number: { type: 'int', primary: true },
    product_id: { type: 'uuid', nullable: true },
    sku: { type: 'text', nullable: true },
    name: { type: 'text' },
    quantity: { type: 'int' },
    unit_price_minor: { type: 'bigint' },
    discount_minor: { type: 'bigint' },
    tax_minor: { type: 'bigint' },
    shipping_minor: { type: 'bigint' },
    total_minor: { type: 'bigint' },
    fulfilled_quantity: { type: 'int', default: 0 },
    cancelled_quantity: { type: 'int', default: 0 },
    revision: { type: 'int', default: 1 },
  },
  indices: [{ name: 'order_line_of_product', columns: ['product_id'], where: 'product_id is not null' }],
  foreignKeys: [
    { name: 'order_line_order', target: ORDER, columnNames: ['order_id'], referencedColumnNames: ['id'] },
    { name: 'order_line_product', target: 'sales.product', columnNames: ['product_id'], referencedColumnNames: ['id'] },
  ],
  checks: [
    { name: 'order_line_quantity', expression: 'quantity > 0' },
    {
      name: 'order_line_fulfilled',
      expression: 'fulfilled_quantity >= 0 and cancelled_quantity >= 0 and fulfilled_quantity + cancelled_quantity <= quantity',
    },
  ],
});

export interface PaymentRow {
  id: string;
  order_id: string;
  sequence: number;
  method: string;
  state: PaymentState;
  amount_minor: number;
  captured_minor: number;
  installments: number | null;
  provider: string | null;
  recorded_at: Date;
  revision: number;
}

export const PaymentTable = new EntitySchema<PaymentRow>({
  name: 'sales.payment',
  schema,
  tableName: 'payment',
  columns: {
    id: { type: 'uuid', primary: true },
    order_id: { type: 'uuid' },
    sequence: { type: 'int' },
    method: { type: 'text' },
    state: { type: 'text' },
    amount_minor: { type: 'bigint' },
    captured_minor: { type: 'bigint' },
    installments: { type: 'int', nullable: true },
    provider: { type: 'text', nullable: true },
    recorded_at: { type: 'timestamptz' },
    revision: { type: 'int', default: 1 },
  },
  uniques: [{ name: 'payment_sequence', columns: ['order_id', 'sequence'] }],
  foreignKeys: [{ name: 'payment_order', target: ORDER, columnNames: ['order_id'], referencedColumnNames: ['id'] }],
  checks: [
    { name: 'payment_state', expression: `state in ('created', 'authorized', 'settled', 'declined', 'error', 'cancelled')` },
    { name: 'payment_amount', expression: 'amount_minor >= 0' },
    { name: 'payment_captured', expression: `captured_minor between 0 and amount_minor and (captured_minor = 0 or state = 'settled')` },
  ],
});

export interface RefundRow {
  id: string;
  order_id: string;
  payment_id: string | null;
  state: RefundState;
  amount_minor: number;
  reason: string | null;
  provider: string | null;
  recorded_at: Date;
  revision: number;
}

export const RefundTable = new EntitySchema<RefundRow>({
  name: 'sales.refund',
  schema,
  tableName: 'refund',
  columns: {
    id: { type: 'uuid', primary: true },
    order_id: { type: 'uuid' },
    payment_id: { type: 'uuid', nullable: true },
    state: { type: 'text' },
    amount_minor: { type: 'bigint' },
    reason: { type: 'text', nullable: true },
    provider: { type: 'text', nullable: true },
    recorded_at: { type: 'timestamptz' },
    revision: { type: 'int', default: 1 },
  },
  indices: [
    { name: 'refund_order_id', columns: ['order_id'] },
    { name: 'refund_payment_id', columns: ['payment_id'], where: 'payment_id is not null' },
  ],
  foreignKeys: [
    { name: 'refund_order', target: ORDER, columnNames: ['order_id'], referencedColumnNames: ['id'] },
    { name: 'refund_payment', target: 'sales.payment', columnNames: ['payment_id'], referencedColumnNames: ['id'] },
  ],
  checks: [
    { name: 'refund_state', expression: `state in ('pending', 'settled', 'failed')` },
    { name: 'refund_amount', expression: 'amount_minor >= 0' },
  ],
});

export interface FulfilmentRow {
  id: string;
  order_id: string;
  state: FulfilmentState;
  lines: FulfilledLine[];
  carrier: string | null;
  tracking_code: string | null;
  recorded_at: Date;
  shipped_at: Date | null;
  delivered_at: Date | null;
  revision: number;
}

export const FulfilmentTable = new EntitySchema<FulfilmentRow>({
  name: 'sales.fulfilment',
  schema,
  tableName: 'fulfilment',
  columns: {
    id: { type: 'uuid', primary: true },
    order_id: { type: 'uuid' },
    state: { type: 'text' },
    lines: { type: 'jsonb' },
    carrier: { type: 'text', nullable: true },
    tracking_code: { type: 'text', nullable: true },
    recorded_at: { type: 'timestamptz' },
    shipped_at: { type: 'timestamptz', nullable: true },
    delivered_at: { type: 'timestamptz', nullable: true },
    revision: { type: 'int', default: 1 },
  },
  indices: [{ name: 'fulfilment_order_id', columns: ['order_id'] }],
  foreignKeys: [{ name: 'fulfilment_order', target: ORDER, columnNames: ['order_id'], referencedColumnNames: ['id'] }],
  checks: [{ name: 'fulfilment_state', expression: `state in ('created', 'pending', 'shipped', 'delivered', 'cancelled')` }],
});

export interface ProviderEventRow {
  provider: string;
  event_id: string;
  order_id: string;
  subject_id: string;
  action: string;
  recorded_at: Date;
}

export const ProviderEventTable = new EntitySchema<ProviderEventRow>({
  name: 'sales.provider_event',
  schema,
  tableName: 'provider_event',
  columns: {
    provider: { type: 'text', primary: true },
    event_id: { type: 'text', primary: true },
    order_id: { type: 'uuid' },
    subject_id: { type: 'uuid' },
    action: { type: 'text' },
    recorded_at: { type: 'timestamptz' },
  },
});
