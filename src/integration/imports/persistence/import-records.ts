import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { one, type Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { KeptReason, RecordKey } from '../../../platform/transfer/import-definition.js';
import { recordKey } from '../../../platform/transfer/take-back.js';

/** `updated_not_made`: the import changed it, and what it was before is not kept. */
export type StayReason = KeptReason | 'updated_not_made';

/** A record that an import made or changed. */
export interface ImportRecord extends RecordKey {
  /** Of the file: the last that speaks of it. */
  readonly line: number;
  /** Before the import first changed it; 0 if the import made it. */
  readonly before: number;
  /** The last the import gave it; 0 if somebody else changed it in between. */
  readonly version: number;
}

export interface StayingRecord extends RecordKey {
  readonly line: number;
  readonly reason: StayReason;
}

interface Entry extends ImportRecord {
  readonly last_line: number;
}

/** Those of the next chunks that made or changed something, in the order of the chunks. */
const NEXT_CHUNKS = sql<Entry>('import_record.next_chunks', `
  select c.last_line, r.id, r.part, r.line, r.before, r.version
    from (select * from integration.import_chunk
           where operation_id = $1 and last_line > (select folded_line from integration.import where operation_id = $1)
           order by last_line limit $2) c
    left join lateral unnest(c.ids, c.parts, c.lines, c.befores, c.versions) with ordinality as r (id, part, line, before, version, place) on r.before <> r.version
   order by c.last_line, r.place`);

/** In the order of the key, like everywhere else that writes several. A chain of versions that is broken was broken by somebody else. */
const FOLD = sql<never>('import_record.fold', `
  insert into integration.import_record as known (operation_id, id, part, line, before, version)
  select $1, r.id, r.part, r.line, r.before, r.version from unnest($2::uuid[], $3::int[], $4::bigint[], $5::int[], $6::int[]) as r (id, part, line, before, version)
   order by r.id, r.part
  on conflict (operation_id, id, part) do update
     set line = excluded.line, version = case when known.version = excluded.before then excluded.version else 0 end`);

const FOLDED = sql<never>('import_record.folded', 'update integration.import set folded_line = $2 where operation_id = $1');

const COUNT = sql<{ count: number }>('import_record.count', 'select count(*)::int as count from integration.import_record where operation_id = $1');

const PAGE = sql<ImportRecord>('import_record.page', `
  select id, part, line, before, version from integration.import_record
   where operation_id = $1 and (id, part) > ($2::uuid, $3) order by id, part limit $4`);

const SETTLE = sql<never>('import_record.settle', `
  with stays as (
    update integration.import_record r set reason = s.reason from unnest($2::uuid[], $3::int[], $4::text[]) as s (id, part, reason)
     where r.operation_id = $1 and r.id = s.id and r.part = s.part
  )
  delete from integration.import_record r using unnest($5::uuid[], $6::int[]) as gone (id, part)
   where r.operation_id = $1 and r.id = gone.id and r.part = gone.part`);

const KEPT = sql<StayingRecord>('import_record.kept', `
  select id, part, line, reason from integration.import_record
   where operation_id = $1 and reason is not null and (line, id, part) > ($2, $3::uuid, $4) order by line, id, part limit $5`);

const CHUNKS_AT_ONCE = 20;

/** The ledger of an import by record: what it made or changed, until it is taken back. */
@Injectable()
export class ImportRecords {
  /** Looks through the next chunks of the ledger. @returns false once there are no more */
  async fold(tx: Tx, operationId: Id): Promise<boolean> {
    const entries = await tx.query(NEXT_CHUNKS, [operationId, CHUNKS_AT_ONCE]);
    const last = entries.at(-1);
    if (!last) return false;
    const records = chained(entries);
    await tx.query(FOLD, [
      operationId, records.map(({ id }) => id), records.map(({ part }) => part), records.map(({ line }) => line),
      records.map(({ before }) => before), records.map(({ version }) => version),
    ]);
    await tx.query(FOLDED, [operationId, last.last_line]);
    return true;
  }

  async count(from: Sql, operationId: Id): Promise<number> {
    return (await one(from, COUNT, [operationId]))!.count;
  }

  /** Those not taken back so far, by key. */
  page(from: Sql, operationId: Id, after: RecordKey, limit: number): Promise<ImportRecord[]> {
    return from.query(PAGE, [operationId, after.id, after.part, limit]);
  }

  /** Says of each record whether it stays, and why, or is gone. */
  async settle(tx: Tx, operationId: Id, stays: readonly (RecordKey & { readonly reason: StayReason })[], gone: readonly RecordKey[]): Promise<void> {
    await tx.query(SETTLE, [
      operationId, stays.map(({ id }) => id), stays.map(({ part }) => part), stays.map(({ reason }) => reason), gone.map(({ id }) => id), gone.map(({ part }) => part),
    ]);
  }

  /** Those that stayed when the import was taken back, in the order of the file. */
  kept(from: Sql, operationId: Id, after: RecordKey & { readonly line: number }, limit: number): Promise<StayingRecord[]> {
    return from.query(KEPT, [operationId, after.line, after.id, after.part, limit]);
  }
}

/** One entry a record, from before the first to after the last; 0 where somebody else came in between. */
function chained(entries: readonly Entry[]): ImportRecord[] {
  const records = new Map<string, ImportRecord>();
  // A chunk that made nothing has one row without a record.
  for (const entry of entries.filter(({ id }) => id !== null)) {
    const known = records.get(recordKey(entry));
    const version = known && known.version !== entry.before ? 0 : entry.version;
    records.set(recordKey(entry), known ? { ...known, line: entry.line, version } : entry);
  }
  return [...records.values()];
}
