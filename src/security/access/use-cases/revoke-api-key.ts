import { Injectable } from '@nestjs/common';
import { notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import { ApiKeys } from '../persistence/api-keys.js';

@Injectable()
export class RevokeApiKey {
  constructor(private readonly keys: ApiKeys) {}

  /** @throws DomainError missing if there is no such key that still works. */
  async run(tx: Tx, id: Id): Promise<void> {
    if (!(await this.keys.revoke(tx, id))) throw notFound('API key', id);
    tx.audit({ action: 'api_key.revoked', subjectType: 'api_key', subjectId: id });
  }
}
