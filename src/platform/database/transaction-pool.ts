import type { Pool, PoolConfig } from 'pg';
import type { DataSource } from 'typeorm';

/**
 * How the connections of transactions differ from others. Statements go out without waiting for the answers to those before, BEGIN among
 * them; so that none is carried out by itself should BEGIN fail, these connections write nothing outside of a transaction (tx.ts).
 */
export const OF_TRANSACTIONS: PoolConfig = { pipeline: true, options: '-c default_transaction_read_only=on' };

/** TypeORM's own pool, which runs the transactions; its type is the driver's. */
export function transactionPool(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { readonly master: Pool }).master;
}
