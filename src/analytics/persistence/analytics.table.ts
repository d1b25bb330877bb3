import { EntitySchema } from 'typeorm';

const schema = 'analytics';

export interface OrderFactRow {
  order_id: string;
  revision: number;
  customer_id: string;
  status: string;
  counted: boolean;
  source_status: string | null;
  channel: string | null;
  currency: string;
  total_minor: number;
  paid_minor: number;
  refunded_minor: number;
  quantity: number;
  placed_at: Date;
}

export const OrderFactTable = new EntitySchema<OrderFactRow>({
  name: 'analytics.order_fact',
  schema,
  tableName: 'order_fact',
  columns: {
    order_id: { type: 'uuid', primary: true },
    revision: { type: 'int' },
    customer_id: { type: 'uuid' },
    status: { type: 'text' },
    counted: { type: 'boolean' },
    source_status: { type: 'text', nullable: true },
    channel: { type: 'text', nullable: true },
    currency: { type: 'text' },
    total_minor: { type: 'bigint' },
    paid_minor: { type: 'bigint' },
    refunded_minor: { type: 'bigint' },
    quantity: { type: 'int' },
    placed_at: { type: 'timestamptz' },
  },
  // TypeORM has no word for INCLUDE, so the migration alone makes these.
  indices: [
    { name: 'order_fact_customer', synchronize: false },
    { name: 'order_fact_placed', synchronize: false },
  ],
});

export interface CustomerTotalRow {
  currency: string;
  customer_id: string;
  orders: number;
  total_minor: number;
  first_at: Date;
  last_at: Date;
}

export const CustomerTotalTable = new EntitySchema<CustomerTotalRow>({
  name: 'analytics.customer_total',
  schema,
  tableName: 'customer_total',
  columns: {
    currency: { type: 'text', primary: true, primaryKeyConstraintName: 'customer_total_pkey' },
    customer_id: { type: 'uuid', primary: true, primaryKeyConstraintName: 'customer_total_pkey' },
    orders: { type: 'int' },
    total_minor: { type: 'bigint' },
    first_at: { type: 'timestamptz' },
    last_at: { type: 'timestamptz' },
  },
});

export interface PaymentFactRow {
  payment_id: string;
  revision: number;
  order_id: string;
  method: string;
  state: string;
  currency: string;
  amount_minor: number;
  recorded_at: Date;
}

export const PaymentFactTable = new EntitySchema<PaymentFactRow>({
  name: 'analytics.payment_fact',
  schema,
  tableName: 'payment_fact',
  columns: {
    payment_id: { type: 'uuid', primary: true },
    revision: { type: 'int' },
    order_id: { type: 'uuid' },
    method: { type: 'text' },
    state: { type: 'text' },
    currency: { type: 'text' },
    amount_minor: { type: 'bigint' },
    recorded_at: { type: 'timestamptz' },
  },
  indices: [{ name: 'payment_fact_recorded', synchronize: false }],
});

export const analyticsTables = [OrderFactTable, CustomerTotalTable, PaymentFactTable];
