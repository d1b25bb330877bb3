import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AppConfig } from '../../src/platform/config/config.js';
import { Housekeeping } from '../../src/platform/jobs/housekeeping.js';
import { openJobProcess, ShiftedClock, type JobProcess } from '../support/job-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

describe('housekeeping', () => {
  const clock = new ShiftedClock();
  let place: TestDatabase;
  let p: JobProcess;

  beforeAll(async () => {
    place = await createTestDatabase();
    p = await openJobProcess({ url: place.appUrl, clock });
    new Housekeeping(p.jobs, p.database, clock, { eventLogMonths: 2 } as AppConfig);
    await p.runner.start();
  });
  afterAll(async () => {
    await p.close();
    await place.drop();
  });

  it('throws away done jobs after a week and stored answers after a day, and keeps failed jobs', async () => {
    await place.asOwner(`insert into platform.job (id, name, payload, status, run_at, created_at, finished_at)
      select gen_random_uuid(), 'test.old', '{}', status, now(), now(), now() - make_interval(days => days)
        from (values ('done', 8), ('done', 6), ('cancelled', 8), ('failed', 400)) as j (status, days), generate_series(1, 2500)`);
    await place.asOwner(`insert into platform.idempotency (caller, key, fingerprint, status, headers, created_at)
      select 'user:1', hours::text, '', 200, '{}', now() - make_interval(hours => hours) from (values (23), (25), (400)) as h (hours)`);
    clock.advance(3_600_000);
    await until('the hourly round', async () => (await place.asOwner(`select from platform.job where name = 'platform.remove_expired' and status = 'done'`)).length > 0);
    expect(await place.asOwner(`select status, count(*)::int as jobs from platform.job where name = 'test.old' group by status order by status`)).toEqual([{ status: 'done', jobs: 2500 }, { status: 'failed', jobs: 2500 }]);
    // The clock has gone on by an hour, so the answer that was 23 hours old is at its end.
    expect(await place.asOwner('select key from platform.idempotency where created_at > now() - interval \'22 hours\'')).toEqual([]);
    expect((await place.asOwner('select key from platform.idempotency')).map(({ key }) => key)).not.toContain('25');
  });

  it('makes the coming months of the event log and drops those past the time it is kept, but none a consumer has yet to hear', async () => {
    // The hour of the first test may have held the daily round's time.
    await place.asOwner(`delete from platform.job where name = 'platform.turn_event_log'`);
    await place.asOwner(`
      create table platform.event_log_202001 partition of platform.event_log for values from ('2020-01-01Z') to ('2020-02-01Z');
      create table platform.event_log_202002 partition of platform.event_log for values from ('2020-02-01Z') to ('2020-03-01Z');
      insert into platform.event_log (position, id, name, version, aggregate_id, partition_key, lane_key, payload, occurred_at, recorded_at)
      select position, gen_random_uuid(), 'test.old', 1, gen_random_uuid(), 'x', 1, '{}', at, at from (values (3, '2020-01-15Z'::timestamptz), (10, '2020-02-15Z')) as e (position, at);
      insert into platform.consumer (name, lane, lanes, position) values ('late.reader', 0, 1, 5);`);
    clock.advance(24 * 3_600_000);
    await until('the daily round', async () => (await place.asOwner(`select from platform.job where name = 'platform.turn_event_log' and status = 'done'`)).length > 0);
    const parts = (await place.asOwner(`select relname from pg_class where relname ~ '^event_log_[0-9]{6}$' order by 1`)).map(({ relname }) => relname);
    expect(parts).toHaveLength(5);
    expect(parts).not.toContain('event_log_202001');
    expect(parts).toContain('event_log_202002');
  });
});
