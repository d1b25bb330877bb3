import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../../kernel/actor.js';
import { Database } from '../../../platform/database/database.js';
import { JobType, type JobHandler } from '../../../platform/jobs/job.js';
import { ExportRepository } from '../persistence/export.repository.js';

export class ForgetExportsPayload {}

export const ForgetExpiredExports = new JobType('integration.forget_exports', ForgetExportsPayload, { tries: 3, backoffSeconds: 60, concurrency: 1 });

/** Deleting pieces of large files takes a while, so few go at a time. */
const AT_A_TIME = 10;

/** Deletes exports whose time is up, with their files and keys. */
@Injectable()
export class ForgetExports implements JobHandler<ForgetExportsPayload> {
  constructor(
    private readonly database: Database,
    private readonly exports: ExportRepository,
  ) {}

  async run(): Promise<void> {
    while ((await this.database.transaction(SYSTEM, (tx) => this.exports.forget(tx, AT_A_TIME))) === AT_A_TIME);
  }
}
