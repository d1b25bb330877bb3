export { createShuke, Shuke, type CallOptions, type ShukeOptions } from './shuke.js';
export type { Answer, ShukeFile } from './answer.js';
export type { RetryOptions } from './backoff.js';
export { EventsForgotten, isProblem, OperationCancelled, OperationFailed, ShukeError, ShukeProblem, ShukeUnreachable } from './errors.js';
export { EventFeed, type EventPage, type FollowOptions } from './event-feed.js';
export type { ExportFile, FetchOptions } from './export-file.js';
export { HEADER_NAMES, type HeaderInput, type OperationRow } from './operation-row.js';
export { OPERATIONS } from './operation-table.js';
export type {
  Data, EventType, FieldProblem, FileInput, Input, Item, ListId, ListInput, Operation, OperationId, ProblemDetails, ShukeEvent, Tokens, Updatable, Upload,
} from './operation-types.js';
export type { WaitOptions } from './operation-wait.js';
export { parametersOf } from './request.js';
export type { components, operations, webhooks } from './schema.js';
export { sessionTokens, type SessionDoor, type TokenSource } from './tokens.js';
export type { ReadingOptions, UploadOptions, UploadProgress, UploadSource } from './upload.js';
