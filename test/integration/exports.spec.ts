import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { register, phone, email } from '../customer/people.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { exportEnded, exportFile, startExport } from '../support/export-file.js';

describe('an export', () => {
  let app: TestApp;
  let http: Http;
  beforeAll(async () => {
    app = await startApp({ workers: true });
    http = await app.asAdmin();
    await register(http, { name: '李娜', tags: ['vip', 'a|b'], note: '=1+1', contactPoints: [phone('138 1234 5678'), phone('13800000002'), email('li@example.com')], externalIds: [{ system: 'shop', id: '007' }], addresses: [{ label: 'home', city: '上海' }, { city: '成都' }] });
  });
  afterAll(() => app?.close());

  it('x', async () => {
    for (const format of ['csv', 'ndjson', 'xlsx'] as const) {
      const file = await exportFile(http, { resource: 'customers', format });
      process.stderr.write(format === 'xlsx' ? file.length + '\n' : file.toString());
      if (format === 'xlsx') (await import('node:fs')).writeFileSync('/tmp/exp/a.xlsx', file);
    }
    process.stderr.write(JSON.stringify(await exportEnded(http, await startExport(http, { resource: 'customers' }))));
  });
});
