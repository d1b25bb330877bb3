import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { analyticsProblemsInChinese } from '../../src/analytics/http/problems.zh.js';
import { customerProblemsInChinese } from '../../src/customer/http/problems.zh.js';
import { integrationProblemsInChinese } from '../../src/integration/http/problems.zh.js';
import { platformProblemsInChinese } from '../../src/platform/http/problems.zh.js';
import { OTHERS } from '../../src/platform/http/refusals.js';
import { salesProblemsInChinese } from '../../src/sales/http/problems.zh.js';
import { securityProblemsInChinese } from '../../src/security/http/problems.zh.js';
import { startApp, type TestApp } from '../support/app.js';
import { thrownCodes, type ThrownCode } from '../support/thrown-codes.js';

const CONTEXTS = {
  analytics: analyticsProblemsInChinese,
  customer: customerProblemsInChinese,
  integration: integrationProblemsInChinese,
  sales: salesProblemsInChinese,
  security: securityProblemsInChinese,
};

describe('problems in Chinese', () => {
  let thrown: ThrownCode[];
  const thrownIn = (area: string): Set<string> => new Set(thrown.filter((one) => one.area === area).map(({ code }) => code));
  beforeAll(() => {
    thrown = thrownCodes();
  });

  it('have a sentence for every code of the platform, and none for a code nobody throws', () => {
    const answered = [...thrownIn('kernel'), ...thrownIn('platform'), ...Object.keys(OTHERS)];
    const told = Object.keys(platformProblemsInChinese);
    expect(answered.filter((code) => !told.includes(code))).toEqual([]);
    const anywhere = new Set([...thrown.map(({ code }) => code), ...Object.keys(OTHERS)]);
    expect(told.filter((code) => !anywhere.has(code))).toEqual([]);
  });

  it.each(Object.entries(CONTEXTS))('have a sentence for every code of %s, and none for a code it does not throw', (context, sentences) => {
    const codes = thrownIn(context);
    expect(codes.size).toBeGreaterThan(0);
    expect([...codes].filter((code) => !(code in sentences) && !(code in platformProblemsInChinese))).toEqual([]);
    expect(Object.keys(sentences).filter((code) => !codes.has(code))).toEqual([]);
  });

  it('no area of the product throws codes that this page forgets', () => {
    const areas = new Set(thrown.map(({ area }) => area));
    expect([...areas].toSorted()).toEqual([...Object.keys(CONTEXTS), 'kernel', 'platform'].toSorted());
  });

  it('are whole sentences in Chinese', () => {
    const all = [platformProblemsInChinese, ...Object.values(CONTEXTS)].flatMap((list) => Object.entries(list));
    expect(all.filter(([, sentence]) => !/\p{Script=Han}.*。$/u.test(sentence) || /[<>&]/.test(sentence))).toEqual([]);
  });
});

describe('a problem of a context', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it('S152 comes in the language asked for, with the same code', async () => {
    const admin = await app.asAdmin();
    const nobody = { source: 'manual' };
    const english = await admin.post('/v1/customers').send(nobody).expect(422);
    const chinese = await admin.post('/v1/customers').set('Accept-Language', 'zh-CN').send(nobody).expect(422);
    expect(english.headers['content-language']).toBe('en');
    expect(english.body).toMatchObject({ code: 'nobody_in_particular', detail: expect.stringContaining('Nothing tells this customer') });
    expect(chinese.headers['content-language']).toBe('zh');
    expect(chinese.body).toMatchObject({ code: 'nobody_in_particular', title: '违反业务规则', detail: customerProblemsInChinese['nobody_in_particular'] });
  });

  it('is on the page its type leads to', async () => {
    const { text } = await app.http.get('/docs/problems').expect(200);
    const listed = Object.values(CONTEXTS).flatMap((list) => Object.keys(list));
    expect(listed.filter((code) => !text.includes(`<tr id="${code}">`))).toEqual([]);
  });
});
