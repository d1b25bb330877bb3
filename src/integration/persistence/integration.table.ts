import { EntitySchema } from 'typeorm';

const schema = 'integration';

export interface UploadRow {
  id: string;
  format: 'csv' | 'ndjson' | null;
  delimiter: string | null;
  encoding: string | null;
  bytes: number;
  lines: number;
  pieces: number;
  sha256: Buffer | null;
  master_key_id: string;
  wrapped_key: Buffer;
  described: Buffer | null;
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
    created_by_kind: { type: 'text' },
    created_by_id: { type: 'uuid' },
    created_at: { type: 'timestamptz' },
    received_at: { type: 'timestamptz', nullable: true },
    content_deleted_at: { type: 'timestamptz', nullable: true },
    expires_at: { type: 'timestamptz' },
  },
  indices: [{ name: 'upload_expiry', columns: ['expires_at'] }],
  checks: [
    { name: 'upload_format', expression: `format in ('csv', 'ndjson')` },
    { name: 'upload_delimiter', expression: `delimiter in (',', ';', E'\\t', '|')` },
    { name: 'upload_encoding', expression: `encoding in ('utf-8', 'utf-16le', 'utf-16be')` },
    { name: 'upload_received', expression: 'received_at is null or (format is not null and encoding is not null and sha256 is not null and described is not null)' },
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

export interface ImportRow {
  operation_id: string;
  upload_id: string;
  resource: string;
  mapping: object;
  time_zone: string;
  currency: string;
  dry_run: boolean;
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
}

export const ImportTable = new EntitySchema<ImportRow>({
  name: 'integration.import',
  schema,
  tableName: 'import',
  columns: {
    operation_id: { type: 'uuid', primary: true },
    upload_id: { type: 'uuid' },
    resource: { type: 'text' },
    mapping: { type: 'jsonb' },
    time_zone: { type: 'text' },
    currency: { type: 'text' },
    dry_run: { type: 'boolean' },
    created: { type: 'bigint' },
    updated: { type: 'bigint' },
    unchanged: { type: 'bigint' },
    refused: { type: 'bigint' },
  },
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

export const integrationTables = [UploadTable, UploadPieceTable, ImportTable, ImportProblemTable, ExportTable, ExportPieceTable];
