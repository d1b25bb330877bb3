import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { analyticsPersonalData } from '../../src/analytics/persistence/personal-data.js';
import { analyticsTables } from '../../src/analytics/persistence/analytics.table.js';
import { customerTables } from '../../src/customer/persistence/customer.table.js';
import { customerPersonalData } from '../../src/customer/persistence/personal-data.js';
import { integrationTables } from '../../src/integration/persistence/integration.table.js';
import { integrationPersonalData } from '../../src/integration/persistence/personal-data.js';
import { platformPersonalData } from '../../src/platform/personal-data.js';
import { undeclaredColumns, vanishedColumns, type ActualColumn } from '../../src/platform/vault/personal-data.js';
import { salesPersonalData } from '../../src/sales/persistence/personal-data.js';
import { salesTables } from '../../src/sales/persistence/sales.tables.js';
import { securityPersonalData } from '../../src/security/persistence/personal-data.js';
import { securityTables } from '../../src/security/persistence/security.table.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const TABLES = [...analyticsTables, ...customerTables, ...integrationTables, ...salesTables, ...securityTables];
const CONTEXT_SCHEMAS = ['analytics', 'customer', 'integration', 'sales', 'security'];
const PERSONAL = [...analyticsPersonalData, ...customerPersonalData, ...integrationPersonalData, ...platformPersonalData, ...salesPersonalData, ...securityPersonalData];

let place: TestDatabase;
let columns: ActualColumn[];

beforeAll(async () => {
  place = await createTestDatabase();
  columns = (await place.asOwner(`
    select table_schema, table_name, column_name, data_type from information_schema.columns
     where table_schema not in ('pg_catalog', 'information_schema', 'bullmq') and table_name !~ '^event_log_'`)) as unknown as ActualColumn[];
});
afterAll(() => place.drop());

describe('schema', () => {
  it('the mapping and the migrated database are the same', async () => {
    const source = await new DataSource({ type: 'postgres', url: place.ownerUrl, entities: TABLES }).initialize();
    try {
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    } finally {
      await source.destroy();
    }
  });

  it('every table of a context is mapped', () => {
    const mapped = new Set(TABLES.map(({ options }) => `${options.schema}.${options.tableName}`));
    const present = new Set(columns.filter(({ table_schema }) => CONTEXT_SCHEMAS.includes(table_schema)).map((column) => `${column.table_schema}.${column.table_name}`));
    expect([...present].filter((table) => !mapped.has(table))).toEqual([]);
  });

  it('no foreign key crosses two schemas', async () => {
    const crossing = await place.asOwner(`
      select c.conname from pg_constraint c join pg_class a on a.oid = c.conrelid join pg_class b on b.oid = c.confrelid
       where c.contype = 'f' and a.relnamespace <> b.relnamespace`);
    expect(crossing).toEqual([]);
  });

  it('every column that may hold personal data is in the map, and every column of the map is there', () => {
    expect(undeclaredColumns(PERSONAL, columns)).toEqual([]);
    expect(vanishedColumns(PERSONAL, columns)).toEqual([]);
    const declared = new Set(PERSONAL.map(({ table }) => table.split('.')[0]));
    expect([...new Set(columns.map(({ table_schema }) => table_schema))].filter((schema) => !declared.has(schema) && schema !== 'public')).toEqual([]);
  });

  it('B2 the app role owns nothing, is no superuser and may make nothing', async () => {
    const [role] = await place.asOwner(`
      select r.rolsuper as superuser, r.rolcreaterole as roles, r.rolcreatedb as databases,
             exists (select from pg_class c where c.relowner = r.oid) as owns,
             has_database_privilege(r.rolname, current_database(), 'create') as creates,
             pg_has_role(r.rolname, 'pg_execute_server_program', 'member') as runs_programs
        from pg_roles r where r.rolname = $1`, [new URL(place.appUrl).username]);
    expect(role).toEqual({ superuser: false, roles: false, databases: false, owns: false, creates: false, runs_programs: false });
  });

  it('each migration says how it is undone', async () => {
    const { readdirSync, readFileSync } = await import('node:fs');
    const folder = new URL('../../migrations/', import.meta.url);
    const silent = readdirSync(folder).filter((file) => !/^-- Undo: \S/m.test(readFileSync(new URL(file, folder), 'utf8')));
    expect(silent).toEqual([]);
  });
});
