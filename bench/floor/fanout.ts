import { Client } from 'pg';

const MOVED_AT_ONCE = 1000;
const READ_AT_ONCE = 500;

const MOVE = {
  name: 'move',
  text: `
    with taken as (
      delete from outbox where seq = any (array(select seq from outbox order by seq limit $1)) returning seq, payload
    ), written as (
      insert into log (position, payload) select head.position + row_number() over (order by seq), payload from taken, head returning position
    )
    update head set position = position + (select count(*) from written) where exists (select from written) returning (select count(*)::int from written) as moved`,
};

/** One batch and the cursor behind it; a fact that is known already stays. */
const APPLY = {
  name: 'apply',
  text: `
    with batch as materialized (
      select position, payload from log where position > (select position from reader where name = $1 for update) order by position limit $2
    ), kept as (
      insert into heard (reader, order_id, customer_id, status, total_minor, placed_at)
      select $1, (payload->>'orderId')::uuid, (payload->>'customerId')::uuid, payload->>'status', (payload->>'totalMinor')::bigint, (payload->>'placedAt')::timestamptz from batch
      on conflict (reader, order_id) do update set status = excluded.status, total_minor = excluded.total_minor
    )
    update reader set position = coalesce((select max(position) from batch), position) where name = $1 returning (select count(*)::int from batch) as applied`,
};

/** A bare outbox: one relay that moves its rows to a log, and readers that keep each event's facts, each behind a cursor of its own. */
export class Fanout {
  constructor(private readonly url: string) {}

  /** Moves everything that waits and lets each of `readers` apply it. @returns seconds */
  async run(readers: number): Promise<number> {
    const clients = await Promise.all(Array.from({ length: readers + 1 }, () => this.connect()));
    const names = Array.from({ length: readers }, (_, index) => `reader-${index}`);
    const [relay, ...others] = clients;
    for (const name of names) await relay!.query('insert into reader select $1, position from head on conflict (name) do update set position = excluded.position', [name]);
    try {
      const began = performance.now();
      let moved = false;
      const work = others.map(async (client, index) => {
        for (;;) {
          const allMoved = moved;
          const applied = await step(client, APPLY, [names[index], READ_AT_ONCE]);
          if (applied === 0 && allMoved) return;
        }
      });
      while ((await step(relay!, MOVE, [MOVED_AT_ONCE])) > 0);
      moved = true;
      await Promise.all(work);
      return (performance.now() - began) / 1000;
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  }

  private async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    return client;
  }
}

async function step(client: Client, statement: { name: string; text: string }, values: unknown[]): Promise<number> {
  const { rows } = await client.query<{ moved?: number; applied?: number }>({ ...statement, values });
  return rows[0]?.moved ?? rows[0]?.applied ?? 0;
}
