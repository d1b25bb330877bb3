import { Injectable } from '@nestjs/common';
import { notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import type { OperationView } from '../../../platform/jobs/operation.js';
import { Operations } from '../../../platform/jobs/operations.js';
import type { ImportDefinition } from '../../../platform/transfer/import-definition.js';
import { Imports } from '../../../platform/transfer/imports.js';
import type { OnError } from '../domain/import-profile.js';
import { LINES_OF_A_TRIAL } from '../domain/trial.js';
import { ImportRepository, type ImportCounts } from '../persistence/import.repository.js';

/** An import and how far it is. */
export interface ImportView extends Omit<OperationView, 'kind' | 'result'> {
  readonly resource: string;
  readonly uploadId: Id;
  readonly dryRun: boolean;
  readonly timeZone: string;
  readonly currency: string;
  readonly onError: OnError;
  readonly counts: ImportCounts;
  /** False for a trial too long for one transaction. */
  readonly countsExact: boolean;
  readonly revertId: Id | null;
}

@Injectable()
export class ImportsView {
  constructor(
    private readonly database: Database,
    private readonly imports: Imports,
    private readonly orders: ImportRepository,
    private readonly operations: Operations,
  ) {}

  /** What can be imported, by name. */
  resources(): readonly ImportDefinition[] {
    return [...this.imports.all()].sort((one, other) => (one.resource < other.resource ? -1 : 1));
  }

  /** @throws DomainError missing. */
  async get(operationId: Id): Promise<ImportView> {
    // The operation first: counts read after it are never behind its progress.
    const operation = await this.operations.get(operationId);
    const order = await this.orders.get(this.database, operationId);
    if (!order) throw notFound('import', operationId);
    const { id, status, progress, error, createdAt, updatedAt, finishedAt } = operation;
    const { resource, uploadId, dryRun, settings, onError, counts, revertId } = order;
    const countsExact = !dryRun || (progress.total ?? 0) <= LINES_OF_A_TRIAL;
    return { id, resource, uploadId, dryRun, ...settings, onError, status, progress, counts, countsExact, error, revertId, createdAt, updatedAt, finishedAt };
  }
}
