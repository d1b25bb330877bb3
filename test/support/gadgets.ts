import { Module } from '@nestjs/common';
import { sql } from '../../src/platform/database/statement.js';
import type { Tx } from '../../src/platform/database/tx.js';
import { copyRows } from '../../src/platform/transfer/copy.js';
import type { ImportDefinition, ImportOutcome, ImportSettings, LineProblem, MappedLine } from '../../src/platform/transfer/import-definition.js';
import { Imports } from '../../src/platform/transfer/imports.js';
import type { TestApp } from './app.js';

const STAGE = {
  create: 'create temporary table if not exists stage_gadget (line bigint, code text, name text, price bigint) on commit delete rows',
  copy: 'copy stage_gadget (line, code, name, price) from stdin',
};

const MERGE = sql<{ created: number; updated: number; unchanged: number }>('test.merge_gadgets', `
  with journal as (
    insert into public.gadget_line (line, code) select line, code from stage_gadget
  ), last as (
    select distinct on (code) code, name, price from stage_gadget order by code, line desc
  ), known as (
    select l.code, g.code is not null as there, g.name is not distinct from l.name and g.price is not distinct from l.price as same
      from last l left join public.gadget g using (code)
  ), merged as (
    insert into public.gadget (code, name, price) select code, name, price from last
    on conflict (code) do update set name = excluded.name, price = excluded.price
  )
  select count(*) filter (where not there) as created, count(*) filter (where there and not same) as updated,
         (select count(*) from stage_gadget) - count(*) filter (where not there) - count(*) filter (where there and not same) as unchanged
    from known`);

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
    const [counts] = await tx.query(MERGE);
    await this.beforeCommit(lines);
    return { ...counts!, refused };
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
  await app.asOwner('create table public.gadget (code text primary key, name text, price bigint check (price >= 0))');
  await app.asOwner('create table public.gadget_line (line bigint not null, code text not null)');
  await app.asOwner('grant usage on schema public to shuke_app');
  await app.asOwner('grant select, insert, update on public.gadget, public.gadget_line to shuke_app');
}

export async function forgetGadgets(app: TestApp): Promise<void> {
  await app.asOwner('truncate public.gadget, public.gadget_line');
  gadgets.calls.length = 0;
  gadgets.beforeCommit = () => Promise.resolve();
}
