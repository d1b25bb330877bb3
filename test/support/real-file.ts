import { expect } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { createShuke, type Data, type Input, type ReadingOptions, type Shuke } from '@shuke/client';
import { ADMINISTRATOR, type TestApp } from './app.js';

export type ImportBody = Input<'createImport'>['body'];

/** The client of an administrator, which waits where the server is busy. */
export async function shukeOf(app: TestApp): Promise<Shuke> {
  await app.asAdmin();
  return createShuke({ baseUrl: app.url, signIn: ADMINISTRATOR });
}

/** Uploads a file and imports it through the client. */
export async function bring(shuke: Shuke, file: Buffer, { reading, ...order }: Omit<ImportBody, 'uploadId'> & { readonly reading?: ReadingOptions }): Promise<Data<'getImport'>> {
  const { data: upload } = await shuke.upload(new Uint8Array(file), reading);
  const { data: operation } = await shuke.call('createImport', { body: { uploadId: upload.id, ...order } });
  await shuke.waitFor(operation);
  return (await shuke.call('getImport', { id: operation.id })).data;
}

/** What the database holds of an import, as its proof says beside the file. */
export async function provenAmount(shuke: Shuke, { id }: Data<'getImport'>): Promise<string> {
  const { matches, rows } = (await shuke.call('getImportProof', { id })).data;
  expect(matches).toBe(true);
  return (rows.reduce((sum, { database }) => sum + minorOf(database.amount!), 0) / 100).toFixed(2);
}

/** A column of everything there is of a resource, its header first. */
export async function exportedCells(shuke: Shuke, resource: string, column: string): Promise<string[]> {
  const { data: operation } = await shuke.call('createExport', { body: { resource, format: 'csv', columns: [column] } });
  await shuke.waitFor(operation);
  const { stream } = await shuke.download('downloadExport', { id: operation.id });
  return (parse(await new Response(stream).text(), { bom: true }) as string[][]).map(([cell = '']) => cell);
}

/** Of an amount with two decimals. */
export function minorOf(amount: string): number {
  return Math.round(Number(amount) * 100);
}

export function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** A figure of a journey, for who reads the run. */
export function print(what: string, figure: unknown): void {
  process.stderr.write(`${what}: ${JSON.stringify(figure)}\n`);
}
