import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Actor } from '../../src/kernel/actor.js';
import { DomainError } from '../../src/kernel/domain-error.js';
import { newId, type Id } from '../../src/kernel/id.js';
import { sql } from '../../src/platform/database/statement.js';
import { Attempts } from '../../src/platform/jobs/attempts.js';
import type { JobHandler } from '../../src/platform/jobs/job.js';
import type { OperationDefinition, OperationRun, OperationView } from '../../src/platform/jobs/operation.js';
import { backends, JobPlace } from '../support/job-place.js';
import { ShiftedClock, type JobProcess } from '../support/job-process.js';
import { until } from '../support/until.js';

const KIND = 'test.count';
const MAY_RUN: Actor = { kind: 'user', id: newId(), permissions: new Set(['test:run']) };
const MAY_NOT: Actor = { ...MAY_RUN, permissions: new Set() };

const RECORD = sql<never>('test.record_chunk', `insert into chunk (number) values ($1)`);
const CHUNKS = sql<{ number: number; times: number }>('test.chunks', `select number, count(*)::int as times from chunk group by number order by number`);

interface Upto { readonly upto: number }
interface Reached { readonly next: number }

/** Writes the numbers from 0, one a chunk; `before` runs ahead of each chunk's transaction. */
function counting(before: (operation: OperationRun<Upto, Reached>) => Promise<void> = () => Promise.resolve()): OperationDefinition<Upto, Reached> {
  return {
    permission: 'test:run',
    async run(operation) {
      const { upto } = operation.parameters;
      for (let next = operation.state.next ?? 0; next < upto; next = operation.state.next!) {
        await before(operation);
        await operation.step(async (tx) => {
          // Read under the lock: another process may have gone on meanwhile.
          const number = operation.state.next ?? 0;
          if (number >= upto) return { done: upto, state: { next: upto } };
          await tx.query(RECORD, [number]);
          return { done: number + 1, total: upto, state: { next: number + 1 } };
        });
      }
      await operation.finish({ counted: upto });
    },
  };
}

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

