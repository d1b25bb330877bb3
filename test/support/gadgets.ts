import { Module } from '@nestjs/common';
import { sql } from '../../src/platform/database/statement.js';
import type { Tx } from '../../src/platform/database/tx.js';
import { copyRows } from '../../src/platform/transfer/copy.js';
import type { Sql } from '../../src/platform/database/sql.js';
import type {
  ImportDefinition, ImportOutcome, ImportSettings, LineProblem, MadeRecord, MappedLine, MeasuredRecord, Measure, RevertOutcome, Told,
} from '../../src/platform/transfer/import-definition.js';
import { recordKey, sortOut } from '../../src/platform/transfer/take-back.js';
import { Imports } from '../../src/platform/transfer/imports.js';
import type { TestApp } from './app.js';

const STAGE = {
  create: 'create temporary table if not exists stage_gadget (line bigint, code text, name text, price bigint) on commit delete rows',
  copy: 'copy stage_gadget (line, code, name, price) from stdin',
};

interface Merged {
  readonly id: string;
  readonly line: number;
  readonly before: number;
  readonly version: number;
  readonly lines: number;
}

const MERGE = sql<Merged>('test.merge_gadgets', `
  with journal as (
    insert into public.gadget_line (line, code) select line, code from stage_gadget
  ), last as (
    select distinct on (code) code, name, price, line, count(*) over (partition by code)::int as lines from stage_gadget order by code, line desc
  ), merged as (
    insert into public.gadget as g (code, name, price, version, id) select code, name, price, 1, gen_random_uuid() from last
    on conflict (code) do update set name = excluded.name, price = excluded.price,
      version = g.version + case when g.name is distinct from excluded.name or g.price is distinct from excluded.price then 1 else 0 end
    returning new.id, new.code, coalesce(old.version, 0) as before, new.version
  )
  select m.id, l.line, m.before, m.version, l.lines from merged m join last l using (code)`);

const VERSIONS = sql<{ id: string; version: number }>('test.gadget_versions', 'select id, version from public.gadget where id = any($1::uuid[]) for update');
const REMOVE = sql<never>('test.remove_gadgets', 'delete from public.gadget where id = any($1::uuid[])');
const MEASURE = sql<Measure>('test.measure_gadgets', `
  select null as month, 'CNY' as currency, count(*)::int as records, sum(price * 100)::text as minor from public.gadget where id = any($1::uuid[])`);

const EMPTY_STAGE = sql<never>('test.empty_stage', 'truncate stage_gadget');

/** A thing to import that no context has, small enough to be read at a glance and as set-based as the real ones. */
export class GadgetImport implements ImportDefinition {
  readonly resource = 'gadgets';
  readonly title = 'Gadgets';
  readonly permission = 'product:write';
  readonly readPermission = 'product:read';
  readonly columns = [
    { name: 'code', description: 'Its number', type: 'text', required: true, example: 'G-1', aliases: ['number', '编号'] },
    { name: 'name', description: 'Its name', type: 'text', example: 'Lamp', aliases: [] },
    { name: 'price', description: 'In whole units', type: 'integer', example: '12', aliases: [] },
    { name: 'externalIds.<system>', description: 'Its number elsewhere', type: 'text', example: '4711', aliases: [] },
  ] as const;

  /** Runs inside the transaction, after the chunk was written and before it commits. */
  beforeCommit: (lines: readonly MappedLine[]) => Promise<void> = () => Promise.resolve();
  beforeRevertCommits: (records: readonly MadeRecord[]) => Promise<void> = () => Promise.resolve();
  /** Lines of each call. */
  readonly calls: number[] = [];
  lastSettings: ImportSettings | undefined;

  async apply(tx: Tx, lines: readonly MappedLine[], settings: ImportSettings): Promise<ImportOutcome> {
    this.calls.push(lines.length);
    this.lastSettings = settings;
    const refused: LineProblem[] = [];
    const good: (string | number | undefined)[][] = [];
    for (const { line, values } of lines) {
      if (values['name'] === 'TypeError') throw new TypeError('a value nobody thought of');
      if (!values['code']) refused.push({ line, column: 'code', code: 'required', detail: 'A gadget needs a code. Fill it in.' });
      else if (!/^-?\d*$/.test(values['price'] ?? '')) refused.push({ line, column: 'price', code: 'not_a_number', detail: `"${values['price']}" is no whole number. Write digits only.` });
      else good.push([line, values['code'], values['name'], values['price']]);
    }
    await copyRows(tx, STAGE, []);
    await tx.query(EMPTY_STAGE);
    await copyRows(tx, STAGE, good);
    const merged = await tx.query(MERGE);
    await this.beforeCommit(lines);
    const created = merged.filter(({ before }) => before === 0).length;
    const updated = merged.filter(({ before, version }) => before > 0 && version > before).length;
    const touched = merged.map(({ id, line, before, version }) => {
      const { values: { price } } = lines.find((one) => one.line === line)!;
      return { id, part: 0, line, before, version, told: { currency: 'CNY', minor: price === undefined ? undefined : Number(price) * 100 } };
    });
    return { created, updated, unchanged: good.length - created - updated, refused, touched };
  }

  tell({ values: { price = '' } }: MappedLine): Told {
    return /^\d+$/.test(price) ? { currency: 'CNY', minor: Number(price) * 100 } : {};
  }

  async revert(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    const stored = await tx.query(VERSIONS, [records.map(({ id }) => id)]);
    const { free, kept } = sortOut(records, new Map(stored.map(({ id, version }) => [recordKey({ id, part: 0 }), version])), new Set());
    await tx.query(REMOVE, [free.map(({ id }) => id)]);
    await this.beforeRevertCommits(free);
    return { reverted: free.length, kept };
  }

  measure(from: Sql, records: readonly MeasuredRecord[]): Promise<Measure[]> {
    return from.query(MEASURE, [records.map(({ id }) => id)]);
  }
}

/** The definition under test; one a test file, because jest gives each file its own modules. */
export const gadgets = new GadgetImport();

@Module({})
export class GadgetModule {
  constructor(imports: Imports) {
    imports.offer(gadgets);
  }
}

/** `price` has a check that only the database knows; `gadget_line` shows every time a line was applied. */
export async function makeGadgetTables(app: TestApp): Promise<void> {
  await app.asOwner('create table public.gadget (code text primary key, name text, price bigint check (price >= 0), version int not null, id uuid not null)');
  await app.asOwner('create table public.gadget_line (line bigint not null, code text not null)');
  await app.asOwner('grant usage on schema public to shuke_app');
  await app.asOwner('grant select, insert, update, delete on public.gadget, public.gadget_line to shuke_app');
}

export async function forgetGadgets(app: TestApp): Promise<void> {
  await app.asOwner('truncate public.gadget, public.gadget_line');
  gadgets.calls.length = 0;
  gadgets.beforeCommit = () => Promise.resolve();
  gadgets.beforeRevertCommits = () => Promise.resolve();
}
