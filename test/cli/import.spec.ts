import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { ADMINISTRATOR, startApp, type TestApp } from '../support/app.js';
import { BreakingProxy } from '../support/breaking-proxy.js';
import { needs } from '../support/needs.js';
import { HAS_TERMINALS, ShukeUser } from '../support/shuke.js';

const COLUMNS = ['--map', 'externalIds.shop=uid', '--map', 'name=full name', '--map', 'phone=mobile'];

let app: TestApp;
let user: ShukeUser;

beforeAll(async () => {
  app = await startApp({ workers: true });
  await app.asAdmin();
  user = await ShukeUser.create();
  await user.runs(['sign-in', app.url, '-e', ADMINISTRATOR.email], { environment: { SHUKE_PASSWORD: ADMINISTRATOR.password } });
});
afterAll(async () => {
  await user.remove();
  await app.close();
});

const lines = (text: string) => text.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);

describe('S156 shuke import', () => {
  it('takes a file in, writes what was refused beside it, and ends with 2; the mended file goes in and ends with 0', async () => {
    await writeFile(user.at('people.csv'), 'uid,full name,mobile\nu-1,李娜,13900139000\nu-2,王伟,not a phone\n');
    const first = await user.runs(['import', 'people.csv', '-r', 'customers', ...COLUMNS, '--json']);
    expect(first.code).toBe(2);
    expect(lines(first.stdout)).toEqual([{ operationId: expect.any(String), status: 'succeeded', dryRun: false, counts: { created: 1, updated: 0, unchanged: 0, skipped: 0, refused: 1 }, problems: 'people.csv.problems.csv' }]);
    const problems = await readFile(user.at('people.csv.problems.csv'), 'utf8');
    expect(problems).toContain('u-2,王伟,not a phone');
    expect(problems).toContain('is not a telephone number');
    expect((await stat(user.at('people.csv.problems.csv'))).mode & 0o777).toBe(0o600);

    await writeFile(user.at('mended.csv'), problems.replace('not a phone', '13900139001'));
    await writeFile(user.at('mapping.json'), JSON.stringify({ 'externalIds.shop': 'uid', name: 'full name', phone: { column: 'mobile' } }));
    const second = await user.runs(['import', 'mended.csv', '-r', 'customers', '--mapping', 'mapping.json', '--constant', 'source=mended']);
    expect(second).toMatchObject({ code: 0, stdout: 'Imported:\n           1  new\n           0  changed\n           0  unchanged\n           0  left out\n           0  refused\n' });
    expect(second.stderr).not.toContain('\x1b');
    expect((await user.runs(['customers', 'get', 'shop:u-2'])).stdout).toContain('source: mended');
  });

  it('takes columns that are called as ours for ours, tries out without keeping, and knows the file again', async () => {
    await writeFile(user.at('ours.csv'), 'externalIds.shop,name,tags\nu-10,周瑜,vip\nu-11,小乔,\n');
    const tried = await user.runs(['import', 'ours.csv', '-r', 'customers', '--dry-run']);
    expect(tried).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing was kept\. It would be:\n +2 {2}new\n/) });
    expect(lines((await user.runs(['import', 'ours.csv', '-r', 'customers', '--json'])).stdout)[0]).toMatchObject({ counts: { created: 2 }, problems: null });
    expect(lines((await user.runs(['import', 'ours.csv', '-r', 'customers', '--json'])).stdout)[0]).toMatchObject({ counts: { created: 0, unchanged: 2 } });
  });

  it('says what to do where it cannot begin, and leaves no upload behind', async () => {
    await writeFile(user.at('foreign.csv'), 'a,b\n1,2\n');
    const uploads = () => app.asOwner('select from integration.upload');
    const before = await uploads();
    expect(await user.runs(['import', 'foreign.csv', '-r', 'customers'])).toMatchObject({ code: 64, stdout: '', stderr: expect.stringMatching(/The file has: a, b\n.*--map 'name=a'/s) });
    expect(await user.runs(['import', 'foreign.csv', '-r', 'people'])).toMatchObject({ code: 64, stderr: expect.stringContaining('It is one of customers,') });
    expect(await user.runs(['import', 'foreign.csv', '-r', 'customers', '--map', 'shoeSize=a'])).toMatchObject({ code: 1, stderr: expect.stringContaining('/mapping/shoeSize  is no column of customers') });
    expect(await uploads()).toHaveLength(before.length);
    expect(await user.runs(['import', 'nowhere.csv', '-r', 'customers'])).toMatchObject({ code: 1, stderr: 'shuke: There is no file nowhere.csv.\n' });
    expect(await user.runs(['import', '.', '-r', 'customers'])).toMatchObject({ code: 1, stderr: 'shuke: . is not a file.\n' });
    expect(await user.runs(['import', 'foreign.csv', '-r', 'customers', '--mapping', 'foreign.csv'])).toMatchObject({ code: 64, stderr: expect.stringContaining('is not JSON') });
    expect(await user.runs(['import', 'foreign.csv'])).toMatchObject({ code: 64, stderr: expect.stringContaining('Say --resource <name>, or --mapping-profile <name>') });
    expect(await user.runs(['import', 'foreign.csv', '-r', 'customers', '--map', 'name'])).toMatchObject({ code: 64, stderr: expect.stringContaining('It must be written name=value.') });
  });

  it('an import that fails ends with 1 and says how to go on', async () => {
    // Behind what an upload looks at, more lines that open a quote and never close it than an import puts up with.
    const good = Array.from({ length: 2000 }, (_, n) => `g-${n},Good ${n},\n`).join('');
    await writeFile(user.at('broken.csv'), `uid,full name,mobile\n${good}${`"${'x'.repeat(300_000)}\n`.repeat(51)}`);
    const { code, stdout, stderr } = await user.runs(['import', 'broken.csv', '-r', 'customers', ...COLUMNS, '--json']);
    expect(code).toBe(1);
    expect(lines(stdout)).toEqual([{ error: { code: 'not_csv', detail: expect.any(String), operationId: expect.any(String) } }]);
    expect(stderr).toContain('shuke operations resume');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('Ctrl-C ends the waiting, and the import goes on', async () => {
    await writeFile(user.at('many.csv'), `uid,full name,mobile\n${Array.from({ length: 4000 }, (_, n) => `m-${n},Person ${n},\n`).join('')}`);
    const { ended } = user.starts(['import', 'many.csv', '-r', 'customers', ...COLUMNS], {}, ({ stderr }, end) => {
      if (stderr.includes('as operation')) end('SIGINT');
    });
    const { code, stderr } = await ended;
    const [, id = ''] = /shuke operations watch (\S+)/.exec(stderr) ?? [];
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining('The operation goes on.') });
    const watched = await user.runs(['operations', 'watch', id, '--json']);
    expect(lines(watched.stdout)[0]).toMatchObject({ id, status: 'succeeded', progress: { done: 4000, total: 4000 } });
    expect(watched.code).toBe(0);
  });

  it('can be left alone, looked at, listed and asked for its problems', async () => {
    await writeFile(user.at('bad.csv'), 'uid,full name,mobile\nb-1,甲,nonsense\nb-2,乙,12\n');
    const begun = await user.runs(['import', 'bad.csv', '-r', 'customers', ...COLUMNS, '--no-wait', '--json']);
    const { operationId } = lines(begun.stdout)[0] as { operationId: string };
    expect((await user.runs(['operations', 'watch', operationId])).code).toBe(0);
    expect((await user.runs(['imports', 'get', operationId])).stdout).toContain('refused: 2');
    expect(lines((await user.runs(['operations', 'list', '--kind', 'integration.import', '--limit', '1', '--json'])).stdout)).toEqual([expect.objectContaining({ id: operationId })]);
    expect((await user.runs(['imports', 'problems', operationId])).stdout).toMatch(/^LINE +COLUMN +CODE +WHY\n2 +phone +\S+ +.*\n3 +phone/);
    expect((await user.runs(['imports', 'problems', operationId, '--limit', '1', '--json'])).stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(await user.runs(['imports', 'problems', operationId, '--output', 'why.csv'])).toMatchObject({ code: 0, stdout: 'why.csv\n' });
    expect((await readFile(user.at('why.csv'), 'utf8')).trimEnd().split('\n')).toHaveLength(3);
    expect(await user.runs(['operations', 'cancel', operationId])).toMatchObject({ code: 1, stderr: expect.stringContaining('409') });
    expect((await user.runs(['imports', 'resources', 'customers'])).stdout).toMatch(/^customers: .*\nCOLUMN/);
  });
});

