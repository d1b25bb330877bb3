import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { migrateQueue } from '../jobs/queue-schema.js';
import { LOCKS } from './locks.js';

const FOLDER = fileURLToPath(new URL('../../../migrations/', import.meta.url));
const FILE = /^(\d{13})-([a-z0-9-]+)\.sql$/;

/** Group role that every grant in the migrations names; login roles are members of it. */
export const APP_ROLE = 'shuke_app';

/**
 * Brings the schema up to date as its owner. Processes that start together take turns, because TypeORM's own runner
 * fails when two of them meet an empty database.
 * @throws what PostgreSQL says, with the file's name, if a migration fails; that migration is then wholly undone.
 */
export async function migrate(ownerUrl: string): Promise<number> {
  const turn = new Client({ connectionString: ownerUrl, application_name: 'shuke-migrations' });
  await turn.connect();
  try {
    await turn.query('select pg_advisory_lock($1)', [LOCKS.migrations]);
    await ensureGroupRole(turn);
    const source = new DataSource({
      type: 'postgres',
      url: ownerUrl,
      migrations: migrationClasses(),
      migrationsTableName: 'shuke_migration',
      migrationsTransactionMode: 'each',
    });
    await source.initialize();
    try {
      const { length } = await source.runMigrations();
      await migrateQueue(turn);
      // So that the lesser role can tell at any time whether its database is as far as its code.
      await turn.query('grant select on shuke_migration to shuke_app');
      return length;
    } finally {
      await source.destroy();
    }
  } finally {
    await turn.end();
  }
}

/** Roles belong to the whole server, so another database's start may be making the same one at this moment. */
async function ensureGroupRole(client: Client): Promise<void> {
  await client.query(`do $$ begin
    if not exists (select from pg_roles where rolname = 'shuke_app') then create role shuke_app nologin; end if;
  exception when duplicate_object or unique_violation then null; end $$`);
}

/** The names of all migrations this code comes with, as the table `shuke_migration` keeps them. */
export function expectedMigrations(): string[] {
  return readdirSync(FOLDER).flatMap((file) => {
    const [, time, title] = FILE.exec(file) ?? [];
    return time === undefined ? [] : [`${title}${time}`];
  });
}

/** TypeORM wants a class a migration, named with its time at the end; the SQL itself stays in files that linters can read. */
function migrationClasses(): (new () => MigrationInterface)[] {
  return readdirSync(FOLDER)
    .filter((file) => FILE.test(file))
    .sort()
    .map((file) => {
      const [, time = '', title = ''] = FILE.exec(file) ?? [];
      const text = readFileSync(FOLDER + file, 'utf8');
      return class implements MigrationInterface {
        readonly name = title + time;
        async up(runner: QueryRunner): Promise<void> {
          await runner.query(text);
        }
        down(): Promise<void> {
          throw new Error(`Migrations are undone by hand: see the "Undo" line at the head of migrations/${file}.`);
        }
      };
    });
}
