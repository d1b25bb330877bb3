import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../kernel/actor.js';
import { Database } from '../../platform/database/database.js';
import { JobType, type JobHandler } from '../../platform/jobs/job.js';
import { sumTagCounts } from '../persistence/tag-counts.js';

export class SumTagCountsPayload {}

export const SumTagCountsJob = new JobType('customer.sum_tag_counts', SumTagCountsPayload, { tries: 3, backoffSeconds: 60, concurrency: 1 });

/** Keeps the list of tags as short as there are tags, and forgets those nobody has any more. */
@Injectable()
export class SumTagCounts implements JobHandler<SumTagCountsPayload> {
  constructor(private readonly database: Database) {}

  async run(): Promise<void> {
    await this.database.transaction(SYSTEM, sumTagCounts);
  }
}
