import type { Permission } from '../../kernel/permission.js';

export const CUSTOMER_READ = 'customer:read';
export const CUSTOMER_WRITE = 'customer:write';
export const CUSTOMER_DELETE = 'customer:delete';
export const CUSTOMER_ERASE = 'customer:erase';

export const customerPermissions: readonly Permission[] = [
  { name: CUSTOMER_READ, title: 'Read customers, their timeline and overview', roles: ['manager', 'agent', 'viewer', 'integration'] },
  { name: CUSTOMER_WRITE, title: 'Register and change customers', roles: ['manager', 'agent', 'integration'] },
  { name: CUSTOMER_DELETE, title: 'Delete customers', roles: ['manager'] },
  { name: CUSTOMER_ERASE, title: 'Erase a person for good', roles: ['manager'] },
];
