import type { Id } from '../../kernel/id.js';
import type { OperationError, OperationStatus, OperationView } from './operation.js';

export interface OperationRow {
  readonly id: Id;
  readonly kind: string;
  readonly status: OperationStatus;
  readonly done: number;
  readonly total: number | null;
  readonly result: object | null;
  readonly error: OperationError | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly finished_at: Date | null;
}

export function toOperationView(row: OperationRow): OperationView {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    progress: { done: row.done, total: row.total },
    result: row.result,
    error: row.error,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
  };
}
