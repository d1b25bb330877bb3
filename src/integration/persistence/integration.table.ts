import { EntitySchema } from 'typeorm';
import type { OnError } from '../imports/domain/import-profile.js';

const schema = 'integration';

export interface UploadRow {
  id: string;
  format: 'csv' | 'ndjson' | 'xlsx' | null;
  delimiter: string | null;
  encoding: string | null;
  bytes: number;
  lines: number;
  pieces: number;
  sha256: Buffer | null;
  master_key_id: string;
  wrapped_key: Buffer;
  described: Buffer | null;
  analysis: Buffer | null;
  created_by_kind: string;
  created_by_id: string;
  created_at: Date;
  received_at: Date | null;
  content_deleted_at: Date | null;
  expires_at: Date;
}

export const UploadTable = new EntitySchema<UploadRow>({
  name: 'integration.upload',
  schema,
  tableName: 'upload',
  columns: {
    id: { type: 'uuid', primary: true },
    format: { type: 'text', nullable: true },
    delimiter: { type: 'text', nullable: true },
    encoding: { type: 'text', nullable: true },
    bytes: { type: 'bigint' },
    lines: { type: 'bigint' },
    pieces: { type: 'int' },
    sha256: { type: 'bytea', nullable: true },
    master_key_id: { type: 'text' },
    wrapped_key: { type: 'bytea' },
    described: { type: 'bytea', nullable: true },
    analysis: { type: 'bytea', nullable: true },
    created_by_kind: { type: 'text' },
    created_by_id: { type: 'uuid' },
    created_at: { type: 'timestamptz' },
    received_at: { type: 'timestamptz', nullable: true },
    content_deleted_at: { type: 'timestamptz', nullable: true },
    expires_at: { type: 'timestamptz' },
  },
  indices: [{ name: 'upload_expiry', columns: ['expires_at'] }],
  checks: [
    { name: 'upload_format', expression: `format in ('csv', 'ndjson', 'xlsx')` },
    { name: 'upload_delimiter', expression: `delimiter in (',', ';', E'\\t', '|', ' ')` },
    { name: 'upload_encoding', expression: `encoding in ('utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'big5', 'shift_jis', 'euc-jp', 'euc-kr', 'windows-1250', 'windows-1251', 'windows-1252')` },
    { name: 'upload_received', expression: 'received_at is null or (format is not null and encoding is not null and sha256 is not null and described is not null and analysis is not null)' },
  ],
});

export interface UploadPieceRow {
  upload_id: string;
  seq: number;
  sealed: Buffer;
}

export const UploadPieceTable = new EntitySchema<UploadPieceRow>({
  name: 'integration.upload_piece',
  schema,
  tableName: 'upload_piece',
  columns: {
    upload_id: { type: 'uuid', primary: true },
    seq: { type: 'int', primary: true },
    sealed: { type: 'bytea' },
  },
  foreignKeys: [{ name: 'upload_piece_upload', target: 'integration.upload', columnNames: ['upload_id'], referencedColumnNames: ['id'], onDelete: 'CASCADE' }],
});

export interface UploadRawRow {
  upload_id: string;
  unpacked: boolean;
  at: number;
  sealed: Buffer;
}

export const UploadRawTable = new EntitySchema<UploadRawRow>({
  name: 'integration.upload_raw',
  schema,
  tableName: 'upload_raw',
  columns: {
    upload_id: { type: 'uuid', primary: true },
    unpacked: { type: 'boolean', primary: true },
    at: { type: 'bigint', primary: true },
    sealed: { type: 'bytea' },
  },
  foreignKeys: [{ name: 'upload_raw_upload', target: 'integration.upload', columnNames: ['upload_id'], referencedColumnNames: ['id'], onDelete: 'CASCADE' }],
});

export interface ResumableUploadRow {
  upload_id: string;
  total_bytes: number;
  received_bytes: number;
  sealed: Buffer;
  operation_id: string | null;
}

export const ResumableUploadTable = new EntitySchema<ResumableUploadRow>({
  name: 'integration.resumable_upload',
  schema,
  tableName: 'resumable_upload',
  columns: {
    upload_id: { type: 'uuid', primary: true },
    total_bytes: { type: 'bigint' },
    received_bytes: { type: 'bigint' },
    sealed: { type: 'bytea' },
    operation_id: { type: 'uuid', nullable: true },
  },
  foreignKeys: [{ name: 'resumable_upload_upload', target: 'integration.upload', columnNames: ['upload_id'], referencedColumnNames: ['id'], onDelete: 'CASCADE' }],
  checks: [{ name: 'resumable_upload_received', expression: 'received_bytes between 0 and total_bytes' }],
});

