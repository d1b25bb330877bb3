import type { Sql } from './sql.js';
import { Composed } from './statement.js';

/** Where counting stops, so that no list costs a scan of everything. */
export const COUNTED_AT_MOST = 10_000;

export interface RowCount {
  readonly total: number;
  /** True if there are more and counting stopped. */
  readonly totalIsLowerBound: boolean;
}

/** Counts what `from … where …` gives, up to 10,000. */
export async function countRows(sql: Sql, addFrom: (query: Composed<never>) => void): Promise<RowCount> {
  const query = new Composed<{ count: number }>().add('select count(*) as count from (select');
  addFrom(query as Composed<never>);
  const [row] = await sql.compose(query.add('limit').param(COUNTED_AT_MOST + 1).add(') as counted'));
  const count = row?.count ?? 0;
  return { total: Math.min(count, COUNTED_AT_MOST), totalIsLowerBound: count > COUNTED_AT_MOST };
}

/** What the planner expects `from … where …` to give; costs no reading. */
export async function estimateRows(sql: Sql, addFrom: (query: Composed<never>) => void): Promise<RowCount> {
  const query = new Composed<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>().add('explain (format json) select');
  addFrom(query as Composed<never>);
  const [row] = await sql.compose(query);
  return { total: row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0, totalIsLowerBound: false };
}
