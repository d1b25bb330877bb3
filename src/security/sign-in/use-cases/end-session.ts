import { Injectable } from '@nestjs/common';
import { notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import { Sessions } from '../persistence/sessions.js';

/** Signs out: one's own session, this one or another. */
@Injectable()
export class EndSession {
  constructor(private readonly sessions: Sessions) {}

  /** @throws DomainError missing if the caller has no such session that is still alive. */
  async run(tx: Tx, id: Id): Promise<void> {
    if (!(await this.sessions.endOwn(tx, id, tx.actor.id))) throw notFound('session', id);
    tx.audit({ action: 'session.ended', subjectType: 'session', subjectId: id, details: { reason: 'sign_out' } });
  }
}
