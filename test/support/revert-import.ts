import type { Http } from './app.js';
import { until } from './until.js';

export interface RevertResult {
  readonly importId: string;
  readonly resource: string;
  readonly reverted: number;
  readonly kept: number;
}

export interface Kept {
  readonly id: string;
  readonly part: number | null;
  readonly line: number;
  readonly reason: string;
}

interface Operation {
  readonly id: string;
  readonly status: string;
  readonly progress: { readonly done: number; readonly total: number | null };
  readonly result: RevertResult | null;
  readonly error: { readonly code: string } | null;
}

/** Starts taking an import back. @returns the operation's id */
export async function startRevert(http: Http, importId: string): Promise<string> {
  const { body } = await http.post(`/v1/imports/${importId}/revert`).expect(202);
  return (body as { id: string }).id;
}

/** Waits until it has ended, however it did. */
export function revertEnded(http: Http, operationId: string, seconds = 60): Promise<Operation> {
  return until(`the end of the revert ${operationId}`, async () => {
    const { body } = await http.get(`/v1/operations/${operationId}`).expect(200);
    const operation = body as Operation;
    return ['succeeded', 'failed', 'cancelled'].includes(operation.status) && operation;
  }, seconds);
}

/** All of it at once. */
export async function revertImport(http: Http, importId: string): Promise<RevertResult | null> {
  return (await revertEnded(http, await startRevert(http, importId))).result;
}

/** What stayed, the first page of it. */
export async function keptOf(http: Http, importId: string): Promise<Kept[]> {
  const { body } = await http.get(`/v1/imports/${importId}/kept?limit=200`).expect(200);
  return (body as { data: Kept[] }).data;
}

export interface ProofRow {
  readonly month: string | null;
  readonly currency: string | null;
  readonly file: { readonly records: number; readonly amount: string | null };
  readonly database: { readonly records: number; readonly amount: string | null };
  readonly refused: { readonly lines: number; readonly amount: string | null };
  readonly matches: boolean;
}

export interface Proof {
  readonly matches: boolean;
  readonly lines: { readonly read: number; readonly accepted: number; readonly refused: number; readonly repeated: number };
  readonly rows: readonly ProofRow[];
}

export async function proofOf(http: Http, importId: string): Promise<Proof> {
  const { body } = await http.get(`/v1/imports/${importId}/proof`).expect(200);
  return body as Proof;
}
