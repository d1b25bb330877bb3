import type { Http } from './app.js';
import { until } from './until.js';

export interface ImportRequest {
  readonly resource: string;
  readonly mapping: object;
  readonly options?: object;
}

export interface ImportAnswer {
  readonly id: string;
  readonly status: string;
  readonly progress: { readonly done: number; readonly total: number | null };
  readonly counts: { readonly created: number; readonly updated: number; readonly unchanged: number; readonly skipped: number; readonly refused: number };
  readonly error: { readonly code: string; readonly detail: string } | null;
}

/** Uploads a file. @returns its id */
export async function uploadFile(http: Http, content: string | Buffer, type = 'text/csv'): Promise<string> {
  const { body } = await http.post('/v1/uploads').set('Content-Type', type).send(content).expect(201);
  return (body as { id: string }).id;
}

/** Starts an import. @returns the operation's id */
export async function startImport(http: Http, uploadId: string, request: ImportRequest): Promise<string> {
  const { body } = await http.post('/v1/imports').send({ uploadId, ...request }).expect(202);
  return (body as { id: string }).id;
}

/** Waits until an import has ended, however it did. */
export function importEnded(http: Http, id: string, seconds = 60): Promise<ImportAnswer> {
  return until(`the end of import ${id}`, async () => {
    const { body } = await http.get(`/v1/imports/${id}`).expect(200);
    const answer = body as ImportAnswer;
    return ['succeeded', 'failed', 'cancelled'].includes(answer.status) && answer;
  }, seconds);
}

/** All of it at once, as an integrator would. */
export async function importFile(http: Http, content: string | Buffer, request: ImportRequest, type = 'text/csv', seconds = 60): Promise<ImportAnswer> {
  return importEnded(http, await startImport(http, await uploadFile(http, content, type), request), seconds);
}

export interface Problem {
  readonly line: number;
  readonly column: string | null;
  readonly code: string;
  readonly detail: string;
}

export async function problemsOf(http: Http, id: string): Promise<Problem[]> {
  const { body } = await http.get(`/v1/imports/${id}/problems?limit=200`).expect(200);
  return (body as { data: Problem[] }).data;
}
