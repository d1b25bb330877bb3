import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { freePort, Program } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

let folder: string;
let place: TestDatabase;
const running: Program[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shuke start '));
  place = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(running.map((program) => program.stop('SIGKILL')));
  await place.drop();
  await rm(folder, { recursive: true, force: true });
});

function run(entry: 'main' | 'worker', environment: Readonly<Record<string, string>>): Program {
  const program = Program.run(entry, { DATA_DIR: path.join(folder, 'data'), LOG_LEVEL: 'warn', ...environment });
  running.push(program);
  return program;
}

/** Runs a start that must fail, and gives what it said. */
async function failed(environment: Readonly<Record<string, string>>): Promise<string> {
  const program = run('main', environment);
  expect(await program.ended()).toBe(1);
  expect(program.complaint).not.toMatch(/\n\s+at |Error:/);
  return program.complaint.trim();
}

describe('npm start', () => {
  it('makes the first administrator, says so once, serves, and stops with 0 on Ctrl-C; the second start says it no more', async () => {
    const port = String(await freePort());
    const first = run('main', { PORT: port });
    const [, password = ''] = await first.says(/First administrator +admin@example\.com\n +Password +(\S+)/);
    await first.says(/Shuke runs at http:\/\/127\.0\.0\.1:\d+\n/);
    const http = supertest(`http://127.0.0.1:${port}`);
    expect((await http.get('/health/ready')).body.checks).toEqual({ server: 'ok', database: 'ok', migrations: 'ok', workers: 'ok', queue: 'ok' });
    expect((await http.post('/v1/sessions').send({ email: 'admin@example.com', password })).status).toBe(201);
    expect(await first.stop('SIGINT')).toBe(0);

    const second = run('main', { PORT: port });
    await second.says(/Shuke runs at/);
    expect(second.output).not.toContain('Password');
    expect(await second.stop()).toBe(0);
    expect([first.complaint, second.complaint]).toEqual(['', '']);
  });

  it('ends with a sentence and 1 when its database dies', async () => {
    const program = run('main', { PORT: '0' });
    await program.says(/Shuke runs at/);
    const [postmaster] = (await readFile(path.join(folder, 'data/postgres/postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(postmaster), 'SIGQUIT');
    expect(await program.ended()).toBe(1);
    expect(program.complaint).toMatch(/^The embedded PostgreSQL \(process \d+\) ended by itself/);
  });
});

describe('what keeps it from starting is one sentence', () => {
  it('a taken port', async () => {
    const holder = createServer();
    const port = await new Promise<number>((resolve) => holder.listen(0, '127.0.0.1', () => resolve((holder.address() as { port: number }).port)));
    expect(await failed({ PORT: String(port) })).toBe(`Port ${port} on 127.0.0.1 is taken by another program. Stop that one, or set PORT to another number.`);
    holder.close();
  });

  it('a database that does not answer, without its password', async () => {
    const port = await freePort();
    const said = await failed({ PORT: '0', DATABASE_URL: `postgres://shuke:secret-word@127.0.0.1:${port}/shuke` });
    expect(said).toBe(`Nothing answers as the database at 127.0.0.1:${port}/shuke. Check that it runs and that host and port in DATABASE_URL are right.`);
  });

  it('a wrong password, a missing database', async () => {
    const wrong = new URL(place.ownerUrl);
    wrong.password = 'wrong-password';
    expect(await failed({ PORT: '0', DATABASE_URL: wrong.href })).toMatch(/refused the password in DATABASE_URL\. Correct it\.$/);
    const missing = new URL(place.ownerUrl);
    missing.pathname = '/nowhere';
    expect(await failed({ PORT: '0', DATABASE_URL: missing.href })).toMatch(/has no database of that name\. Create it, or correct the name in DATABASE_URL\.$/);
  });

  it('a database that may lose acknowledged writes, in production (G4)', async () => {
    const said = await failed({ PORT: '0', NODE_ENV: 'production', DATABASE_URL: place.ownerUrl });
    expect(said).toMatch(/not safe to run on:\n {2}- fsync is off/);
  });

  it('a wrong setting', async () => {
    expect(await failed({ PORT: 'three', LOG_LEVEL: 'loud' })).toMatch(/^The configuration cannot be used:\n {2}- PORT.*\n {2}- LOG_LEVEL/);
  });
});

describe('with a database of the user’s own', () => {
  it('api and worker share the work', async () => {
    const database = { DATABASE_URL: place.ownerUrl, MASTER_KEY: `a:${'0a'.repeat(32)},index:${'0b'.repeat(32)}` };
    const port = String(await freePort());
    const worker = run('worker', { ...database });
    // Even where the worker is first: the administrator and the password are the api's to make.
    await worker.says(/works in the background/);
    expect(await place.asOwner('select 1 from security.staff_user')).toEqual([]);
    const api = run('main', { ...database, PROCESS_ROLE: 'api', PORT: port, ADMIN_PASSWORD: 'a password for this test' });
    await api.says(/Shuke runs at/);
    const http = supertest(`http://127.0.0.1:${port}`);
    expect((await http.get('/health/ready')).body.checks).toEqual({ server: 'ok', database: 'ok', migrations: 'ok' });
    // What the api records, the worker seals.
    expect((await http.post('/v1/sessions').send({ email: 'admin@example.com', password: 'a password for this test' })).status).toBe(201);
    await until('the sign-in sealed by the worker', async () => {
      const rows = await place.asOwner('select 1 from platform.audit_log');
      return rows.length > 0;
    });
    expect(await Promise.all([api.stop(), worker.stop()])).toEqual([0, 0]);
  });
});
