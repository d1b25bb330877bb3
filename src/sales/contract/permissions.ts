import type { Permission } from '../../kernel/permission.js';

export const ORDER_READ = 'order:read';
export const ORDER_WRITE = 'order:write';
export const PAYMENT_WRITE = 'payment:write';
export const PRODUCT_READ = 'product:read';
export const PRODUCT_WRITE = 'product:write';

export const salesPermissions: readonly Permission[] = [
  { name: ORDER_READ, title: 'Read orders with payments, refunds and fulfilments', roles: ['manager', 'agent', 'viewer', 'integration'] },
  { name: ORDER_WRITE, title: 'Place, fulfil and cancel orders', roles: ['manager', 'agent', 'integration'] },
  { name: PAYMENT_WRITE, title: 'Record payments and refunds', roles: ['manager', 'integration'] },
  { name: PRODUCT_READ, title: 'Read products', roles: ['manager', 'agent', 'viewer', 'integration'] },
  { name: PRODUCT_WRITE, title: 'Create and change products', roles: ['manager', 'integration'] },
];
