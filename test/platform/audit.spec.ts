import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { SYSTEM, type Actor } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/id.js';
import { AuditAnchor } from '../../src/platform/audit/audit-anchor.js';
import { AuditReads } from '../../src/platform/audit/audit-reads.js';
import { AuditSealer } from '../../src/platform/audit/audit-sealer.js';
import { AuditTrail, type Verdict } from '../../src/platform/audit/audit-trail.js';
import { readConfig } from '../../src/platform/config/config.js';
import { Signals } from '../../src/platform/database/signals.js';
import { sql } from '../../src/platform/database/statement.js';
import { RootLogger } from '../../src/platform/observability/logger.js';
import { openBare, type Bare } from '../support/bare.js';

const ENTRIES = 200;
const COUNT = sql<{ sealed: number }>('test.audit_count', 'select count(*)::int as sealed from platform.audit_log');
const reader: Actor = { kind: 'user', id: newId(), permissions: new Set(), requestId: 'request-1', address: '127.0.0.1' };

let bare: Bare;
let dataDir: string;
let trail: AuditTrail;
let sealer: AuditSealer;
let anchor: AuditAnchor;
let reads: AuditReads;

beforeAll(async () => {
  bare = await openBare();
  dataDir = await mkdtemp(path.join(tmpdir(), 'shuke-audit-'));
  const signals = new Signals();
  const config = readConfig({ DATA_DIR: dataDir });
  anchor = new AuditAnchor(config, bare.database, bare.clock);
  trail = new AuditTrail(bare.database, anchor);
  sealer = new AuditSealer(bare.database, signals, anchor, new RootLogger(pino({ level: 'silent' })));
  reads = new AuditReads(bare.database, bare.clock, signals);
  for (let i = 0; i < ENTRIES; i += 1) {
    await bare.database.transaction(reader, async (tx) => tx.audit({ action: 'test.changed', subjectType: 'test', subjectId: newId(), fields: ['name'], details: { i } }));
  }
  while (await sealer.step());
  await anchor.write();
});
afterAll(async () => {
  await bare.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** Tampers as the owner inside a transaction that is undone after the verdict on a copy of what it sees. */
async function verdictAfter(tampering: string): Promise<Verdict> {
  await bare.place.asOwner(`
    drop table if exists public.kept_log, public.kept_head;
    create table public.kept_log as table platform.audit_log;
    create table public.kept_head as table platform.audit_head;`);
  await bare.place.asOwner(tampering);
  const verdict = await trail.verify();
  await bare.place.asOwner(`
    truncate platform.audit_log; insert into platform.audit_log select * from public.kept_log;
    update platform.audit_head h set position = k.position, hash = k.hash from public.kept_head k;`);
  return verdict;
}

/** Links everything from a position on anew, as an owner of the database who knows the formula would. */
const relink = (from: number) => `
  do $$ declare r platform.audit_log; before bytea; begin
    select hash into before from platform.audit_log where position = ${from} - 1;
    before := coalesce(before, decode(repeat('00', 32), 'hex'));
    for r in select * from platform.audit_log where position >= ${from} order by position loop
      before := platform.audit_hash(before, r.position, r.id, r.at, r.actor_kind, r.actor_id, r.request_id, r.address, r.action, r.subject_type, r.subject_ids, r.details);
      update platform.audit_log set hash = before where position = r.position;
    end loop;
    update platform.audit_head set hash = before, position = (select max(position) from platform.audit_log);
  end $$;`;

const positions = Array.from({ length: 20 }, (_, i) => 2 + i * 9);

describe('audit chain', () => {
  it('G33 an untouched chain verifies, every entry counted', async () => {
    expect(await trail.verify()).toMatchObject({ ok: true, checked: ENTRIES, head: { position: ENTRIES } });
  });

  it.each([
    ['an edited entry', (at: number) => `update platform.audit_log set details = details || '{"i":-1}' where position = ${at}`],
    ['an edited actor', (at: number) => `update platform.audit_log set actor_id = gen_random_uuid() where position = ${at}`],
    ['a removed entry', (at: number) => `delete from platform.audit_log where position = ${at}`],
    ['a removed entry with the rest moved up', (at: number) => `delete from platform.audit_log where position = ${at}; update platform.audit_log set position = -position where position > ${at}; update platform.audit_log set position = -position - 1 where position < 0`],
    ['an inserted entry', (at: number) => `
      update platform.audit_log set position = -position where position >= ${at}; update platform.audit_log set position = 1 - position where position < 0;
      insert into platform.audit_log select ${at}, gen_random_uuid(), at, actor_kind, actor_id, request_id, address, action, subject_type, subject_ids, details, hash from platform.audit_log where position = 1`],
    ['two swapped entries', (at: number) => `update platform.audit_log set position = -1 where position = ${at}; update platform.audit_log set position = ${at} where position = ${at} + 1; update platform.audit_log set position = ${at} + 1 where position = -1`],
    ['a changed entry with everything after it linked anew', (at: number) => `update platform.audit_log set action = 'forged' where position = ${at}; ${relink(at)}`],
    ['a cut end with a head to match', (at: number) => `delete from platform.audit_log where position >= ${at}; update platform.audit_head set position = ${at} - 1, hash = (select hash from platform.audit_log where position = ${at} - 1)`],
  ])('G33 shows %s at any position', async (_, tampering) => {
    for (const at of positions) {
      const verdict = await verdictAfter(tampering(at));
      expect({ at, ok: verdict.ok }).toEqual({ at, ok: false });
      expect(verdict.firstBad).toBeDefined();
    }
    expect(await trail.verify()).toMatchObject({ ok: true });
  });

  it('G33 names the first bad entry', async () => {
    expect((await verdictAfter('update platform.audit_log set address = null where position in (50, 90)')).firstBad).toMatchObject({ position: 50, kind: 'altered' });
    expect((await verdictAfter('delete from platform.audit_log where position in (70, 71)')).firstBad).toMatchObject({ position: 70, kind: 'missing' });
    expect((await verdictAfter(`delete from platform.audit_log where position = ${ENTRIES}`)).firstBad).toMatchObject({ position: ENTRIES, kind: 'head' });
    expect((await verdictAfter('delete from platform.audit_log where position = 1')).firstBad).toMatchObject({ position: 1, kind: 'missing' });
  });

  it('anchors of another database in the same file are not held against this one', async () => {
    const own = await anchor.read();
    await writeFile(anchor.file, `{"chain":"${newId()}","position":1,"hash":"${'ab'.repeat(32)}","at":"x"}\n`, { flag: 'a' });
    expect(await anchor.read()).toEqual(own);
    expect(await trail.verify()).toMatchObject({ ok: true });
  });

  it('G34 the app role can add to the audit and cannot change, cut or empty it', async () => {
    const app = new Client({ connectionString: bare.place.appUrl });
    await app.connect();
    const forbidden = [
      "update platform.audit_log set action = 'x'",
      'delete from platform.audit_log',
      'truncate platform.audit_log',
      'update platform.audit_head set position = 0',
      'select * from platform.audit_inbox',
      'delete from platform.audit_inbox',
      'alter table platform.audit_log disable trigger all',
      'drop table platform.audit_log',
      `insert into platform.audit_log select 100000, gen_random_uuid(), now(), 'user', gen_random_uuid(), null, null, 'x', 'x', '{}', '{}', ''::bytea`,
    ];
    for (const statement of forbidden) await expect(app.query(statement)).rejects.toMatchObject({ code: '42501' });
    await app.end();
  });

  it('reads that come together share an insert, each with its own row, and are durable when answered', async () => {
    const before = (await bare.database.query(COUNT))[0]!.sealed;
    const subjects = Array.from({ length: 100 }, () => newId());
    await Promise.all(subjects.map((subject) => reads.record(reader, { action: 'test.read', subjectType: 'test', subjectIds: [subject, newId()] })));
    while (await sealer.step());
    expect((await bare.database.query(COUNT))[0]!.sealed).toBe(before + 100);
    const [found] = await trail.list({ subjectId: subjects[42]!, limit: 10 });
    expect(found).toMatchObject({ action: 'test.read', actor_id: reader.id, request_id: 'request-1', address: '127.0.0.1' });
    expect(found!.subject_ids).toHaveLength(2);
  });

  it('two sealers at once make one chain', async () => {
    await Promise.all(Array.from({ length: 50 }, () => bare.database.transaction(SYSTEM, async (tx) => tx.audit({ action: 'test.raced', subjectType: 'test', subjectId: newId() }))));
    await Promise.all([sealer.step(), sealer.step(), sealer.step()]);
    while (await sealer.step());
    expect(await trail.verify()).toMatchObject({ ok: true });
  });
});
