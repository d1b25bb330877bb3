import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/**
 * An option of connections for transactions. Their statements go out without waiting for the answers to those before, BEGIN among them; so
 * that none is carried out by itself should BEGIN fail, these connections write nothing outside of a transaction (tx.ts).
 */
export const READ_ONLY_OUTSIDE = '-c default_transaction_read_only=on';

/** TypeORM's own pool, which runs the transactions; its type is the driver's. */
export function transactionPool(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { readonly master: Pool }).master;
}
