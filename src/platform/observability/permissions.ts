import type { Permission } from '../../kernel/permission.js';

export const METRICS_READ = 'metrics:read';

export const platformPermissions: readonly Permission[] = [
  { name: METRICS_READ, title: 'Scrape metrics', roles: ['manager'] },
];
