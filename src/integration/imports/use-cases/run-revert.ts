import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { OperationDefinition, OperationRun, Progress } from '../../../platform/jobs/operation.js';
import type { ImportDefinition, RecordKey } from '../../../platform/transfer/import-definition.js';
import { Imports } from '../../../platform/transfer/imports.js';
import { recordKey } from '../../../platform/transfer/take-back.js';
import { IMPORT_REVERT } from '../../contract/permissions.js';
import { ImportRecords } from '../persistence/import-records.js';
import { ImportRepository } from '../persistence/import.repository.js';

export interface RevertParameters {
  readonly importId: Id;
}

/** How far it came. First the ledger is looked through, then the records are gone through in the order of their keys. */
export interface RevertState {
  /** Set once the ledger is looked through; records up to it are dealt with. */
  readonly after?: RecordKey;
  readonly reverted: number;
  readonly isDone: boolean;
}

type Run = OperationRun<RevertParameters, RevertState>;

const RECORDS_AT_ONCE = 500;
const FIRST: RecordKey = { id: '00000000-0000-0000-0000-000000000000', part: -1 };

/**
 * Takes back what an import made and nobody has changed since, chunk by chunk. Each chunk commits with the records that are
 * gone, those that stay and why, and how far it came, so a run that is cut off or cancelled goes on behind the last chunk.
 */
@Injectable()
export class RunRevert implements OperationDefinition<RevertParameters, RevertState> {
  readonly permission = IMPORT_REVERT;

  constructor(
    private readonly database: Database,
    private readonly imports: Imports,
    private readonly orders: ImportRepository,
    private readonly records: ImportRecords,
  ) {}

  async run(operation: Run): Promise<void> {
    const { importId } = operation.parameters;
    const order = await this.orders.get(this.database, importId);
    if (!order) throw notFound('import', importId);
    const definition = this.imports.get(order.resource);
    if (!definition) throw new DomainError('rule', 'unknown_resource', `This release imports no "${order.resource}".`);
    while (!operation.state.isDone) {
      await operation.step(async (tx) => {
        await this.mustBeTheLast(tx, operation);
        return operation.state.after ? this.takeBack(tx, operation, definition) : this.lookThrough(tx, operation);
      });
    }
    const kept = await this.records.count(this.database, importId);
    await operation.finish({ importId, resource: order.resource, reverted: operation.state.reverted ?? 0, kept });
  }

  /** A cancelled one that is resumed after another was started would go through the same records. */
  private async mustBeTheLast(tx: Tx, operation: Run): Promise<void> {
    const { importId } = operation.parameters;
    const order = await this.orders.get(tx, importId);
    if (order?.revertId === operation.id) return;
    throw new DomainError('rule', 'revert_superseded', `Another operation, ${order?.revertId ?? 'unknown'}, takes the import ${importId} back. Follow that one.`);
  }

  private async lookThrough(tx: Tx, { parameters: { importId }, done }: Run): Promise<Progress<RevertState>> {
    const isMore = await this.records.fold(tx, importId);
    return isMore
      ? { done, state: { reverted: 0, isDone: false } }
      : { done, total: await this.records.count(tx, importId), state: { after: FIRST, reverted: 0, isDone: false } };
  }

  private async takeBack(tx: Tx, operation: Run, definition: ImportDefinition): Promise<Progress<RevertState>> {
    const { parameters: { importId }, state, done } = operation;
    const reverted = state.reverted ?? 0;
    const page = await this.records.page(tx, importId, state.after!, operation.portion(RECORDS_AT_ONCE));
    const last = page.at(-1);
    if (!last) return { done, state: { after: state.after, reverted, isDone: true } };

    const made = page.filter(({ before }) => before === 0);
    const outcome = await definition.revert(tx, made.map(({ id, part, version }) => ({ id, part, version })));
    const changed = page.filter(({ before }) => before > 0).map(({ id, part }) => ({ id, part, reason: 'updated_not_made' as const }));
    const stays = [...outcome.kept, ...changed];
    const staying = new Set(stays.map(recordKey));
    await this.records.settle(tx, importId, stays, page.filter((record) => !staying.has(recordKey(record))));
    return { done: done + page.length, state: { after: { id: last.id, part: last.part }, reverted: reverted + outcome.reverted, isDone: false } };
  }
}