describe('S156 from a file to a mapping', () => {
  it('S156 finds out which column is which, keeps the mapping and nothing of the file, and goes by it', async () => {
    await writeFile(user.at('suggest.csv'), '客户编号,姓名,手机,备用\nq-1,诸葛亮,13900139011,x\nq-2,司马懿,nothing,y\n');
    const uploads = () => app.asOwner('select from integration.upload');
    const before = await uploads();
    const said = await user.runs(['imports', 'suggest', 'suggest.csv', '-r', 'customers', '--system', 'wei', '-o', 'found.json']);
    expect(said).toMatchObject({ code: 0, stdout: expect.stringMatching(/^customers: fits by \d+ %\nOURS +OF THE FILE +SURE +BECAUSE\n[^]*name +姓名 +\d+ % +alias[^]*Without use: 备用\n$/) });
    expect(said.stderr).toContain('shuke import suggest.csv -r customers --mapping found.json --dry-run');
    const [suggestion] = lines((await user.runs(['imports', 'suggest', 'suggest.csv', '--json'])).stdout);
    expect(suggestion).toMatchObject({ resource: 'customers', mapping: { name: { column: '姓名' } } });
    expect(await uploads()).toHaveLength(before.length);

    const imported = await user.runs(['import', 'suggest.csv', '-r', 'customers', '--mapping', 'found.json', '--save-profile', 'wei', '--json']);
    expect([imported.code, lines(imported.stdout)[0]!['counts']]).toEqual([2, { created: 1, updated: 0, unchanged: 0, skipped: 0, refused: 1 }]);
    expect((await user.runs(['imports', 'profiles'])).stdout).toMatch(/NAME +RESOURCE[^]*\nwei +customers/);

    await writeFile(user.at('more.csv'), '客户编号,姓名,手机,备用\nq-3,姜维,13900139013,z\n');
    expect(lines((await user.runs(['import', 'more.csv', '--mapping-profile', 'wei', '--json'])).stdout)[0]).toMatchObject({ counts: { created: 1 } });
    expect((await user.runs(['customers', 'get', 'wei:q-3'])).stdout).toContain('姜维');
  });

  it('S156 says what does not go together, and which profiles there are', async () => {
    expect(await user.runs(['import', 'more.csv', '--mapping-profile', 'shu'])).toMatchObject({ code: 64, stderr: expect.stringContaining('No mapping is kept as "shu". There is wei.') });
    expect(await user.runs(['import', 'more.csv', '--mapping-profile', 'wei', '--map', 'name=姓名'])).toMatchObject({ code: 64, stderr: expect.stringContaining('leave --resource, --mapping, --map') });
    expect(await user.runs(['import', 'more.csv', '-r', 'customers', '--map', 'name=姓名', '--save-profile', 'wei'])).toMatchObject({ code: 1, stderr: expect.stringContaining('profile_name_taken') });
    expect(await user.runs(['import', 'more.csv', '-r', 'customers', '--on-error', 'cry'])).toMatchObject({ code: 64, stderr: expect.stringContaining('Allowed choices are skip, stop') });
  });

  it('S156 reads a file as it is told to', async () => {
    await writeFile(user.at('old.txt'), Buffer.from('u-90|Zo\xeb\n', 'latin1'));
    const words = ['import', 'old.txt', '-r', 'customers', '--encoding', 'windows-1252', '--delimiter', '|', '--no-header', '--map', 'externalIds.old=column 1', '--map', 'name=column 2'];
    expect(lines((await user.runs([...words, '--json'])).stdout)[0]).toMatchObject({ counts: { created: 1, refused: 0 } });
    expect((await user.runs(['customers', 'get', 'old:u-90'])).stdout).toContain('name: Zoë');
  });

  it('S156 a large file goes in chunks', async () => {
    await writeFile(user.at('large.csv'), `uid,full name,remark\n${Array.from({ length: 1_000 }, (_, n) => `l-${n},Large ${n},${'x'.repeat(10_000)}\n`).join('')}`);
    const proxy = await BreakingProxy.before(app.url, ({ method }, number) => (method === 'PATCH' && number % 2 === 0 ? { ofRequest: 5_000_000 } : undefined));
    const away = await ShukeUser.create();
    try {
      await writeFile(away.at('large.csv'), await readFile(user.at('large.csv')));
      await away.runs(['sign-in', proxy.url, '-e', ADMINISTRATOR.email], { environment: { SHUKE_PASSWORD: ADMINISTRATOR.password } });
      expect(lines((await away.runs(['import', 'large.csv', '-r', 'customers', '--map', 'externalIds.large=uid', '--map', 'name=full name', '--json'])).stdout)[0]).toMatchObject({ counts: { created: 1_000 } });
      expect(proxy.seen.filter((line) => line.startsWith('PATCH')).length).toBeGreaterThanOrEqual(2);
    } finally {
      await away.remove();
      await proxy.close();
    }
  });

  it('S156 refused lines of NDJSON come back as NDJSON', async () => {
    await writeFile(user.at('people.ndjson'), '{"uid":"n-1","who":"甲"}\n{"uid":"n-2","who":"乙","tel":"none"}\n');
    const { code, stdout } = await user.runs(['import', 'people.ndjson', '-r', 'customers', '--map', 'externalIds.nd=uid', '--map', 'name=who', '--map', 'phone=tel', '--json']);
    expect([code, lines(stdout)[0]!['problems']]).toEqual([2, 'people.ndjson.problems.ndjson']);
    expect(lines(await readFile(user.at('people.ndjson.problems.ndjson'), 'utf8'))).toEqual([{ uid: 'n-2', who: '乙', tel: 'none', problem: expect.stringContaining('telephone') }]);
  });
});

