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
import { ImportProfilesController } from './imports/http/import-profiles.controller.js';
import { ImportsController } from './imports/http/imports.controller.js';
import { MappingSuggestionsController } from './imports/http/mapping-suggestions.controller.js';
import { OperationsController } from './operations/http/operations.controller.js';
import { ResumableUploadsController } from './files/http/resumable-uploads.controller.js';
import { UploadsController } from './files/http/uploads.controller.js';
import { ImportChangeRepository } from './imports/persistence/import-change.repository.js';
import { ImportLedger } from './imports/persistence/import-ledger.js';
import { ImportProblemRepository } from './imports/persistence/import-problem.repository.js';
import { ImportProfileRepository } from './imports/persistence/import-profile.repository.js';
import { ImportRecords } from './imports/persistence/import-records.js';
import { ImportRepository } from './imports/persistence/import.repository.js';
import { ResumableUploadRepository } from './files/persistence/resumable-upload.repository.js';
import { RawContent } from './files/persistence/raw-content.js';
import { LearnedHeaderRepository } from './imports/persistence/learned-header.repository.js';
import { UploadContent } from './files/persistence/upload-content.js';
import { UploadRepository } from './files/persistence/upload.repository.js';
import { ForgetExpiredUploads, ForgetUploads } from './files/use-cases/forget-uploads.js';
import { LookIntoFile } from './files/use-cases/look-into-file.js';
import { LookIntoUpload } from './files/use-cases/look-into-upload.js';
import { ReceiveUpload } from './files/use-cases/receive-upload.js';
import { LOOK_INTO_FILE, ResumableUploads } from './files/use-cases/resumable-uploads.js';
import { ChangeImportProfile } from './imports/use-cases/change-import-profile.js';
import { CreateImportProfile } from './imports/use-cases/create-import-profile.js';
import { DeleteImportProfile } from './imports/use-cases/delete-import-profile.js';
import { ImportReport } from './imports/use-cases/import-report.js';
import { ImportWorks } from './imports/use-cases/import-work.js';
import { LearnHeaders } from './imports/use-cases/learn-headers.js';
import { IMPORT_REVERSAL, RevertImport } from './imports/use-cases/revert-import.js';
import { RunImport } from './imports/use-cases/run-import.js';
import { RunRevert } from './imports/use-cases/run-revert.js';
import { IMPORT, StartImport } from './imports/use-cases/start-import.js';
import { SuggestMappings } from './imports/use-cases/suggest-mappings.js';
import { TryLines } from './imports/use-cases/try-lines.js';
import { EventFeedView } from './feed/views/event-feed.view.js';
import { EventStream } from './feed/views/event-stream.js';
import { EventTail } from './feed/views/event-tail.js';
import { PUBLISHED_EVENTS, PublishedEvents } from './feed/views/published-events.js';
import { ImportChangesView } from './imports/views/import-changes.view.js';
import { ImportProblemsView } from './imports/views/import-problems.view.js';
import { ImportProfilesView } from './imports/views/import-profiles.view.js';
import { ImportProofView } from './imports/views/import-proof.view.js';
import { ImportsView } from './imports/views/imports.view.js';
import { KeptRecordsView } from './imports/views/kept-records.view.js';
import { OpenedImports } from './imports/views/opened-imports.js';
import { OperationStream } from './operations/views/operation-stream.js';
import { ParkedEventsView } from './feed/views/parked-events.view.js';
import { WorkView } from './operations/views/work.view.js';

const FILES = [
  ReceiveUpload, ResumableUploads, LookIntoFile, LookIntoUpload, ForgetUploads,
  UploadRepository, UploadContent, RawContent, ResumableUploadRepository,
];

const IMPORTS = [
  StartImport, RunImport, RevertImport, RunRevert, ImportWorks, ImportReport, TryLines, SuggestMappings, LearnHeaders, CreateImportProfile, ChangeImportProfile, DeleteImportProfile,
  ImportsView, ImportProblemsView, ImportChangesView, ImportProfilesView, ImportProofView, KeptRecordsView, OpenedImports,
  ImportRepository, ImportLedger, ImportRecords, ImportProblemRepository, ImportChangeRepository, ImportProfileRepository, LearnedHeaderRepository,
];

const EXPORTS = [StartExport, RunExport, ForgetExports, ExportsView, ExportRepository, ExportContent];

const OPERATIONS = [OperationStream, WorkView];

const FEED = [PublishedEvents, EventFeedView, EventTail, EventStream, ParkedEventsView];

export interface IntegrationOptions {
  /** Every event the contexts publish. */
  readonly events: readonly EventType<object>[];
}

/** Files in, events out, and the work that goes on between. */
@Module({})
export class IntegrationModule {
  constructor(
    jobs: Jobs,
    operations: Operations,
    runImport: RunImport,
    runRevert: RunRevert,
    runExport: RunExport,
    lookIntoFile: LookIntoFile,
    forgetUploads: ForgetUploads,
    forgetExports: ForgetExports,
  ) {
    operations.register(IMPORT, runImport);
    operations.register(IMPORT_REVERSAL, runRevert);
    operations.register(LOOK_INTO_FILE, lookIntoFile);
    operations.register(EXPORT, runExport);
    jobs.handle(ForgetExpiredUploads, forgetUploads);
    jobs.handle(ForgetExpiredExports, forgetExports);
    jobs.schedule(ForgetExpiredUploads, { key: 'integration.forget_uploads', cron: '7 * * * *', timeZone: 'UTC', payload: {} });
    jobs.schedule(ForgetExpiredExports, { key: 'integration.forget_exports', cron: '17 * * * *', timeZone: 'UTC', payload: {} });
  }

  static forRoot({ events }: IntegrationOptions): DynamicModule {
    return {
      module: IntegrationModule,
      controllers: [
        ResumableUploadsController, UploadsController, MappingSuggestionsController, ImportProfilesController, ImportsController, ExportsController,
        OperationsController, EventsController, ConsumersController,
      ],
      providers: [{ provide: PUBLISHED_EVENTS, useValue: events }, ...FILES, ...IMPORTS, ...EXPORTS, ...OPERATIONS, ...FEED],
    };
  }
}
