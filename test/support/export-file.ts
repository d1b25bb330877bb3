import type { Response } from 'supertest';
import type { Http } from './app.js';
import { until } from './until.js';

export interface ExportRequest {
  readonly resource: string;
  readonly format?: 'csv' | 'xlsx' | 'ndjson';
  readonly filters?: object;
  readonly columns?: readonly string[];
  readonly timeZone?: string;
  readonly compress?: boolean;
}

export interface ExportAnswer {
  readonly id: string;
  readonly status: string;
  readonly progress: { readonly done: number; readonly total: number | null };
  readonly columns: readonly string[];
  readonly lines: number;
  readonly bytes: number;
  readonly fileName: string;
  readonly error: { readonly code: string; readonly detail: string } | null;
  readonly expiresAt: string | null;
}

/** Starts an export. @returns the operation's id */
export async function startExport(http: Http, request: ExportRequest): Promise<string> {
  const { body } = await http.post('/v1/exports').send({ format: 'csv', ...request }).expect(202);
  return (body as { id: string }).id;
}

/** Waits until an export has ended, however it did. */
export function exportEnded(http: Http, id: string, seconds = 60): Promise<ExportAnswer> {
  return until(`the end of export ${id}`, async () => {
    const { body } = await http.get(`/v1/exports/${id}`).expect(200);
    const answer = body as ExportAnswer;
    return ['succeeded', 'failed', 'cancelled'].includes(answer.status) && answer;
  }, seconds);
}

export async function fileOf(http: Http, id: string): Promise<Buffer> {
  const { body } = await http.get(`/v1/exports/${id}/file`).buffer(true).parse(asBytes).expect(200);
  return body as Buffer;
}

/** All of it at once, as an integrator would. */
export async function exportFile(http: Http, request: ExportRequest, seconds = 60): Promise<Buffer> {
  const { id, status, error } = await exportEnded(http, await startExport(http, request), seconds);
  if (status !== 'succeeded') throw new Error(`The export of ${request.resource} ${status}: ${error?.code} ${error?.detail}`);
  return fileOf(http, id);
}

function asBytes(response: Response, done: (error: Error | null, body: unknown) => void): void {
  const stream = response as unknown as NodeJS.ReadableStream;
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
}
