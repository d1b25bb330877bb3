import type { Permission } from '../../kernel/permission.js';

export const REPORT_READ = 'report:read';

export const analyticsPermissions: readonly Permission[] = [
  { name: REPORT_READ, title: 'Read analyses and reports', roles: ['manager', 'viewer', 'integration'] },
];
