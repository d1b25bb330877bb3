import { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ShortReads } from '../../src/platform/database/short-reads.js';
import { sql } from '../../src/platform/database/statement.js';
import { startApp, type TestApp } from '../support/app.js';
import { Proxy } from '../support/proxy.js';
import { until } from '../support/until.js';

const ECHO = sql<{ said: number }>('test.echo', 'select $1::int as said');
const TWICE = sql<{ said: number }>('test.twice', 'select 2 * $1::int as said');
const DIVIDE = sql<{ quotient: number }>('test.divide', 'select 1 / $1::int as quotient');
const OPEN = `select count(*)::int as n from pg_stat_activity where application_name = 'shuke-short-reads' and datname = current_database()`;

let app: TestApp;
let proxy: Proxy;
let reads: ShortReads;
/** Of the proxy, by which the app's own sockets are known. */
let port: number;

describe('short reads', () => {
  beforeAll(async () => {
    proxy = await Proxy.open();
    const through = (url: string) => {
      const before = proxy.before(url);
      port = Number(new URL(before).port);
      return before;
    };
    app = await startApp({ through });
    reads = app.get(ShortReads);
  });
  afterAll(async () => {
    await app.close();
    proxy.cut();
  });

  it('give each question its own answer, however many are under way, over two connections', async () => {
    const asked = Array.from({ length: 500 }, (_, n) => n);
    const answers = await Promise.all(asked.map((n) => reads.query(n % 2 === 0 ? ECHO : TWICE, [n])));
    expect(answers.map(([row]) => row!.said)).toEqual(asked.map((n) => (n % 2 === 0 ? n : 2 * n)));
    expect(await app.asOwner(OPEN)).toEqual([{ n: 2 }]);
  });

  it('leave in one write on each connection where many are asked at once', async () => {
    const writes = jest.spyOn(Socket.prototype as unknown as { _writev(...chunks: unknown[]): void }, '_writev');
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => reads.query(ECHO, [n])));
    const sockets = writes.mock.contexts.filter((socket) => (socket as unknown as Socket).remotePort === port);
    writes.mockRestore();
    expect(answers).toHaveLength(100);
    expect([sockets.length, new Set(sockets).size]).toEqual([2, 2]);
  });

  it('fail alone: the questions before and after one that PostgreSQL refuses are answered', async () => {
    const answers = await Promise.allSettled([1, 0, 2, 0, 1, 1, 0].map((n) => reads.query(DIVIDE, [n])));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'rejected']);
  });

  it('G49 say that the database is away, all of them, and come back by themselves', async () => {
    const under = [1, 2, 3, 4].map((n) => reads.query(ECHO, [n]));
    proxy.cut();
    for (const { status } of await Promise.allSettled(under)) expect(status).toBe('rejected');
    await expect(reads.query(ECHO, [5])).rejects.toThrow();
    await proxy.mend();
    await until('an answer again', () => reads.query(ECHO, [6]).then(([row]) => row!.said === 6, () => false));
    const answers = await Promise.all([7, 8, 9].map((n) => reads.query(ECHO, [n])));
    expect(answers.map(([row]) => row!.said)).toEqual([7, 8, 9]);
    expect(await app.asOwner(OPEN)).toEqual([{ n: 2 }]);
  });
});
