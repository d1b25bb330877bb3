import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded/embedded-postgres.js';
import { Installation } from '../support/installation.js';
import type { Proof } from '../support/revert-import.js';
import { until } from '../support/until.js';

const CUSTOMERS = 30_000;
const CHUNK = 1000;
const REPEATED = 500;
const BROKEN = 7;
const KILLS = 3;
const PASSWORD = 'correct horse battery staple';

interface Operation {
  readonly status: string;
  readonly progress: { readonly done: number; readonly total: number };
  readonly result: object | null;
}

let installation: Installation;
let token = '';
let importId = '';

beforeAll(async () => {
  installation = await Installation.create({ ADMIN_PASSWORD: PASSWORD, ACCESS_TOKEN_MINUTES: '60' });
  await installation.start();
}, 90_000);
afterAll(() => installation.remove());

async function call<T>(method: string, path: string, body?: object | string): Promise<T> {
  const answer = await fetch(installation.url + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': typeof body === 'string' ? 'text/csv' : 'application/json' },
    body: typeof body === 'object' ? JSON.stringify(body) : body,
  });
  const text = await answer.text();
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text) as T;
}

const goesOn = ({ status }: Operation): boolean => status === 'queued' || status === 'running';
const look = (operationId: string): Promise<Operation> => call('GET', `/v1/operations/${operationId}`);

/**
 * Waits until operations have come some chunks further than when they were last seen, then kills the app under them. The first time it is
 * both; after a kill they are handed over again one before the other, and that one is not left to end meanwhile.
 */
async function killUnderWay(operationIds: readonly string[], seen: readonly number[] | undefined): Promise<number[]> {
  const wanted = operationIds.map((_, n) => (seen?.[n] ?? 0) + CHUNK * randomInt(1, 4));
  const reached = await until('operations under way', async () => {
    const operations = await Promise.all(operationIds.map(look));
    const isFarEnough = (operation: Operation, n: number) => operation.status === 'running' && operation.progress.done >= wanted[n]!;
    return (seen ? operations.some(isFarEnough) : operations.every(isFarEnough)) && operations;
  }, 120);
  await installation.kill('app');
  await installation.start();
  return reached.map(({ progress }) => progress.done);
}

const line = (system: string, n: number): string => `${system}-${n},Imported ${n},+86${system}${String(100_000_000 + n)},2021-0${1 + (n % 9)}-15`;

async function startImport(system: string): Promise<string> {
  const lines = [
    ...Array.from({ length: CUSTOMERS }, (_, n) => line(system, n)),
    ...Array.from({ length: REPEATED }, (_, n) => `${line(system, n * 7)} 00:00`),
    ...Array.from({ length: BROKEN }, (_, n) => `b-${n},,not a phone,`),
  ];
  const upload = await call<{ id: string }>('POST', '/v1/uploads', `id,name,phone,known\n${lines.join('\n')}\n`);
  const mapping = { 'externalIds.journey': 'id', name: 'name', phone: 'phone', createdAt: 'known' };
  return (await call<{ id: string }>('POST', '/v1/imports', { uploadId: upload.id, resource: 'customers', mapping })).id;
}

const ended = (operationId: string): Promise<Operation> => until(`the end of operation ${operationId}`, async () => {
  const operation = await look(operationId);
  return !goesOn(operation) && operation;
}, 120);

describe('an import and the reversal of another, killed three times together', () => {
  it('S156 S157 G42 both end with every line in once and every record taken back once, but for the one that was changed', async () => {
    ({ accessToken: token } = await call<{ accessToken: string }>('POST', '/v1/sessions', { email: 'admin@example.com', password: PASSWORD }));
    const former = await startImport('13');
    expect(await ended(former)).toMatchObject({ status: 'succeeded' });
    const { data: [changed] } = await call<{ data: { id: string }[] }>('GET', '/v1/customers?externalSystem=journey&externalId=13-77');
    await call('POST', '/v1/customers/batch', { items: [{ externalIds: [{ system: 'journey', id: '13-77' }], tags: ['by hand'] }] });

    importId = await startImport('15');
    const { id: reversalId } = await call<{ id: string }>('POST', `/v1/imports/${former}/revert`);
    for (let kills = 0, seen: readonly number[] | undefined; kills < KILLS; kills += 1) seen = await killUnderWay([importId, reversalId], seen);

    expect(await ended(reversalId)).toMatchObject({ status: 'succeeded', progress: { done: CUSTOMERS, total: CUSTOMERS }, result: { reverted: CUSTOMERS - 1, kept: 1 } });
    const kept = await call<{ data: object[] }>('GET', `/v1/imports/${former}/kept`);
    expect(kept.data).toEqual([expect.objectContaining({ id: changed!.id, reason: 'changed_since' })]);

    expect(await ended(importId)).toMatchObject({ status: 'succeeded' });
    const { counts } = await call<{ counts: object }>('GET', `/v1/imports/${importId}`);
    expect(counts).toEqual({ created: CUSTOMERS, updated: 0, unchanged: REPEATED, skipped: 0, refused: BROKEN });
    const proof = await call<Proof>('GET', `/v1/imports/${importId}/proof`);
    expect(proof).toMatchObject({ matches: true, lines: { read: CUSTOMERS + REPEATED + BROKEN, refused: BROKEN, repeated: REPEATED } });
    expect(proof.rows.reduce((sum, { database }) => sum + database.records, 0)).toBe(CUSTOMERS);
    await until('consumers that have caught up', async () => {
      const { data } = await call<{ data: { lag: number }[] }>('GET', '/v1/consumers');
      return data.length > 0 && data.every(({ lag }) => lag === 0);
    }, 60);
  }, 480_000);

  it('G10 a recount in the database: nothing is left of what was taken back, and each record was told of once', async () => {
    expect(await installation.stop()).toBe(0);
    const postgres = await startEmbeddedPostgres({ dataDir: installation.dataDir });
    const client = new Client({ connectionString: postgres.ownerUrl });
    await client.connect();
    const count = async (text: string): Promise<number> => Number((await client.query<{ n: string }>(text)).rows[0]?.n);
    try {
      for (const table of ['customer.customer', 'customer.features', 'customer.search', 'customer.external_id', 'customer.contact_index']) {
        expect([table, await count(`select count(*) as n from ${table}`)]).toEqual([table, CUSTOMERS + 1]);
      }
      expect(await count('select count(*) as n from vault.person_key where person_id not in (select id from security.staff_user)')).toBe(CUSTOMERS + 1);
      expect(await count('select count(*) as n from integration.import_record')).toBe(1);
      expect(await count('select count(distinct customer_id) as n from customer.timeline_entry')).toBe(CUSTOMERS + 1);
      expect(await count(`select count(*) as n from platform.event_log where name = 'customer.registered'`)).toBe(2 * CUSTOMERS);
      expect(await count(`select count(*) as n from platform.event_log where name = 'customer.withdrawn'`)).toBe(CUSTOMERS - 1);
      expect(await count(`select count(distinct aggregate_id) as n from platform.event_log where name = 'customer.withdrawn'`)).toBe(CUSTOMERS - 1);
      expect(await count(`select count(*) as n from integration.import_chunk c, unnest(c.ids) where c.operation_id = '${importId}'`)).toBe(CUSTOMERS + REPEATED);
    } finally {
      await client.end();
      await postgres.stop();
    }
  }, 90_000);
});
