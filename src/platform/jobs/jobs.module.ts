import { Global, Module } from '@nestjs/common';
import { Housekeeping } from './housekeeping.js';
import { JobRunner } from './job-runner.js';
import { JOB_SETTINGS, jobSettings } from './job-settings.js';
import { Jobs } from './jobs.js';
import { Pace } from './pace.js';
import { QueueEngine } from './queue-engine.js';
import { Operations } from './operations.js';

/** Jobs, schedules and operations (DESIGN §6). */
@Global()
@Module({
  providers: [{ provide: JOB_SETTINGS, useValue: jobSettings }, QueueEngine, Jobs, JobRunner, Operations, Pace, Housekeeping],
  exports: [Jobs, JobRunner, Operations],
})
export class JobsModule {}
