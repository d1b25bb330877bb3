import type { Permission } from '../../kernel/permission.js';

export const USER_MANAGE = 'user:manage';
export const API_KEY_MANAGE = 'api_key:manage';
export const AUDIT_READ = 'audit:read';

export const securityPermissions: readonly Permission[] = [
  { name: USER_MANAGE, title: 'Manage staff users and their roles', roles: [] },
  { name: API_KEY_MANAGE, title: 'Issue and revoke API keys', roles: [] },
  { name: AUDIT_READ, title: 'Read and verify the audit trail', roles: [] },
];
