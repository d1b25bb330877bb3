import { Injectable } from '@nestjs/common';
import { may } from '../../../kernel/actor.js';
import { DomainError, notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { OperationView } from '../../../platform/jobs/operation.js';
import { Operations } from '../../../platform/jobs/operations.js';
import { Imports } from '../../../platform/transfer/imports.js';
import { ImportRepository } from '../persistence/import.repository.js';
import type { RevertParameters } from './run-revert.js';

export const IMPORT_REVERSAL = 'integration.import_revert';

/** Starts the operation that takes an import back. What stayed the first time is tried again the second, for what needed it may be gone by then. */
@Injectable()
export class RevertImport {
  constructor(
    private readonly orders: ImportRepository,
    private readonly imports: Imports,
    private readonly operations: Operations,
  ) {}

  /** @throws DomainError missing, forbidden, or conflict for a trial, an import that still runs, or one that is being taken back. */
  async run(tx: Tx, importId: Id): Promise<OperationView> {
    const order = await this.orders.get(tx, importId);
    if (!order) throw notFound('import', importId);
    const permission = this.imports.get(order.resource)?.permission;
    if (permission === undefined || !may(tx.actor, permission)) {
      throw new DomainError('forbidden', 'permission_missing', `Taking back an import of ${order.resource} needs ${permission ?? 'a permission nobody has any more'} beside import:revert. Ask an administrator for it.`);
    }
    if (order.dryRun) throw new DomainError('conflict', 'nothing_to_revert', `The import ${importId} was a trial and kept nothing, so there is nothing to take back.`);
    const operation = await this.operations.start(tx, IMPORT_REVERSAL, { importId } satisfies RevertParameters);
    const former = await this.orders.revertBy(tx, importId, operation.id);
    // Looked at only now, when no chunk of the import can be under way and none can follow.
    if (await this.goesOn(importId)) {
      throw new DomainError('conflict', 'import_running', `The import ${importId} still runs. Wait for its end or cancel its operation, then take it back.`);
    }
    if (former !== null && (await this.goesOn(former))) {
      throw new DomainError('conflict', 'revert_running', `The import ${importId} is being taken back by the operation ${former}. Wait for its end.`, { facts: { operationId: former } });
    }
    tx.audit({ action: 'import.reverted', subjectType: 'operation', subjectId: importId, details: { operationId: operation.id } });
    return operation;
  }

  private async goesOn(operationId: Id): Promise<boolean> {
    const { status } = await this.operations.get(operationId);
    return status === 'queued' || status === 'running';
  }
}
