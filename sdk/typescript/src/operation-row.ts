/** The headers of an operation, by the names the client gives them. */
export const HEADER_NAMES = {
  idempotencyKey: 'Idempotency-Key',
  ifMatch: 'If-Match',
  waitForEvent: 'Wait-For-Event',
  lastEventId: 'Last-Event-ID',
  range: 'Range',
  uploadLength: 'Upload-Length',
  uploadMetadata: 'Upload-Metadata',
  uploadOffset: 'Upload-Offset',
} as const;

export type HeaderInput = keyof typeof HEADER_NAMES;

/** One operation of the contract, as far as a client needs it to make the request. */
export interface OperationRow {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** With `{name}` where a parameter goes. */
  readonly path: string;
  readonly summary: string;
  readonly query?: readonly string[];
  /** `idempotencyKey` among them means that the server keeps the answer under the key, so that a repetition does nothing twice. */
  readonly headers?: readonly HeaderInput[];
  /** Headers that are always sent. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** Media types of the body, the usual one first. */
  readonly body?: readonly string[];
}
