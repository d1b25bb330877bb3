import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SYSTEM, type Actor } from '../../src/kernel/actor.js';
import { EventType } from '../../src/kernel/event.js';
import { newId } from '../../src/kernel/id.js';
import { AppConfig } from '../../src/platform/config/config.js';
import { sql } from '../../src/platform/database/statement.js';
import type { Tx } from '../../src/platform/database/tx.js';
import { startApp, type TestApp } from '../support/app.js';
import { openBare, type Bare } from '../support/bare.js';
import { until } from '../support/until.js';

class NotedPayload {
  readonly n: number;
}
const Noted = new EventType('test.noted', 1, NotedPayload);

const NOTE = sql<{ n: number }>('test.note', 'insert into public.note (n) values ($1) returning n');
const BACKEND = sql<{ pid: number }>('test.backend', 'select pg_backend_pid() as pid');

let bare: Bare;

describe('a transaction', () => {
  beforeAll(async () => {
    bare = await openBare();
    await bare.place.asOwner('create table public.note (n int primary key); grant select, insert on public.note to shuke_app');
  });
  afterAll(() => bare?.close());
  beforeEach(() => bare.place.asOwner('truncate public.note; truncate platform.outbox'));

  const run = <T>(work: (tx: Tx) => Promise<T>) => bare.database.transaction(SYSTEM, work);
  const noted = async () => (await bare.place.asOwner('select n from public.note order by n')).map((row) => row['n']);
  const told = async () => (await bare.place.asOwner('select count(*)::int as n from platform.outbox'))[0]!['n'];

  it('G9 fails with what a statement failed with that nobody waited for, and leaves nothing', async () => {
    const work = async (tx: Tx) => {
      await tx.query(NOTE, [1]);
      tx.record(Noted.of(newId(), { n: 1 }));
      tx.send(NOTE, [1]);
      tx.send(NOTE, [2]);
    };
    await expect(run(work)).rejects.toMatchObject({ code: '23505' });
    expect([await noted(), await told()]).toEqual([[], 0]);
  });

  it('G9 fails if a failure within it was caught and passed over: PostgreSQL has nothing to commit then', async () => {
    const work = async (tx: Tx) => {
      await tx.query(NOTE, [1]);
      await tx.query(NOTE, [1]).catch(() => undefined);
    };
    await expect(run(work)).rejects.toMatchObject({ code: '25P02' });
    expect(await noted()).toEqual([]);
  });

  it('G9 carries nothing out if it could not begin, though the statements left with BEGIN', async () => {
    const work = async (tx: Tx) => {
      const { client } = tx;
      await client.query('rollback');
      await tx.query(NOTE, [1]);
    };
    await expect(run(work)).rejects.toMatchObject({ code: '25006' });
    expect(await noted()).toEqual([]);
    await run((tx) => tx.query(NOTE, [2]));
    expect(await noted()).toEqual([2]);
  });

  it('goes on after an attempt that sent what failed, and keeps what was sent before and after', async () => {
    await run(async (tx) => {
      tx.send(NOTE, [1]);
      const attempt = tx.attempt(async () => {
        tx.send(NOTE, [2]);
        tx.send(NOTE, [1]);
      });
      await expect(attempt).rejects.toMatchObject({ code: '23505' });
      const refused = tx.attempt(() => {
        tx.send(NOTE, [1]);
        return Promise.reject(new Error('refused'));
      });
      await expect(refused).rejects.toThrow('refused');
      tx.send(NOTE, [3]);
    });
    expect(await noted()).toEqual([1, 3]);
  });

  it('gives each statement its own answer, however many are under way', async () => {
    const answers = await run((tx) => Promise.all(Array.from({ length: 200 }, (_, n) => tx.query(NOTE, [n]))));
    expect(answers.map(([row]) => row!.n)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });

  it('G49 says that the outcome is open when the connection breaks at COMMIT, and the next has another connection', async () => {
    const work = async (tx: Tx) => {
      const [backend] = await tx.query(BACKEND);
      await tx.query(NOTE, [1]);
      await bare.place.asOwner('select pg_terminate_backend($1, 5000)', [backend!.pid]);
    };
    await expect(run(work)).rejects.toMatchObject({ code: 'outcome_unknown' });
    await run((tx) => tx.query(NOTE, [2]));
    expect(await noted()).toEqual([2]);
  });
});

describe('transactions of the product itself', () => {
  let app: TestApp;
  beforeAll(async () => (app = await startApp()));
  afterAll(() => app?.close());

  it('G48 do not wait in line with callers, who may hold every connection they have', async () => {
    const caller: Actor = { kind: 'user', id: newId(), permissions: new Set() };
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let holding = 0;
    const callers = Array.from({ length: app.get(AppConfig).databasePool }, () =>
      app.database.transaction(caller, async (tx) => {
        await tx.query(BACKEND);
        holding += 1;
        await held;
      }),
    );
    try {
      await until('callers hold all of theirs', async () => holding === callers.length);
      const [row] = await app.database.transaction(SYSTEM, (tx) => tx.query(BACKEND));
      expect(row!.pid).toBeGreaterThan(0);
    } finally {
      letGo();
      await Promise.all(callers);
    }
  });
});
