import { Module, type DynamicModule } from '@nestjs/common';
import type { EventType } from '../kernel/event.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { Operations } from '../platform/jobs/operations.js';
import { ConsumersController } from './feed/http/consumers.controller.js';
import { EventsController } from './feed/http/events.controller.js';
import { ExportsController } from './exports/http/exports.controller.js';
import { ExportContent } from './exports/persistence/export-content.js';
import { ExportRepository } from './exports/persistence/export.repository.js';
import { ForgetExpiredExports, ForgetExports } from './exports/use-cases/forget-exports.js';
import { RunExport } from './exports/use-cases/run-export.js';
import { EXPORT, StartExport } from './exports/use-cases/start-export.js';
import { ExportsView } from './exports/views/exports.view.js';
import { ImportsController } from './imports/http/imports.controller.js';
import { OperationsController } from './operations/http/operations.controller.js';
import { UploadsController } from './files/http/uploads.controller.js';
import { ImportProblemRepository } from './imports/persistence/import-problem.repository.js';
import { ImportRepository } from './imports/persistence/import.repository.js';
import { UploadContent } from './files/persistence/upload-content.js';
import { UploadRepository } from './files/persistence/upload.repository.js';
import { ForgetExpiredUploads, ForgetUploads } from './files/use-cases/forget-uploads.js';
import { LookIntoUpload } from './files/use-cases/look-into-upload.js';
import { ReceiveUpload } from './files/use-cases/receive-upload.js';
import { RunImport } from './imports/use-cases/run-import.js';
import { IMPORT, StartImport } from './imports/use-cases/start-import.js';
import { EventFeedView, PUBLISHED_EVENTS } from './feed/views/event-feed.view.js';
import { ImportProblemsView } from './imports/views/import-problems.view.js';
import { ImportsView } from './imports/views/imports.view.js';
import { OperationStream } from './operations/views/operation-stream.js';
import { ParkedEventsView } from './feed/views/parked-events.view.js';
import { WorkView } from './operations/views/work.view.js';

export interface IntegrationOptions {
  /** Every event the contexts publish. */
  readonly events: readonly EventType<object>[];
}

/** Files in, events out, and the work that goes on between. */
@Module({})
export class IntegrationModule {
  constructor(jobs: Jobs, operations: Operations, runImport: RunImport, runExport: RunExport, forgetUploads: ForgetUploads, forgetExports: ForgetExports) {
    operations.register(IMPORT, runImport);
    operations.register(EXPORT, runExport);
    jobs.handle(ForgetExpiredUploads, forgetUploads);
    jobs.handle(ForgetExpiredExports, forgetExports);
    jobs.schedule(ForgetExpiredUploads, { key: 'integration.forget_uploads', cron: '7 * * * *', timeZone: 'UTC', payload: {} });
    jobs.schedule(ForgetExpiredExports, { key: 'integration.forget_exports', cron: '17 * * * *', timeZone: 'UTC', payload: {} });
  }

  static forRoot({ events }: IntegrationOptions): DynamicModule {
    return {
      module: IntegrationModule,
      controllers: [UploadsController, ImportsController, ExportsController, OperationsController, EventsController, ConsumersController],
      providers: [
        { provide: PUBLISHED_EVENTS, useValue: events },
        ReceiveUpload, LookIntoUpload, StartImport, RunImport, ForgetUploads,
        ImportsView, ImportProblemsView, OperationStream, WorkView, EventFeedView, ParkedEventsView,
        StartExport, RunExport, ForgetExports, ExportsView, ExportRepository, ExportContent,
        UploadRepository, UploadContent, ImportRepository, ImportProblemRepository,
      ],
    };
  }
}
