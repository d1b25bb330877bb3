import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { SYSTEM } from '../../src/kernel/actor.js';
import { EventType, type RecordedEvent } from '../../src/kernel/event.js';
import { newId } from '../../src/kernel/id.js';
import { sql } from '../../src/platform/database/statement.js';
import type { Tx } from '../../src/platform/database/tx.js';
import { ConsumerLane } from '../../src/platform/events/consumer-lane.js';
import type { Consumer } from '../../src/platform/events/consumers.js';
import { openBare, type Bare, type Worker } from '../support/bare.js';
import { until } from '../support/until.js';

class CountedPayload {
  readonly of: string;
  readonly n: number;
}
const Counted = new EventType('test.counted', 1, CountedPayload);
const Unheard = new EventType('test.unheard', 1, CountedPayload);

const EFFECT = sql<never>('test.effect', 'insert into public.effect (consumer, event_id, aggregate_id, n) values ($1, $2, $3, $4)');
const EFFECTS = sql<{ consumer: string; event_id: string; aggregate_id: string; n: number; at: number }>('test.effects', 'select * from public.effect where consumer = $1 order by at');
const CLEAR = sql<never>('test.clear', 'delete from public.effect');
const BUMP = sql<{ n: number }>('test.bump', 'insert into public.counter (id, n) values ($1, 1) on conflict (id) do update set n = public.counter.n + 1 returning n');
const PAUSE = sql<never>('test.pause', 'select pg_sleep($1)');
const LOG = sql<{ position: number; id: string; aggregate_id: string; n: number }>('test.log', `
  select position, id, aggregate_id, (payload->>'n')::int as n from platform.event_log where name = 'test.counted' order by position`);
const ALL = sql<{ count: number; first: number; last: number }>('test.all', 'select count(*)::int as count, min(position) as first, max(position) as last from platform.event_log');

let bare: Bare;

beforeAll(async () => {
  bare = await openBare();
  await bare.place.asOwner(`
    create table public.effect (at bigint generated always as identity, consumer text not null, event_id uuid not null, aggregate_id uuid not null, n int not null);
    create table public.counter (id uuid primary key, n int not null);
    grant select, insert, update, delete on public.effect, public.counter to shuke_app;`);
});
afterAll(() => bare.close());
beforeEach(() => bare.database.query(CLEAR));

/** Writes each event it is given; refuses those of `poisoned` aggregates. */
function writer(name: string, options: Partial<Consumer> & { poisoned?: Set<string> } = {}): Consumer {
  const { poisoned = new Set<string>(), ...rest } = options;
  return {
    name,
    hears: [Counted],
    handler: {
      apply: async (tx: Tx, events: readonly RecordedEvent[]) => {
        for (const event of events) {
          if (!Counted.is(event)) throw new Error('not heard');
          if (poisoned.has(event.aggregateId)) throw new Error(`cannot digest ${event.payload.n}`);
          await tx.query(EFFECT, [name, event.id, event.aggregateId, event.payload.n]);
        }
      },
    },
    ...rest,
  };
}

/** Counts the aggregate up under its row lock and records the number, as a repository does. */
function count(aggregateId: string, options: { pauseSeconds?: number } = {}): Promise<void> {
  return bare.database.transaction(SYSTEM, async (tx) => {
    const [row] = await tx.query(BUMP, [aggregateId]);
    tx.record(Counted.of(aggregateId, { of: aggregateId, n: row!.n }));
    if (options.pauseSeconds) await tx.query(PAUSE, [options.pauseSeconds]);
  });
}

function expectInOrder(rows: readonly { aggregate_id: string; n: number }[]): void {
  const last = new Map<string, number>();
  for (const { aggregate_id, n } of rows) {
    expect(n).toBe((last.get(aggregate_id) ?? 0) + 1);
    last.set(aggregate_id, n);
  }
}

const ids = (howMany: number) => Array.from({ length: howMany }, () => newId());

/** The worst case without waiting: every worker steps as fast as it can, all at once. */
async function hammer<T>(items: readonly T[], workers: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}

