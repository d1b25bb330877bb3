import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { everyPage } from '../support/every-page.js';
import { forgetGadgets, GadgetModule, gadgets, makeGadgetTables } from '../support/gadgets.js';
import { importEnded, importFile, problemsOf, startImport, uploadFile } from '../support/import-file.js';

const PROFILE = { name: 'Gadgets of the old shop', resource: 'gadgets', mapping: { code: 'Number', name: { column: 'Name', valueMap: { Lampe: 'Lamp' } } }, options: { timeZone: 'Asia/Shanghai', currency: 'CNY' } };

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp({ workers: true, modules: [GadgetModule] });
  await makeGadgetTables(app);
  http = await app.asAdmin();
});
afterAll(() => app?.close());
beforeEach(async () => {
  await forgetGadgets(app);
  await app.asOwner('truncate integration.import_profile');
});

async function aProfile(more: object = {}): Promise<string> {
  const { body } = await http.post('/v1/import-profiles').send({ ...PROFILE, ...more }).expect(201);
  return (body as { id: string }).id;
}

describe('S156 an import profile', () => {
  it('S156 is kept, read, listed page by page, changed by a merge patch and deleted', async () => {
    const { body, headers } = await http.post('/v1/import-profiles').send(PROFILE).expect(201).expect('ETag', '"1"');
    expect(headers['location']).toBe(`/v1/import-profiles/${body.id}`);
    expect(body).toMatchObject({ ...PROFILE, version: 1, mapping: { ...PROFILE.mapping, code: { column: 'Number' } } });
    expect((await http.get(`/v1/import-profiles/${body.id}`).expect(200).expect('ETag', '"1"')).body).toEqual(body);

    const patch = { mapping: { price: 'Price', name: { valueMap: { Lampe: null, Tisch: 'Table' } } }, options: { currency: null } };
    await http.patch(`/v1/import-profiles/${body.id}`).send(patch).expect(428);
    const { body: changed } = await http.patch(`/v1/import-profiles/${body.id}`).set('If-Match', '"1"').send(patch).expect(200).expect('ETag', '"2"');
    expect(changed).toMatchObject({ name: PROFILE.name, mapping: { code: { column: 'Number' }, price: { column: 'Price' }, name: { column: 'Name', valueMap: { Tisch: 'Table' } } }, options: { timeZone: 'Asia/Shanghai' } });
    expect(changed.options.currency).toBeUndefined();
    await http.patch(`/v1/import-profiles/${body.id}`).set('If-Match', '"1"').send({ name: 'late' }).expect(412);

    const ids = [body.id as string];
    for (let n = 0; n < 4; n += 1) ids.unshift(await aProfile({ name: `More ${n}` }));
    expect((await everyPage<{ id: string }>(http, '/v1/import-profiles?limit=2')).map(({ id }) => id)).toEqual(ids);
    expect((await http.get('/v1/import-profiles?resource=customers').expect(200)).body.data).toEqual([]);

    await http.delete(`/v1/import-profiles/${body.id}`).set('If-Match', '"1"').expect(412);
    await http.delete(`/v1/import-profiles/${body.id}`).set('If-Match', '"2"').expect(204);
    await http.get(`/v1/import-profiles/${body.id}`).expect(404);
    expect(await app.asOwner('select wrapped_key from vault.person_key where person_id = $1', [body.id])).toEqual([{ wrapped_key: null }]);
  });

  it('S156 is refused where it fits no import, with a pointer to each mistake, and where its name is taken', async () => {
    const { body } = await http.post('/v1/import-profiles').send({ ...PROFILE, mapping: { colour: 'c', price: {} } }).expect(422);
    expect(body).toMatchObject({ code: 'profile_does_not_fit', errors: [{ pointer: '/mapping/colour', code: 'unknown_column' }, { pointer: '/mapping/price', code: 'nothing_mapped' }, { pointer: '/mapping', code: 'column_missing' }] });
    await http.post('/v1/import-profiles').send({ ...PROFILE, resource: 'gizmos' }).expect(422);
    await http.post('/v1/import-profiles').send({ ...PROFILE, mapping: { code: 5 } }).expect(400);
    const id = await aProfile();
    await http.post('/v1/import-profiles').send(PROFILE).expect(409).expect(({ body: problem }) => expect(problem.code).toBe('profile_name_taken'));
    const other = await aProfile({ name: 'Other' });
    await http.patch(`/v1/import-profiles/${other}`).set('If-Match', '"1"').send({ name: PROFILE.name }).expect(409);
    await http.patch(`/v1/import-profiles/${id}`).set('If-Match', '"1"').send({ mapping: { code: null } }).expect(422);
    await http.patch(`/v1/import-profiles/${id}`).set('If-Match', '"1"').send({ name: null }).expect(400);
    await (await app.as('viewer')).get('/v1/import-profiles').expect(403);
  });

  it('S156 changed by two at once is changed by one, and the other is told', async () => {
    const id = await aProfile();
    const both = await Promise.all([1, 2].map((n) => http.patch(`/v1/import-profiles/${id}`).set('If-Match', '"1"').send({ name: `Name ${n}` })));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
  });

  it('S156 stands for resource and mapping of an import, whose own options go first', async () => {
    const id = await aProfile();
    const uploadId = await uploadFile(http, 'Number,Name\n1,Lampe\n');
    const { body } = await http.post('/v1/imports').send({ uploadId, profileId: id, options: { currency: 'BRL' } }).expect(202);
    expect(await importEnded(http, body.id as string)).toMatchObject({ status: 'succeeded', resource: 'gadgets', timeZone: 'Asia/Shanghai', currency: 'BRL', onError: 'skip', counts: { created: 1 } });
    expect(gadgets.lastSettings).toMatchObject({ timeZone: 'Asia/Shanghai', currency: 'BRL' });
    expect(await app.asOwner('select code, name from public.gadget')).toEqual([{ code: '1', name: 'Lamp' }]);

    const another = await uploadFile(http, 'Nr,Name\n1,x\n');
    await http.post('/v1/imports').send({ uploadId: another, profileId: id }).expect(422).expect(({ body: problem }) => expect(problem.errors[0]).toMatchObject({ pointer: '/mapping/code', code: 'unknown_file_column' }));
    await http.post('/v1/imports').send({ uploadId: another, profileId: id, resource: 'gadgets', mapping: { code: 'Nr' } }).expect(422).expect(({ body: problem }) => expect(problem.errors[0].pointer).toBe('/profileId'));
    await http.post('/v1/imports').send({ uploadId: another }).expect(400).expect(({ body: problem }) => expect(problem.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/resource', '/mapping']));
    await http.post('/v1/imports').send({ uploadId: another, profileId: uploadId }).expect(422);
  });

  it('G27 keeps what may be a person sealed, in its stored answer too, and reading it is written down', async () => {
    const { body } = await http.post('/v1/import-profiles').set('Idempotency-Key', 'profile-once').send({ ...PROFILE, mapping: { code: 'Canary-Person' } }).expect(201);
    const again = await http.post('/v1/import-profiles').set('Idempotency-Key', 'profile-once').send({ ...PROFILE, mapping: { code: 'Canary-Person' } }).expect(201).expect('Idempotent-Replayed', 'true');
    expect(again.body).toEqual(body);
    await http.get(`/v1/import-profiles/${body.id}`).expect(200);
    await importFile(http, 'Canary-Person\n1\n', { resource: 'gadgets', mapping: { code: 'Canary-Person' } });
    const rows = await app.asOwner<{ row: string }>(`
      select encode(sealed, 'escape') as row from integration.import_profile union all select encode(sealed_mapping, 'escape') from integration.import
      union all select encode(body, 'escape') from platform.idempotency union all select o::text from platform.operation o union all select details::text from platform.audit_inbox`);
    expect(rows.filter(({ row }) => row?.includes('Canary'))).toEqual([]);
    const reads = await app.asOwner(`select 1 from (select action, subject_ids from platform.audit_inbox union all select action, subject_ids from platform.audit_log) a where action = 'import_profile.read' and $1 = any (subject_ids)`, [body.id]);
    expect(reads.length).toBeGreaterThan(0);
  });
});

describe('S156 an import that stops at wrong lines', () => {
  const STOP = { resource: 'gadgets', mapping: { code: 'Number', name: 'Name', price: 'Price' }, options: { onError: 'stop' } };
  const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `G-${from + n},x,1\n`).join('');

  it('S156 keeps the parts before, nothing of the part that is wrong, and says which lines are', async () => {
    const done = await importFile(http, `Number,Name,Price\n${lines(0, 1200)}bad,x,dear\n${lines(1200, 1300)},Nameless,1\n${lines(1300, 2500)}`, STOP);
    expect(done).toMatchObject({ status: 'failed', error: { code: 'import_stopped', detail: expect.stringContaining('line 1202') }, counts: { created: 1000, refused: 0 }, progress: { done: 1000 } });
    expect((await problemsOf(http, done.id)).map(({ line, code }) => [line, code])).toEqual([[1202, 'not_a_number'], [1303, 'required']]);
    expect(await app.asOwner('select count(*)::int as n from public.gadget')).toEqual([{ n: 1000 }]);
    await http.post(`/v1/operations/${done.id}/resume`).expect(200);
    expect(await importEnded(http, done.id)).toMatchObject({ status: 'failed', counts: { created: 1000 } });
    expect(await problemsOf(http, done.id)).toHaveLength(2);
    await http.get(`/v1/imports/${done.id}/problems.csv`).expect(200);
  });

  it('S156 goes through where nothing is wrong, and its trial lists everything', async () => {
    expect(await importFile(http, `Number,Name,Price\n${lines(0, 600)}`, STOP)).toMatchObject({ status: 'succeeded', counts: { created: 600 } });
    const id = await startImport(http, await uploadFile(http, `Number,Name,Price\nbad,x,dear\n${lines(0, 600)}bad,x,dear\n`), { ...STOP, options: { onError: 'stop', dryRun: true } });
    expect(await importEnded(http, id)).toMatchObject({ status: 'succeeded', counts: { unchanged: 600, skipped: 0, refused: 2 } });
  });
});