export interface ImportRow {
  operation_id: string;
  upload_id: string;
  resource: string;
  sealed_mapping: Buffer;
  time_zone: string;
  currency: string;
  on_error: OnError;
  dry_run: boolean;
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  refused: number;
  revert_id: string | null;
  folded_line: number;
}

export const ImportTable = new EntitySchema<ImportRow>({
  name: 'integration.import',
  schema,
  tableName: 'import',
  columns: {
    operation_id: { type: 'uuid', primary: true },
    upload_id: { type: 'uuid' },
    resource: { type: 'text' },
    sealed_mapping: { type: 'bytea' },
    time_zone: { type: 'text' },
    currency: { type: 'text' },
    on_error: { type: 'text' },
    dry_run: { type: 'boolean' },
    created: { type: 'bigint' },
    updated: { type: 'bigint' },
    unchanged: { type: 'bigint' },
    skipped: { type: 'bigint' },
    refused: { type: 'bigint' },
    revert_id: { type: 'uuid', nullable: true },
    folded_line: { type: 'bigint', default: 0 },
  },
  checks: [{ name: 'import_on_error', expression: `on_error in ('skip', 'stop')` }],
});

export interface ImportChunkRow {
  operation_id: string;
  last_line: number;
  ids: string[];
  parts: number[];
  lines: number[];
  befores: number[];
  versions: number[];
  told_at: (Date | null)[];
  currencies: (string | null)[];
  amounts: (number | null)[];
}

export const ImportChunkTable = new EntitySchema<ImportChunkRow>({
  name: 'integration.import_chunk',
  schema,
  tableName: 'import_chunk',
  columns: {
    operation_id: { type: 'uuid', primary: true },
    last_line: { type: 'bigint', primary: true },
    ids: { type: 'uuid', array: true },
    parts: { type: 'int', array: true },
    lines: { type: 'bigint', array: true },
    befores: { type: 'int', array: true },
    versions: { type: 'int', array: true },
    told_at: { type: 'timestamptz', array: true },
    currencies: { type: 'text', array: true },
    amounts: { type: 'bigint', array: true },
  },
});

export interface ImportRefusedRow {
  operation_id: string;
  month: string;
  currency: string;
  lines: number;
  minor: string | null;
}

export const ImportRefusedTable = new EntitySchema<ImportRefusedRow>({
  name: 'integration.import_refused',
  schema,
  tableName: 'import_refused',
  columns: {
    operation_id: { type: 'uuid', primary: true },
    month: { type: 'text', primary: true },
    currency: { type: 'text', primary: true },
    lines: { type: 'bigint' },
    minor: { type: 'numeric', nullable: true },
  },
});

export interface ImportRecordRow {
  operation_id: string;
  id: string;
  part: number;
  line: number;
  before: number;
  version: number;
  reason: string | null;
}

export const ImportRecordTable = new EntitySchema<ImportRecordRow>({
  name: 'integration.import_record',
  schema,
  tableName: 'import_record',
  columns: {
    operation_id: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    part: { type: 'int', primary: true },
    line: { type: 'bigint' },
    before: { type: 'int' },
    version: { type: 'int' },
    reason: { type: 'text', nullable: true },
  },
  indices: [{ name: 'import_record_kept', columns: ['operation_id', 'line', 'id', 'part'], where: 'reason is not null' }],
  checks: [{ name: 'import_record_reason', expression: `reason in ('changed_since', 'in_use', 'erased', 'updated_not_made')` }],
});

export interface ImportProblemRow {
  operation_id: string;
  line: number;
  ordinal: number;
  upload_id: string;
  column_name: string | null;
  code: string;
  sealed: Buffer;
}

export const ImportProblemTable = new EntitySchema<ImportProblemRow>({
  name: 'integration.import_problem',
  schema,
  tableName: 'import_problem',
  columns: {
    operation_id: { type: 'uuid', primary: true },
    line: { type: 'bigint', primary: true },
    ordinal: { type: 'int', primary: true },
    upload_id: { type: 'uuid' },
    column_name: { type: 'text', nullable: true },
    code: { type: 'text' },
    sealed: { type: 'bytea' },
  },
  foreignKeys: [{ name: 'import_problem_upload', target: 'integration.upload', columnNames: ['upload_id'], referencedColumnNames: ['id'], onDelete: 'CASCADE' }],
  indices: [{ name: 'import_problem_of_upload', columns: ['upload_id'] }],
});

