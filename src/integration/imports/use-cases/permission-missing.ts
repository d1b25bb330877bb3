import { DomainError } from '../../../kernel/domain-error.js';
import type { ImportDefinition } from '../../../platform/transfer/import-definition.js';

export function permissionMissing({ resource, permission }: ImportDefinition): DomainError {
  return new DomainError('forbidden', 'permission_missing', `Importing ${resource} needs the permission ${permission} beside import:run. Ask an administrator for it.`);
}