describe('events', () => {
  it('G9 a rolled-back change leaves no event, a committed one leaves exactly its events', async () => {
    const [kept, dropped] = ids(2) as [string, string];
    const worker = bare.worker((consumers) => consumers.hear(writer('test.atomic')));
    await count(kept);
    await expect(
      bare.database.transaction(SYSTEM, async (tx) => {
        await tx.query(BUMP, [dropped]);
        tx.record(Counted.of(dropped, { of: dropped, n: 1 }));
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await worker.runner.drain();
    const effects = await bare.database.query(EFFECTS, ['test.atomic']);
    expect(effects.map((effect) => effect.aggregate_id)).toEqual([kept]);
  });

  it('G9 an attempt that fails takes its events with it, and the rest of the transaction stands', async () => {
    const [kept, dropped] = ids(2) as [string, string];
    const worker = bare.worker((consumers) => consumers.hear(writer('test.attempt')));
    await bare.database.transaction(SYSTEM, async (tx) => {
      tx.record(Counted.of(kept, { of: kept, n: 1 }));
      await tx
        .attempt(async () => {
          tx.record(Counted.of(dropped, { of: dropped, n: 1 }));
          throw new Error('no');
        })
        .catch(() => undefined);
    });
    await worker.runner.drain();
    const effects = await bare.database.query(EFFECTS, ['test.attempt']);
    expect(effects.map((effect) => effect.aggregate_id)).toContain(kept);
    expect(effects.map((effect) => effect.aggregate_id)).not.toContain(dropped);
  });

  it('G11 G12 32 writers with transactions of 0 to 200 ms: no event is missing, positions are dense, each aggregate in order', async () => {
    const aggregates = ids(100);
    const writes = Array.from({ length: 5000 }, (_, i) => ({ id: aggregates[i % aggregates.length]!, pause: i % 50 === 0 ? (i % 200) / 1000 : 0 }));
    const relays = [1, 2].map(() => bare.worker(() => undefined).relay);
    let writing = true;
    const moving = Promise.all(relays.map(async (relay) => {
      while (writing) await relay.step();
    }));
    await hammer(writes, 32, ({ id, pause }) => count(id, { pauseSeconds: pause }));
    writing = false;
    await moving;
    while (await relays[0]!.step());

    const log = (await bare.database.query(LOG)).filter((row) => aggregates.includes(row.aggregate_id));
    expect(log).toHaveLength(5000);
    expectInOrder(log);
    const [all] = await bare.database.query(ALL);
    expect(all!.last - all!.first + 1).toBe(all!.count);
  });

  it('G10 2,000 events meet three consumers on two competing workers: each effect once, each aggregate in order', async () => {
    const names = ['test.one', 'test.two', 'test.three'];
    const register = (consumers: { hear(consumer: Consumer): void }) => {
      consumers.hear(writer('test.one', { lanes: 1 }));
      consumers.hear(writer('test.two', { lanes: 4, batch: 37 }));
      consumers.hear(writer('test.three', { lanes: 8 }));
    };
    const aggregates = ids(80);
    const [first, second] = [bare.worker(register), bare.worker(register)];
    await first.runner.drain();
    await bare.database.query(CLEAR);
    await hammer(Array.from({ length: 2000 }, (_, i) => aggregates[i % 80]!), 16, (id) => count(id));
    await Promise.all([first.runner.drain(), second.runner.drain()]);
    await Promise.all([first.runner.drain(), second.runner.drain()]);
    for (const name of names) {
      const effects = await bare.database.query(EFFECTS, [name]);
      expect(effects).toHaveLength(2000);
      expect(new Set(effects.map((effect) => effect.event_id)).size).toBe(2000);
      expectInOrder(effects);
    }
  });

  it('G10 running workers wake by themselves and apply what is committed', async () => {
    const worker = bare.worker((consumers) => consumers.hear(writer('test.live', { lanes: 2 })));
    await worker.runner.start();
    const [id] = ids(1) as [string];
    for (let i = 0; i < 20; i += 1) await count(id);
    await worker.runner.stop();
    await worker.runner.drain();
    const effects = (await bare.database.query(EFFECTS, ['test.live'])).filter((effect) => effect.aggregate_id === id);
    expect(effects.map((effect) => effect.n)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it('G15 one percent poison stops nobody else; it is listed with its reason, retried with pauses, then waits for a person', async () => {
    const aggregates = ids(200);
    const poisoned = new Set(aggregates.slice(0, 2));
    const worker = bare.worker((consumers) => consumers.hear(writer('test.poison', { lanes: 2, poisoned })));
    await worker.runner.drain();
    await hammer(aggregates.flatMap((id) => [id, id]), 8, (id) => count(id));
    await worker.runner.drain();
    // These come when their elders are parked already, and must line up behind them.
    await hammer([...poisoned], 2, (id) => count(id));
    await worker.runner.drain();

    const healthy = (await bare.database.query(EFFECTS, ['test.poison'])).filter((effect) => aggregates.includes(effect.aggregate_id));
    expect(healthy).toHaveLength(198 * 2);
    const parked = await worker.redrive.list('test.poison', { consumer: '', position: 0 }, 100);
    expect(parked.map(({ status, error }) => ({ status, error }))).toEqual(
      expect.arrayContaining([{ status: 'retrying', error: 'cannot digest 1' }, { status: 'behind', error: null }]),
    );
    expect(parked.filter(({ status }) => status === 'retrying')).toHaveLength(2);
    expect(parked.filter(({ status }) => status === 'behind')).toHaveLength(4);

    for (const seconds of [1, 5, 30, 120, 600]) {
      bare.clock.advance(seconds * 1000);
      expect(await worker.redrive.step()).toBe(true);
    }
    expect(await worker.redrive.step()).toBe(false);
    const given = await worker.redrive.list('test.poison', { consumer: '', position: 0 }, 100);
    expect(given.filter(({ status }) => status === 'parked').map(({ attempts }) => attempts)).toEqual([6, 6]);

    const [cured, givenUp] = [...poisoned] as [string, string];
    poisoned.clear();
    const head = (id: string) => given.find((event) => event.aggregate_id === id && event.status === 'parked')!;
    await bare.database.transaction(SYSTEM, (tx) => worker.redrive.retry(tx, 'test.poison', head(cured).position));
    await bare.database.transaction(SYSTEM, (tx) => worker.redrive.discard(tx, 'test.poison', head(givenUp).position));
    const effects = await bare.database.query(EFFECTS, ['test.poison']);
    expect(effects.filter((effect) => effect.aggregate_id === cured).map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(effects.filter((effect) => effect.aggregate_id === givenUp).map(({ n }) => n)).toEqual([2, 3]);
    expect(await worker.redrive.list('test.poison', { consumer: '', position: 0 }, 100)).toEqual([]);
  });

  it('G15 an event behind a parked one cannot be discarded out of turn', async () => {
    const [id] = ids(1) as [string];
    const worker = bare.worker((consumers) => consumers.hear(writer('test.turn', { poisoned: new Set([id]) })));
    await worker.runner.drain();
    await count(id);
    await count(id);
    await worker.runner.drain();
    const parked = await worker.redrive.list('test.turn', { consumer: '', position: 0 }, 10);
    await expect(bare.database.transaction(SYSTEM, (tx) => worker.redrive.discard(tx, 'test.turn', parked[1]!.position))).rejects.toMatchObject({ code: 'not_first_in_line' });
  });

  it('a consumer set back hears everything again; one with effects outside refuses', async () => {
    const register = (consumers: { hear(consumer: Consumer): void }) => {
      consumers.hear(writer('test.rebuilt', { lanes: 3 }));
      consumers.hear(writer('test.outward', { replayable: false }));
    };
    const worker = bare.worker(register);
    await worker.runner.drain();
    const before = (await bare.database.query(EFFECTS, ['test.rebuilt'])).length;
    await bare.database.transaction(SYSTEM, (tx) => worker.runner.replay(tx, 'test.rebuilt', 0));
    await bare.database.query(CLEAR);
    await worker.runner.drain();
    expect(await bare.database.query(EFFECTS, ['test.rebuilt'])).toHaveLength(before);
    await expect(bare.database.transaction(SYSTEM, (tx) => worker.runner.replay(tx, 'test.outward', 0))).rejects.toMatchObject({ code: 'not_replayable' });
  });

  it('a consumer is never set ahead of where it is, and one set back wakes by itself', async () => {
    const worker = bare.worker((consumers) => consumers.hear(writer('test.back')));
    await worker.runner.start();
    await count(newId());
    const applied = async () => (await bare.database.query(EFFECTS, ['test.back'])).length;
    await until('the first hearing', async () => (await applied()) > 0);
    await expect(bare.database.transaction(SYSTEM, (tx) => worker.runner.replay(tx, 'test.back', Number.MAX_SAFE_INTEGER))).rejects.toMatchObject({ code: 'not_behind' });
    await bare.database.query(CLEAR);
    await bare.database.transaction(SYSTEM, (tx) => worker.runner.replay(tx, 'test.back', 0));
    await until('the second hearing', async () => (await applied()) > 0);
    await worker.runner.stop();
  });

  it('G15 a parked event of a consumer this release does not have is left alone', async () => {
    await bare.place.asOwner(`
      insert into platform.parked_event (consumer, position, event_id, event_name, aggregate_id, partition_key, lane, status, attempts, next_attempt_at)
      values ('old.renamed', 1, gen_random_uuid(), 'test.counted', gen_random_uuid(), 'x', 0, 'retrying', 1, '2000-01-01Z')`);
    const worker = bare.worker((consumers) => consumers.hear(writer('test.newer')));
    expect(await worker.redrive.step()).toBe(false);
  });

  it('a process with another number of lanes moves no cursor that is not its own', async () => {
    const [old, current] = [8, 4].map((lanes) => bare.worker((consumers) => consumers.hear(writer('test.deploy', { lanes })))) as [Worker, Worker];
    await current.runner.drain();
    await bare.database.query(CLEAR);
    const aggregates = ids(60);
    await hammer(aggregates, 8, (id) => count(id));
    while (await current.relay.step());
    // Its lanes hold other partitions than the four cursors there are stand for.
    const consumer = old.consumers.get('test.deploy')!;
    for (let lane = 0; lane < consumer.lanes; lane += 1) {
      expect(await new ConsumerLane(consumer, lane, bare.database, pino({ level: 'silent' })).step()).toBe(false);
    }
    await current.runner.drain();
    expect(new Set((await bare.database.query(EFFECTS, ['test.deploy'])).map((effect) => effect.aggregate_id)).size).toBe(aggregates.length);
  });

  it('the relay keeps its pace when its statement was planned on an empty outbox and then meets a full one', async () => {
    const { relay } = bare.worker(() => undefined);
    while (await relay.step());
    await bare.place.asOwner('vacuum analyze platform.outbox');
    for (let i = 0; i < 10; i += 1) await relay.step();
    await bare.place.asOwner(`
      insert into platform.outbox (id, name, version, aggregate_id, partition_key, payload, occurred_at)
      select gen_random_uuid(), 'test.unheard', 1, gen_random_uuid(), 'x', '{}', now() from generate_series(1, 60000)`);
    // The statement timeout of the app's connections ends a step that scans.
    while (await relay.step());
    expect(await bare.place.asOwner('select count(*)::int as n from platform.outbox')).toEqual([{ n: 0 }]);
  });

  it('more or fewer lanes after a release: nothing is skipped', async () => {
    const aggregates = ids(40);
    const narrow = bare.worker((consumers) => consumers.hear(writer('test.lanes', { lanes: 2 })));
    await narrow.runner.drain();
    await bare.database.query(CLEAR);
    await hammer(aggregates, 8, (id) => count(id));
    for (const lanes of [5, 1]) {
      const other = bare.worker((consumers) => consumers.hear(writer('test.lanes', { lanes })));
      await other.runner.drain();
      await hammer(aggregates, 8, (id) => count(id));
      await other.runner.drain();
    }
    const heard = new Set((await bare.database.query(EFFECTS, ['test.lanes'])).map((effect) => effect.event_id));
    const log = (await bare.database.query(LOG)).filter((row) => aggregates.includes(row.aggregate_id));
    expect(log).toHaveLength(120);
    expect(log.every((row) => heard.has(row.id))).toBe(true);
  });

  it('an event nobody hears moves the cursors all the same', async () => {
    const worker = bare.worker((consumers) => consumers.hear(writer('test.passing')));
    await worker.runner.drain();
    const effects = (await bare.database.query(EFFECTS, ['test.passing'])).length;
    await bare.database.transaction(SYSTEM, async (tx) => tx.record(Unheard.of(newId(), { of: 'x', n: 1 })));
    await worker.runner.drain();
    expect(await bare.database.query(EFFECTS, ['test.passing'])).toHaveLength(effects);
  });
});
