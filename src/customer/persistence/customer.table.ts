import { EntitySchema } from 'typeorm';

const schema = 'customer';

export const CustomerTable = new EntitySchema({
  name: 'customer.customer',
  schema,
  tableName: 'customer',
  columns: {
    id: { type: 'uuid', primary: true },
    version: { type: 'int' },
    status: { type: 'text' },
    gender: { type: 'text', nullable: true },
    language: { type: 'text', nullable: true },
    country: { type: 'text', nullable: true },
    province: { type: 'text', nullable: true },
    city: { type: 'text', nullable: true },
    source: { type: 'text' },
    tags: { type: 'text', array: true },
    sealed: { type: 'bytea', nullable: true },
    created_at: { type: 'timestamptz' },
    updated_at: { type: 'timestamptz' },
  },
  checks: [
    { name: 'customer_status', expression: `status in ('active', 'deleted', 'erased')` },
    { name: 'customer_sealed', expression: `(sealed is null) = (status = 'erased')` },
  ],
});

export const ExternalIdTable = new EntitySchema({
  name: 'customer.external_id',
  schema,
  tableName: 'external_id',
  columns: {
    system: { type: 'text', primary: true, primaryKeyConstraintName: 'external_id_pkey' },
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'external_id_pkey' },
    customer_id: { type: 'uuid' },
  },
  indices: [{ name: 'external_id_customer', columns: ['customer_id'] }],
});

export const ContactIndexTable = new EntitySchema({
  name: 'customer.contact_index',
  schema,
  tableName: 'contact_index',
  columns: {
    customer_id: { type: 'uuid', primary: true, primaryKeyConstraintName: 'contact_index_pkey' },
    digest: { type: 'bytea', primary: true, primaryKeyConstraintName: 'contact_index_pkey' },
    kind: { type: 'text' },
    shared: { type: 'boolean' },
  },
  indices: [
    { name: 'contact_index_identity', columns: ['digest'], unique: true, where: 'not shared' },
    { name: 'contact_index_shared', columns: ['digest'], where: 'shared' },
  ],
  checks: [{ name: 'contact_index_kind', expression: `kind in ('phone', 'email')` }],
});

export const SearchTable = new EntitySchema({
  name: 'customer.search',
  schema,
  tableName: 'search',
  columns: {
    customer_id: { type: 'uuid', primary: true },
    grams: { type: 'int', array: true },
  },
  indices: [{ name: 'search_grams', synchronize: false }],
});

export const FeaturesTable = new EntitySchema({
  name: 'customer.features',
  schema,
  tableName: 'features',
  columns: {
    customer_id: { type: 'uuid', primary: true },
    status: { type: 'text' },
    created_at: { type: 'timestamptz' },
    gender: { type: 'text', nullable: true },
    language: { type: 'text', nullable: true },
    country: { type: 'text', nullable: true },
    province: { type: 'text', nullable: true },
    city: { type: 'text', nullable: true },
    source: { type: 'text' },
    tags: { type: 'text', array: true },
    order_count: { type: 'int', default: 0 },
    currency: { type: 'text' },
    spent_minor: { type: 'bigint', default: 0 },
    refunded_minor: { type: 'bigint', default: 0 },
    other_totals: { type: 'jsonb', default: [] },
    first_order_at: { type: 'timestamptz', nullable: true },
    last_order_at: { type: 'timestamptz', default: () => `'-infinity'` },
    mean_interval_days: { type: 'double precision', nullable: true },
  },
  indices: [
    { name: 'features_created', columns: ['status', 'created_at', 'customer_id'] },
    { name: 'features_last_order', columns: ['status', 'last_order_at', 'customer_id'] },
    { name: 'features_spent', columns: ['status', 'spent_minor', 'customer_id'] },
    { name: 'features_orders', columns: ['status', 'order_count', 'customer_id'] },
    { name: 'features_city', columns: ['city', 'customer_id'], where: 'city is not null' },
    { name: 'features_province', columns: ['province', 'customer_id'], where: 'province is not null' },
    { name: 'features_tags', synchronize: false },
  ],
});

export const PurchaseTable = new EntitySchema({
  name: 'customer.purchase',
  schema,
  tableName: 'purchase',
  columns: {
    order_id: { type: 'uuid', primary: true },
    revision: { type: 'int' },
    customer_id: { type: 'uuid' },
    status: { type: 'text' },
    counted: { type: 'boolean' },
    currency: { type: 'text' },
    total_minor: { type: 'bigint' },
    paid_minor: { type: 'bigint' },
    refunded_minor: { type: 'bigint' },
    quantity: { type: 'int' },
    channel: { type: 'text', nullable: true },
    placed_at: { type: 'timestamptz' },
  },
  indices: [{ name: 'purchase_customer', columns: ['customer_id', 'placed_at', 'order_id'] }],
});

export const TimelineEntryTable = new EntitySchema({
  name: 'customer.timeline_entry',
  schema,
  tableName: 'timeline_entry',
  columns: {
    customer_id: { type: 'uuid', primary: true, primaryKeyConstraintName: 'timeline_entry_pkey' },
    at: { type: 'timestamptz', primary: true, primaryKeyConstraintName: 'timeline_entry_pkey' },
    id: { type: 'uuid', primary: true, primaryKeyConstraintName: 'timeline_entry_pkey' },
    kind: { type: 'text' },
    event: { type: 'text' },
    facts: { type: 'json' },
  },
});

export const TagCountTable = new EntitySchema({
  name: 'customer.tag_count',
  schema,
  tableName: 'tag_count',
  columns: {
    id: { type: 'uuid', primary: true, default: () => 'uuidv7()' },
    tag: { type: 'text' },
    customers: { type: 'int' },
  },
  indices: [{ name: 'tag_count_tag', synchronize: false }],
});

export const customerTables = [CustomerTable, ExternalIdTable, ContactIndexTable, SearchTable, FeaturesTable, PurchaseTable, TimelineEntryTable, TagCountTable];
