import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { MasterKeys } from '../../../platform/vault/master-key.js';
import { headerKey } from '../domain/header-words.js';
import type { LearnedHeader } from '../domain/suggest-mapping.js';

const INDEX_BYTES = 16;
/** What nobody imports any more is forgotten, so that the table stays as small as the trade is various. */
const FORGOTTEN_AFTER_DAYS = 400;

const KNOWN = sql<{ header_index: Buffer; column_name: string; uses: number }>('learned_header.known', `
  select header_index, column_name, uses from integration.learned_header where resource = $1 and header_index = any ($2::bytea[]) order by header_index, column_name`);

/** In one order for everybody, so that two imports that end together do not deadlock. */
const LEARN = sql<never>('learned_header.learn', `
  insert into integration.learned_header as l (resource, header_index, column_name, uses, last_used_at)
  select $1, header_index, column_name, 1, $4 from unnest($2::bytea[], $3::text[]) as h (header_index, column_name) order by header_index, column_name
  on conflict (resource, header_index, column_name) do update set uses = l.uses + 1, last_used_at = excluded.last_used_at`);

const FORGET = sql<never>('learned_header.forget', `
  delete from integration.learned_header where last_used_at < $1::timestamptz - make_interval(days => $2)`);

/** A header of a file and the column of ours it was taken for. */
export interface TakenHeader {
  readonly fileColumn: string;
  readonly column: string;
}

/**
 * Which headers imports took for which columns. A header is kept as a keyed fingerprint of its words only: that is enough
 * to know it again, and what was no header after all but somebody's name cannot be read from it.
 */
@Injectable()
export class LearnedHeaderRepository {
  private readonly key: Buffer;

  constructor(keys: MasterKeys) {
    this.key = keys.derive('learned headers', 32);
  }

  /** What is known of these headers, under their names in the file. */
  async known(from: Sql, resource: string, fileColumns: readonly string[]): Promise<LearnedHeader[]> {
    const byIndex = new Map<string, string[]>();
    for (const fileColumn of fileColumns) {
      const index = this.indexOf(fileColumn).toString('hex');
      byIndex.set(index, [...(byIndex.get(index) ?? []), fileColumn]);
    }
    const rows = await from.query(KNOWN, [resource, [...byIndex.keys()].map((index) => Buffer.from(index, 'hex'))]);
    return rows.flatMap((row) => (byIndex.get(row.header_index.toString('hex')) ?? []).map((fileColumn) => ({ fileColumn, column: row.column_name, uses: row.uses })));
  }

  /** Counts one more use of each. */
  async learn(tx: Tx, resource: string, taken: readonly TakenHeader[]): Promise<void> {
    const pairs = new Map(taken.map(({ fileColumn, column }) => {
      const index = this.indexOf(fileColumn);
      return [`${index.toString('hex')} ${column}`, { index, column }];
    }));
    await tx.query(LEARN, [resource, [...pairs.values()].map(({ index }) => index), [...pairs.values()].map(({ column }) => column), tx.startedAt]);
    await tx.query(FORGET, [tx.startedAt, FORGOTTEN_AFTER_DAYS]);
  }

  private indexOf(fileColumn: string): Buffer {
    return createHmac('sha256', this.key).update(headerKey(fileColumn), 'utf8').digest().subarray(0, INDEX_BYTES);
  }
}
