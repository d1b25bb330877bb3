import type { Id } from '../../../kernel/id.js';

export const EXPORT_FORMATS = ['csv', 'xlsx', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What is to be taken out, and how. */
export interface ExportOrder {
  readonly operationId: Id;
  readonly resource: string;
  readonly format: ExportFormat;
  /** Packed by gzip; never for XLSX, which is packed as it is. */
  readonly compress: boolean;
  readonly filters: Readonly<Record<string, string | number | readonly string[]>>;
  /** Names, in the order of the file. */
  readonly columns: readonly string[];
  /** IANA zone that instants are shown in. */
  readonly timeZone: string;
  readonly createdAt: Date;
}

const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

export function mediaTypeOf({ format, compress }: Pick<ExportOrder, 'format' | 'compress'>): string {
  return compress ? 'application/gzip' : MEDIA_TYPES[format];
}

/** `customers-20260115-0800.csv.gz`: made of what we know, never of what somebody sent. */
export function fileNameOf({ resource, format, compress, createdAt }: Pick<ExportOrder, 'resource' | 'format' | 'compress' | 'createdAt'>): string {
  const at = createdAt.toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
  return `${resource}-${at}.${format}${compress ? '.gz' : ''}`;
}
