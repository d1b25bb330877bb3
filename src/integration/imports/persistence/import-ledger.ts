import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import type { Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { RecordKey, Told, Touched } from '../../../platform/transfer/import-definition.js';

/** A record that lines of the file speak of, with what the last of them tell. */
export interface ToldRecord extends RecordKey {
  /** `2026-01` in the import's zone. */
  readonly month: string | null;
  readonly currency: string | null;
  readonly minor: number | null;
}

/** Refused lines of one month and currency, either null where they do not tell. */
export interface RefusedSum {
  readonly month: string | null;
  readonly currency: string | null;
  readonly lines: number;
  /** Minor units in digits. */
  readonly minor: string | null;
}

const ADD = sql<never>('import_ledger.add', `
  insert into integration.import_chunk (operation_id, last_line, ids, parts, lines, befores, versions, told_at, currencies, amounts)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`);

const ADD_REFUSED = sql<never>('import_ledger.add_refused', `
  insert into integration.import_refused as r (operation_id, month, currency, lines, minor)
  select $1, coalesce(to_char(t.at at time zone i.time_zone, 'YYYY-MM'), ''), coalesce(t.currency, ''), count(*), sum(t.minor)
    from integration.import i, unnest($2::timestamptz[], $3::text[], $4::bigint[]) as t (at, currency, minor)
   where i.operation_id = $1
   group by 2, 3 order by 2, 3
  on conflict (operation_id, month, currency) do update
     set lines = r.lines + excluded.lines, minor = coalesce(r.minor + excluded.minor, r.minor, excluded.minor)`);

const REFUSED = sql<RefusedSum>('import_ledger.refused', `
  select nullif(month, '') as month, nullif(currency, '') as currency, lines, minor::text as minor
    from integration.import_refused where operation_id = $1`);

/** A record that several chunks speak of is told by the last that says something, piece by piece. */
const OPEN = sql<never>('import_ledger.open', `
  declare told_record no scroll cursor for
  select r.id, r.part,
         to_char((array_agg(r.at order by c.last_line desc, r.place desc) filter (where r.at is not null))[1] at time zone i.time_zone, 'YYYY-MM') as month,
         (array_agg(r.currency order by c.last_line desc, r.place desc) filter (where r.currency is not null))[1] as currency,
         (array_agg(r.minor order by c.last_line desc, r.place desc) filter (where r.minor is not null))[1] as minor
    from integration.import i
    join integration.import_chunk c on c.operation_id = i.operation_id
   cross join unnest(c.ids, c.parts, c.told_at, c.currencies, c.amounts) with ordinality as r (id, part, at, currency, minor, place)
   where i.operation_id = $1
   group by r.id, r.part, i.time_zone`);

const FETCH = sql<ToldRecord>('import_ledger.fetch', 'fetch 5000 from told_record');

/** Which records each chunk of an import touched, and what the file tells of them: what can be taken back and added up. */
@Injectable()
export class ImportLedger {
  /** In the chunk's transaction. @param refused what the refused lines of the chunk tell, one entry a line */
  async add(tx: Tx, operationId: Id, lastLine: number, touched: readonly Touched[], refused: readonly Told[]): Promise<void> {
    if (touched.length > 0) {
      await tx.query(ADD, [
        operationId, lastLine,
        touched.map(({ id }) => id), touched.map(({ part }) => part), touched.map(({ line }) => line),
        touched.map(({ before }) => before), touched.map(({ version }) => version), ...toldColumns(touched.map(({ told }) => told)),
      ]);
    }
    if (refused.length > 0) await tx.query(ADD_REFUSED, [operationId, ...toldColumns(refused)]);
  }

  refused(from: Sql, operationId: Id): Promise<RefusedSum[]> {
    return from.query(REFUSED, [operationId]);
  }

  /** Every record once, some thousands at a time, however many there are. Read to the end, or end `tx`. */
  async *records(tx: Tx, operationId: Id): AsyncGenerator<readonly ToldRecord[]> {
    await tx.query(OPEN, [operationId]);
    for (let found = await tx.query(FETCH); found.length > 0; found = await tx.query(FETCH)) yield found;
  }
}

function toldColumns(told: readonly Told[]): unknown[] {
  return [told.map(({ at }) => at ?? null), told.map(({ currency }) => currency ?? null), told.map(({ minor }) => minor ?? null)];
}
