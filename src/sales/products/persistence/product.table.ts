import { EntitySchema } from 'typeorm';

const schema = 'sales';

export interface ProductRow {
  id: string;
  version: number;
  sku: string;
  name: string;
  status: 'active' | 'archived';
  category: string | null;
  price_minor: number | null;
  currency: string | null;
  attributes: object;
  created_at: Date;
  updated_at: Date;
}

export const ProductTable = new EntitySchema<ProductRow>({
  name: 'sales.product',
  schema,
  tableName: 'product',
  columns: {
    id: { type: 'uuid', primary: true },
    version: { type: 'int' },
    sku: { type: 'text' },
    name: { type: 'text' },
    status: { type: 'text' },
    category: { type: 'text', nullable: true },
    price_minor: { type: 'bigint', nullable: true },
    currency: { type: 'text', nullable: true },
    attributes: { type: 'jsonb' },
    created_at: { type: 'timestamptz' },
    updated_at: { type: 'timestamptz' },
  },
  uniques: [{ name: 'product_sku', columns: ['sku'] }],
  indices: [
    { name: 'product_created', columns: ['created_at', 'id'] },
    { name: 'product_category', columns: ['category', 'created_at', 'id'] },
  ],
  checks: [
    { name: 'product_status', expression: `status in ('active', 'archived')` },
    { name: 'product_price', expression: 'price_minor >= 0' },
    { name: 'product_priced', expression: '(price_minor is null) = (currency is null)' },
  ],
});
