import { Inject, Injectable } from '@nestjs/common';
import { SYSTEM } from '../../../kernel/actor.js';
import type { Permission } from '../../../kernel/permission.js';
import type { Tx } from '../../../platform/database/tx.js';
import { builtInRoles } from '../domain/roles.js';
import { Roles } from '../persistence/roles.js';

/** Every permission that some context declares, as app.module.ts hands them in. */
export const DECLARED_PERMISSIONS = Symbol('declared permissions');

/** At each start: the built-in roles hold what this release declares. */
@Injectable()
export class SynchroniseRoles {
  constructor(
    private readonly roles: Roles,
    @Inject(DECLARED_PERMISSIONS) private readonly permissions: readonly Permission[],
  ) {}

  async run(tx: Tx): Promise<void> {
    const changed = await this.roles.synchronise(tx, builtInRoles(this.permissions));
    if (changed.length > 0) tx.audit({ action: 'roles.synchronised', subjectType: 'role', subjectId: SYSTEM.id, details: { roles: changed.join(' ') } });
  }
}
