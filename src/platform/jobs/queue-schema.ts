import { runMigrations } from 'bullmq';
import type { Client } from 'pg';

export const QUEUE_SCHEMA = 'bullmq';

/** Statements are fixed text; the schema's tables belong to the owner, and the app role only works on their rows. */
const RIGHTS = `
  grant usage on schema bullmq to shuke_app;
  grant select, insert, update, delete on all tables in schema bullmq to shuke_app;
  grant usage on all sequences in schema bullmq to shuke_app;
  revoke insert, update, delete on bullmq.migration from shuke_app`;

/**
 * Brings the queue engine's own tables up to date, as their owner. They are there in both modes, so that Redis can be
 * added or taken away by a setting alone. The engine keeps its own list of migrations. Undo: drop schema bullmq cascade.
 */
export async function migrateQueue(owner: Client): Promise<void> {
  await runMigrations(owner, QUEUE_SCHEMA);
  await owner.query(RIGHTS);
}
