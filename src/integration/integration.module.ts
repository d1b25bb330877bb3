import { Module, type DynamicModule } from '@nestjs/common';
import type { EventType } from '../kernel/event.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { Operations } from '../platform/jobs/operations.js';
import { ConsumersController } from './http/consumers.controller.js';
import { EventsController } from './http/events.controller.js';
import { ImportsController } from './http/imports.controller.js';
import { OperationsController } from './http/operations.controller.js';
import { UploadsController } from './http/uploads.controller.js';
import { ImportProblemRepository } from './persistence/import-problem.repository.js';
import { ImportRepository } from './persistence/import.repository.js';
import { UploadContent } from './persistence/upload-content.js';
import { UploadRepository } from './persistence/upload.repository.js';
import { ForgetExpiredUploads, ForgetUploads } from './use-cases/forget-uploads.js';
import { LookIntoUpload } from './use-cases/look-into-upload.js';
import { ReceiveUpload } from './use-cases/receive-upload.js';
import { RunImport } from './use-cases/run-import.js';
import { IMPORT, StartImport } from './use-cases/start-import.js';
import { EventFeedView, PUBLISHED_EVENTS } from './views/event-feed.view.js';
import { ImportProblemsView } from './views/import-problems.view.js';
import { ImportsView } from './views/imports.view.js';
import { OperationStream } from './views/operation-stream.js';
import { ParkedEventsView } from './views/parked-events.view.js';
import { WorkView } from './views/work.view.js';

export interface IntegrationOptions {
  /** Every event the contexts publish. */
  readonly events: readonly EventType<object>[];
}

/** Files in, events out, and the work that goes on between. */
@Module({})
export class IntegrationModule {
  constructor(jobs: Jobs, operations: Operations, runImport: RunImport, forgetUploads: ForgetUploads) {
    operations.register(IMPORT, runImport);
    jobs.handle(ForgetExpiredUploads, forgetUploads);
    jobs.schedule(ForgetExpiredUploads, { key: 'integration.forget_uploads', cron: '7 * * * *', timeZone: 'UTC', payload: {} });
  }

  static forRoot({ events }: IntegrationOptions): DynamicModule {
    return {
      module: IntegrationModule,
      controllers: [UploadsController, ImportsController, OperationsController, EventsController, ConsumersController],
      providers: [
        { provide: PUBLISHED_EVENTS, useValue: events },
        ReceiveUpload, LookIntoUpload, StartImport, RunImport, ForgetUploads,
        ImportsView, ImportProblemsView, OperationStream, WorkView, EventFeedView, ParkedEventsView,
        UploadRepository, UploadContent, ImportRepository, ImportProblemRepository,
      ],
    };
  }
}