export interface ImportChangeRow {
  operation_id: string;
  line: number;
  upload_id: string;
  deed: 'created' | 'updated' | 'unchanged';
  sealed: Buffer;
}

export const ImportChangeTable = new EntitySchema<ImportChangeRow>({
  name: 'integration.import_change',
  schema,
  tableName: 'import_change',
  columns: {
    operation_id: { type: 'uuid', primary: true },
    line: { type: 'bigint', primary: true },
    upload_id: { type: 'uuid' },
    deed: { type: 'text' },
    sealed: { type: 'bytea' },
  },
  foreignKeys: [{ name: 'import_change_upload', target: 'integration.upload', columnNames: ['upload_id'], referencedColumnNames: ['id'], onDelete: 'CASCADE' }],
  indices: [{ name: 'import_change_of_upload', columns: ['upload_id'] }],
});

export interface ImportProfileRow {
  id: string;
  version: number;
  name: string;
  resource: string;
  sealed: Buffer;
  created_at: Date;
  updated_at: Date;
}

export const ImportProfileTable = new EntitySchema<ImportProfileRow>({
  name: 'integration.import_profile',
  schema,
  tableName: 'import_profile',
  columns: {
    id: { type: 'uuid', primary: true },
    version: { type: 'int' },
    name: { type: 'text' },
    resource: { type: 'text' },
    sealed: { type: 'bytea' },
    created_at: { type: 'timestamptz' },
    updated_at: { type: 'timestamptz' },
  },
  uniques: [{ name: 'import_profile_name', columns: ['name'] }],
});

export interface LearnedHeaderRow {
  resource: string;
  header_index: Buffer;
  column_name: string;
  uses: number;
  last_used_at: Date;
}

export const LearnedHeaderTable = new EntitySchema<LearnedHeaderRow>({
  name: 'integration.learned_header',
  schema,
  tableName: 'learned_header',
  columns: {
    resource: { type: 'text', primary: true },
    header_index: { type: 'bytea', primary: true },
    column_name: { type: 'text', primary: true },
    uses: { type: 'int' },
    last_used_at: { type: 'timestamptz' },
  },
});

export interface ExportRow {
  operation_id: string;
  resource: string;
  format: string;
  compress: boolean;
  filters: object;
  columns: string[];
  time_zone: string;
  lines: number;
  bytes: number;
  master_key_id: string;
  wrapped_key: Buffer;
  created_by_kind: string;
  created_by_id: string;
  created_at: Date;
  completed_at: Date | null;
  expires_at: Date;
}

export const ExportTable = new EntitySchema<ExportRow>({
  name: 'integration.export',
  schema,
  tableName: 'export',
  columns: {
    operation_id: { type: 'uuid', primary: true },
    resource: { type: 'text' },
    format: { type: 'text' },
    compress: { type: 'boolean' },
    filters: { type: 'jsonb' },
    columns: { type: 'text', array: true },
    time_zone: { type: 'text' },
    lines: { type: 'bigint' },
    bytes: { type: 'bigint' },
    master_key_id: { type: 'text' },
    wrapped_key: { type: 'bytea' },
    created_by_kind: { type: 'text' },
    created_by_id: { type: 'uuid' },
    created_at: { type: 'timestamptz' },
    completed_at: { type: 'timestamptz', nullable: true },
    expires_at: { type: 'timestamptz' },
  },
  indices: [{ name: 'export_expiry', columns: ['expires_at'] }],
  checks: [{ name: 'export_format', expression: `format in ('csv', 'xlsx', 'ndjson')` }],
});

export interface ExportPieceRow {
  operation_id: string;
  start: number;
  sealed: Buffer;
}

export const ExportPieceTable = new EntitySchema<ExportPieceRow>({
  name: 'integration.export_piece',
  schema,
  tableName: 'export_piece',
  columns: {
    operation_id: { type: 'uuid', primary: true },
    start: { type: 'bigint', primary: true },
    sealed: { type: 'bytea' },
  },
  foreignKeys: [{ name: 'export_piece_export', target: 'integration.export', columnNames: ['operation_id'], referencedColumnNames: ['operation_id'], onDelete: 'CASCADE' }],
});

export const integrationTables = [
  UploadTable, UploadPieceTable, UploadRawTable, ResumableUploadTable,
  ImportTable, ImportChunkTable, ImportRefusedTable, ImportRecordTable, ImportProblemTable, ImportChangeTable, ImportProfileTable, LearnedHeaderTable,
  ExportTable, ExportPieceTable,
];
