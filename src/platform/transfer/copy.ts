import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import type { Tx } from '../database/tx.js';
import { SLICE_MS } from './in-slices.js';

/** A temporary staging table; both texts are constants. It lives with the connection and is emptied at each commit. */
export interface StagingTable {
  /** `create temporary table if not exists stage_x (…) on commit delete rows` */
  readonly create: string;
  /** `copy stage_x (a, b) from stdin` */
  readonly copy: string;
}

/** Buffers are written as bytea, arrays as PostgreSQL array literals (numbers only), everything else as text; undefined is null. */
export type CopyValue = string | number | boolean | Date | Buffer | readonly number[] | null | undefined;

/** About 1 ms. */
const ROWS_PER_PIECE = 100;

/** Copies rows into the staging table, made on first use of the connection. */
export async function copyRows(tx: Tx, table: StagingTable, rows: readonly (readonly CopyValue[])[]): Promise<void> {
  const { client } = tx;
  await client.query(table.create);
  if (rows.length === 0) return;
  await unpipelined(client, () => pipeline(Readable.from(pieces(rows)), client.query(from(table.copy))));
}

/** pg takes no stream on a pipelined connection. Nothing else is under way on this one, so it can be none for a while. */
async function unpipelined(client: PoolClient, work: () => Promise<void>): Promise<void> {
  Object.assign(client, { pipeline: false });
  try {
    await work();
  } finally {
    Object.assign(client, { pipeline: true });
  }
}

async function* pieces(rows: readonly (readonly CopyValue[])[]): AsyncGenerator<string> {
  let began = performance.now();
  for (let start = 0; start < rows.length; start += ROWS_PER_PIECE) {
    yield rows.slice(start, start + ROWS_PER_PIECE).map((row) => `${row.map(copyText).join('\t')}\n`).join('');
    if (performance.now() - began < SLICE_MS) continue;
    await setImmediate();
    began = performance.now();
  }
}

const SPECIAL = /[\\\t\n\r\b\f\v]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\b': '\\b', '\f': '\\f', '\v': '\\v' };

/** PostgreSQL's text format of COPY. */
export function copyText(value: CopyValue): string {
  if (value === null || value === undefined) return '\\N';
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.join(',')}}`;
  if (typeof value === 'string') return value.replace(SPECIAL, (character) => ESCAPES[character]!);
  return String(value as number | boolean);
}
