import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import type { Tx } from '../../../platform/database/tx.js';
import { JobType, type JobHandler } from '../../../platform/jobs/job.js';
import { UploadRepository } from '../persistence/upload.repository.js';

export class ForgetUploadsPayload {}

export const ForgetExpiredUploads = new JobType('integration.forget_uploads', ForgetUploadsPayload, { tries: 3, backoffSeconds: 60, concurrency: 1 });

/** Deleting pieces of large files takes a while, so few go at a time. */
const AT_A_TIME = 10;

/** Deletes files whose time is up, with their keys and the lines that were refused of them. */
@Injectable()
export class ForgetUploads implements JobHandler<ForgetUploadsPayload> {
  constructor(
    private readonly database: Database,
    private readonly uploads: UploadRepository,
  ) {}

  async run(): Promise<void> {
    while ((await this.database.transaction(SYSTEM, (tx) => this.some(tx))) === AT_A_TIME);
  }

  private async some(tx: Tx): Promise<number> {
    const ids: Id[] = await this.uploads.expired(tx, AT_A_TIME);
    for (const id of ids) await this.uploads.delete(tx, id);
    return ids.length;
  }
}
