import type { Permission } from '../../kernel/permission.js';

export const IMPORT_RUN = 'import:run';
export const IMPORT_REVERT = 'import:revert';
export const EXPORT_RUN = 'export:run';
export const EVENT_READ = 'event:read';
export const OPERATION_READ = 'operation:read';
export const OPERATION_CANCEL = 'operation:cancel';
export const CONSUMER_READ = 'consumer:read';
export const CONSUMER_MANAGE = 'consumer:manage';

export const integrationPermissions: readonly Permission[] = [
  { name: IMPORT_RUN, title: 'Import files', roles: ['manager', 'integration'] },
  { name: IMPORT_REVERT, title: 'Take imports back', roles: ['manager'] },
  { name: EXPORT_RUN, title: 'Export what one may read to files', roles: ['manager', 'integration'] },
  { name: EVENT_READ, title: 'Follow the event feed', roles: ['manager', 'integration'] },
  { name: OPERATION_READ, title: 'Watch operations', roles: ['manager', 'agent', 'viewer', 'integration'] },
  { name: OPERATION_CANCEL, title: 'Cancel and resume operations', roles: ['manager', 'integration'] },
  { name: CONSUMER_READ, title: 'See how far consumers are and what is parked', roles: ['manager'] },
  { name: CONSUMER_MANAGE, title: 'Replay consumers, redrive and discard parked events and failed jobs', roles: [] },
];
