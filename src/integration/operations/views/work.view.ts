import { Injectable } from '@nestjs/common';
import { Cursors } from '../../../platform/http/cursor.js';
import { pageOf, type Page } from '../../../platform/http/page.js';
import { Jobs, type FailedJob } from '../../../platform/jobs/jobs.js';
import type { OperationView } from '../../../platform/jobs/operation.js';
import { Operations, type OperationFilter } from '../../../platform/jobs/operations.js';

const OPERATIONS = 'operations:-createdAt';
const FAILED_JOBS = 'failed-jobs:-failedAt';

/** Lists of work that goes on beside the requests. */
@Injectable()
export class WorkView {
  constructor(
    private readonly operations: Operations,
    private readonly jobs: Jobs,
    private readonly cursors: Cursors,
  ) {}

  /** The latest first. */
  async listOperations(filter: OperationFilter, cursor: string | undefined, limit: number): Promise<Page<OperationView>> {
    const after = this.after(OPERATIONS, cursor);
    const found = await this.operations.list(filter, after && { createdAt: after.at, id: after.id }, limit + 1);
    return pageOf(found, limit, ({ createdAt, id }) => this.cursors.encode(OPERATIONS, [createdAt.toISOString(), id]));
  }

  /** Jobs that were tried as often as they may be, the latest first. */
  async listFailedJobs(name: string | undefined, cursor: string | undefined, limit: number): Promise<Page<FailedJob>> {
    const after = this.after(FAILED_JOBS, cursor);
    const found = await this.jobs.failed({ name }, after && { failedAt: after.at, id: after.id }, limit + 1);
    return pageOf(found, limit, ({ failedAt, id }) => this.cursors.encode(FAILED_JOBS, [failedAt.toISOString(), id]));
  }

  private after(list: string, cursor: string | undefined): { at: Date; id: string } | undefined {
    if (cursor === undefined) return undefined;
    const [at, id] = this.cursors.decode(list, cursor);
    return { at: new Date(String(at)), id: String(id) };
  }
}
