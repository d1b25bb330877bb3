import type { Composed, Statement } from './statement.js';

/** Whatever can run a statement: the database (each statement by itself) or a transaction. */
export interface Sql {
  query<Row>(statement: Statement<Row>, params?: readonly unknown[]): Promise<Row[]>;
  /** Runs a statement put together at run time; not prepared. */
  compose<Row>(statement: Composed<Row>): Promise<Row[]>;
}

/** The one row of a statement that gives at most one. */
export async function one<Row>(sql: Pick<Sql, 'query'>, statement: Statement<Row>, params: readonly unknown[] = []): Promise<Row | undefined> {
  const rows = await sql.query(statement, params);
  return rows[0];
}