function gate(): Gate {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

const chunks = (count: number) => Array.from({ length: count }, (_, number) => ({ number, times: 1 }));

describe.each(backends)('operations on %s', (backend) => {
  const place = JobPlace.forEachTest(backend, 'chunk (number int not null)');

  async function process(definition = counting()): Promise<JobProcess> {
    const made = await place.process();
    made.operations.register(KIND, definition);
    await made.runner.start();
    return made;
  }

  const start = (p: JobProcess, upto: number, actor = MAY_RUN) => p.database.transaction(actor, (tx) => p.operations.start(tx, KIND, { upto }));
  const cancel = (p: JobProcess, id: Id) => p.database.transaction(MAY_RUN, (tx) => p.operations.cancel(tx, id));
  const resume = (p: JobProcess, id: Id) => p.database.transaction(MAY_RUN, (tx) => p.operations.resume(tx, id));
  const ends = (p: JobProcess, id: Id, status: OperationView['status']) => until(`operation ${status}`, async () => {
    const view = await p.operations.get(id);
    return view.status === status && view;
  });

  it('G14 an operation shows its progress and ends with its result', async () => {
    const p = await process();
    const started = await start(p, 20);
    expect(started).toMatchObject({ kind: KIND, status: 'queued', progress: { done: 0, total: null }, result: null, error: null, finishedAt: null });
    const seen: OperationView[] = [];
    for await (const view of p.operations.watch(started.id, new AbortController().signal)) seen.push(view);
    const last = seen.at(-1)!;
    expect(last).toMatchObject({ status: 'succeeded', progress: { done: 20, total: 20 }, result: { counted: 20 } });
    expect(last.finishedAt).toBeInstanceOf(Date);
    const done = seen.map((view) => view.progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(await p.database.query(CHUNKS)).toEqual(chunks(20));
    expect(await place.database.asOwner('select distinct actor_id, action from platform.audit_inbox')).toEqual([{ actor_id: MAY_RUN.id, action: 'operation.started' }]);
  });

  it('G14 an operation of a transaction that rolls back does not exist', async () => {
    const p = await process();
    let id: Id | undefined;
    await expect(p.database.transaction(MAY_RUN, async (tx) => {
      ({ id } = await p.operations.start(tx, KIND, { upto: 1 }));
      throw new Error('no');
    })).rejects.toThrow('no');
    await expect(p.operations.get(id!)).rejects.toThrow(/There is no operation/);
  });

  it('G13 cut off by a stopping process, it goes on in another with no chunk twice', async () => {
    let reached: () => void = () => undefined;
    const half = new Promise<void>((resolve) => (reached = resolve));
    const a = await process(counting(async ({ done, signal }) => {
      if (done < 5) return;
      reached();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    }));
    const { id } = await start(a, 10);
    await half;
    const b = await process();
    await a.runner.stop();
    await ends(b, id, 'succeeded');
    expect(await b.database.query(CHUNKS)).toEqual(chunks(10));
  });

  it('G13 taken for dead while it lives, it and its successor share the chunks and none is done twice', async () => {
    let twinned = false;
    const definition = counting(async ({ id, done }) => {
      // Half-way, somebody believes the job lost and it runs a second time, in whichever process does not run it now.
      if (done !== 50 || twinned) return;
      twinned = true;
      const twin = await p.database.transaction(MAY_RUN, async (tx) => p.jobs.enqueue(tx, p.jobs.registered()[0]!.kind, { operationId: id }));
      await until('the twin to begin', async () => (await place.database.asOwner('select attempts from platform.job where id = $1', [twin]))[0]?.['attempts'] === 1);
    });
    const p = await process(definition);
    await process(definition);
    const { id } = await start(p, 200);
    await ends(p, id, 'succeeded');
    await until('both jobs over', async () => Number((await place.database.asOwner(`select count(*)::int as n from platform.job where status = 'done'`))[0]!['n']) === 2);
    expect(await p.database.query(CHUNKS)).toEqual(chunks(200));
  });

  it('G14 a running operation is cancelled after its chunk, a waiting one at once, and either can be resumed', async () => {
    const p = await process(counting(async ({ id, done }) => {
      if (done === 5 && (await p.operations.get(id)).progress.done === 5 && !resumed) await cancel(p, id);
    }));
    let resumed = false;
    const { id } = await start(p, 10);
    const cancelled = await ends(p, id, 'cancelled');
    expect(cancelled.progress).toEqual({ done: 5, total: 10 });
    await expect(cancel(p, id)).rejects.toThrow(/is cancelled; only one that is queued or running/);
    resumed = true;
    await resume(p, id);
    await ends(p, id, 'succeeded');
    await expect(resume(p, id)).rejects.toThrow(/is succeeded; only one that failed or was cancelled/);
    expect(await p.database.query(CHUNKS)).toEqual(chunks(10));

    await p.runner.stop();
    const waiting = await start(p, 3);
    expect(await cancel(p, waiting.id)).toMatchObject({ status: 'cancelled' });
    await p.runner.start();
    await ends(p, waiting.id, 'cancelled');
  });

  it('G14 cancelled while it waits and resumed just as its old job ends, it still runs', async () => {
    const p = await place.process();
    p.operations.register(KIND, counting());
    const registered = p.jobs.registered().find(({ kind }) => kind.name === `operation.${KIND}`)!;
    const { id } = await start(p, 3);
    const [old] = await place.database.asOwner('select id from platform.job where unique_key = $1', [id]);
    const [begun, look, looked, end] = [gate(), gate(), gate(), gate()];
    const handler: JobHandler<object> = {
      async run(job) {
        begun.open();
        await look.opened;
        await registered.handler.run(job);
        looked.open();
        await end.opened;
      },
    };
    const delivery = new Attempts(p.database, new ShiftedClock(), pino({ level: 'silent' })).run({ ...registered, handler }, String(old!['id']));
    await begun.opened;
    await cancel(p, id);
    look.open();
    await looked.opened;
    await resume(p, id);
    end.open();
    await delivery;
    await p.runner.start();
    await ends(p, id, 'succeeded');
    expect(await p.database.query(CHUNKS)).toEqual(chunks(3));
  });

  it('G15 a refusal ends it at once in its own words; a fault only after its tries, without a word of the driver', async () => {
    let error: Error = new DomainError('rule', 'file_empty', 'The file has no line. Send one with at least a header.');
    let tries = 0;
    const p = await process(counting(() => {
      tries += 1;
      return Promise.reject(error);
    }));
    const refused = await start(p, 1);
    expect((await ends(p, refused.id, 'failed')).error).toEqual({ code: 'file_empty', title: 'The operation was refused', detail: 'The file has no line. Send one with at least a header.' });
    expect(tries).toBe(1);

    error = new Error('relation "secret" does not exist');
    const faulty = await start(p, 1);
    // As if four tries had gone by.
    await until('first try', async () => (await place.database.asOwner(`update platform.job set attempts = 5 where unique_key = $1 and attempts = 1 returning id`, [faulty.id])).length === 1);
    const failed = await ends(p, faulty.id, 'failed').catch(() => undefined);
    expect(failed?.error?.code).toBe('operation_failed');
    expect(JSON.stringify(failed)).not.toMatch(/secret/);
    expect(await p.jobs.failed({}, undefined, 10)).toHaveLength(1);

    error = new DomainError('rule', 'still_empty', 'Still empty.');
    await resume(p, faulty.id);
    expect((await ends(p, faulty.id, 'failed')).error?.code).toBe('still_empty');
    expect(await p.jobs.failed({}, undefined, 10)).toEqual([]);
  });

  it('needs its permission to be started, cancelled and resumed', async () => {
    const p = await process();
    await expect(start(p, 1, MAY_NOT)).rejects.toThrow(/needs the permission test:run/);
    const { id } = await start(p, 1);
    await expect(p.database.transaction(MAY_NOT, (tx) => p.operations.cancel(tx, id))).rejects.toThrow(/needs the permission test:run/);
    await expect(p.database.transaction(MAY_NOT, (tx) => p.operations.resume(tx, id))).rejects.toThrow(/needs the permission test:run/);
    expect(() => p.operations.register(KIND, counting())).toThrow(/Two operations are named/);
  });

  it('is listed page by page, the latest first', async () => {
    const p = await process();
    const ids: Id[] = [];
    for (let i = 0; i < 5; i += 1) ids.unshift((await start(p, 1)).id);
    const first = await p.operations.list({}, undefined, 3);
    const last = first.at(-1)!;
    const second = await p.operations.list({ kind: KIND }, { createdAt: last.createdAt, id: last.id }, 3);
    expect([...first, ...second].map(({ id }) => id)).toEqual(ids);
    expect(await p.operations.list({ kind: 'test.other' }, undefined, 3)).toEqual([]);
    for (const id of ids) await ends(p, id, 'succeeded');
    expect(await p.operations.list({ status: 'failed' }, undefined, 3)).toEqual([]);
  });

  it('is watched from another process until the watcher goes', async () => {
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const p = await process(counting(() => gate));
    const { id } = await start(p, 1);
    const gone = new AbortController();
    const seen: string[] = [];
    for await (const view of p.operations.watch(id, gone.signal)) {
      seen.push(view.status);
      if (view.status === 'running') gone.abort();
    }
    expect(seen.at(-1)).toBe('running');
    go();
    await ends(p, id, 'succeeded');
  });
});