describe('S157 what became of an import', () => {
  const COLUMNS_OF_IT = ['-r', 'customers', '--map', 'externalIds.proof=uid', '--map', 'name=n', '--map', 'createdAt=since'];
  let id: string;

  it('S157 a trial shows what it would change, and the import what it did', async () => {
    await writeFile(user.at('proved.csv'), 'uid,n,since\np-1,甲,2020-01-05T00:00:00Z\np-2,乙,2020-02-05T00:00:00Z\n');
    const tried = await user.runs(['import', 'proved.csv', ...COLUMNS_OF_IT, '--dry-run', '--json']);
    const [, trial = ''] = /shuke imports changes (\S+)/.exec(tried.stderr) ?? [];
    expect((await user.runs(['imports', 'changes', trial])).stdout).toMatch(/^LINE +DEED +ID +WHAT\n2 +created +[^]*name: \(none\) → 甲/);
    id = String(lines((await user.runs(['import', 'proved.csv', ...COLUMNS_OF_IT, '--json'])).stdout)[0]!['operationId']);
    expect(lines((await user.runs(['imports', 'changes', id, '--limit', '1', '--json'])).stdout)).toEqual([expect.objectContaining({ line: 2, deed: 'created' })]);
  });

  it('S157 the proof is a table, and ends with 1 where file and database differ', async () => {
    const proved = await user.runs(['imports', 'proof', id]);
    expect(proved.code).toBe(0);
    expect(proved.stdout).toMatch(/^MONTH +CURRENCY +FILE[^]*\n2020-01 +1 +1 +0 +yes\n2020-02[^]*Of 2 lines 2 went in, 0 were left out, 0 were refused, and 0 spoke of a record/);
    await app.asOwner("update customer.customer set created_at = '2021-07-01' where created_at = '2020-01-05'");
    const { code, stdout, stderr } = await user.runs(['imports', 'proof', id, '--json']);
    expect([code, lines(stdout)[0]!['matches'], stderr]).toEqual([1, false, 'The file and the database do not match everywhere.\n']);
  });

  it('S157 is taken back; what somebody changed since stays, is listed, and ends with 2', async () => {
    const changed = await user.runs(['customers', 'get', 'proof:p-2', '--json']);
    const { id: customerId } = lines(changed.stdout)[0] as { id: string };
    await user.runs(['call', 'updateCustomer', '-p', `id=${customerId}`, '-p', 'ifMatch="1"', '-d', '{"note":"knows us"}']);
    const taken = await user.runs(['imports', 'revert', id, '--json']);
    expect([taken.code, lines(taken.stdout)]).toEqual([2, [{ operationId: expect.any(String), importId: id, reverted: 1, kept: 1 }]]);
    expect(taken.stderr).toContain(`shuke imports kept ${id}`);
    expect((await user.runs(['imports', 'kept', id])).stdout).toMatch(new RegExp(`^LINE +ID +PART +WHY\\n3 +${customerId} +changed_since\\n$`));
    expect((await user.runs(['customers', 'get', 'proof:p-1'])).code).toBe(1);
    expect(await user.runs(['imports', 'revert', '0192f0c1-2b3c-7def-8abc-1234567890ab'])).toMatchObject({ code: 1, stderr: expect.stringContaining('not_found') });
  });
});

needs('script(1) of Linux', HAS_TERMINALS)('S156 at a terminal', () => {
  const words = ['import', 'shown.csv', '-r', 'customers', '--map', 'name=n', '--map', 'externalIds.shop=u'];

  it('a bar shows how far it is, and is gone in the end', async () => {
    await writeFile(user.at('shown.csv'), `u,n\n${Array.from({ length: 1500 }, (_, n) => `s-${n},Person ${n}\n`).join('')}`);
    const shown = await user.atTerminal(words);
    expect(shown).toMatch(/Uploading \[#+-*\] \d+ %/);
    expect(shown).toContain('Importing [##############################] 100 %  1,500 of 1,500');
    expect(shown).toContain('\r\u001b[2KImported:');
  });

  it('a terminal that cannot erase gets none', async () => {
    expect(await user.atTerminal(words, [], { TERM: 'dumb' })).not.toContain('[#');
  });

  it.each([[{}, true], [{ NO_COLOR: '1' }, false]])('with %j, colour: %p', async (environment, coloured) => {
    const shown = await user.atTerminal(['customers', 'get', 'nobody'], [], environment as Record<string, string>);
    expect(shown.includes('\u001b[31mshuke:')).toBe(coloured);
  });
});
