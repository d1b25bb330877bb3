import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SYSTEM } from '../../src/kernel/actor.js';
import { Imports } from '../../src/platform/transfer/imports.js';
import type { ImportOutcome, LineProblem } from '../../src/platform/transfer/import-definition.js';
import { startApp, type Http, type TestApp } from '../support/app.js';
import { email, phone } from './people.js';

const AT_ONCE = 100;
const ROUNDS = 3;
const settings = { timeZone: 'Asia/Shanghai', currency: 'CNY' };

let app: TestApp;
let http: Http;

beforeAll(async () => {
  app = await startApp();
  http = await app.asAdmin();
});
afterAll(() => app?.close());

function bring(...lines: Record<string, string>[]): Promise<ImportOutcome> {
  const definition = app.get(Imports).get('customers')!;
  return app.database.transaction(SYSTEM, (tx) => definition.apply(tx, lines.map((values, index) => ({ line: index + 2, values })), settings));
}

/** How one person is written by different hands; every way has both, so that whoever comes second finds the first. */
const spellings = (round: number) => {
  const digits = String(1000 + round);
  return {
    phones: [`1380000${digits}`, `138 0000 ${digits}`, `+86 138-0000-${digits}`, `0086 1380000${digits}`, `+86１３８００００${digits}`],
    emails: [`Li.Na${round}@Example.com`, `li.na${round}@EXAMPLE.COM`, ` LI.NA${round}@example.com `],
  };
};

/** Ids of whoever an answer names; a refusal must say with whom it conflicts. */
async function namedBy(way: number, round: number): Promise<string[]> {
  const { phones, emails } = spellings(round);
  const [tel, mail, id] = [phones[way % phones.length]!, emails[way % emails.length]!, `P-${round}`];
  const contactPoints = [phone(tel), email(mail)];
  if (way % 4 === 0) {
    const { status, body } = await http.put(`/v1/customers/by-external-id/shop/${id}`).send({ name: '李娜', contactPoints });
    expect([200, 201, 409]).toContain(status);
    return [status === 409 ? (body as { customerId: string }).customerId : (body as { id: string }).id];
  }
  if (way % 4 === 1) {
    const { body } = await http.post('/v1/customers/batch').send({ items: [{ name: '李娜', contactPoints }, { contactPoints }] }).expect(207);
    return (body as { data: { data?: { id: string }; problem?: { customerId: string } }[] }).data.map(({ data, problem }) => data?.id ?? problem!.customerId);
  }
  const line = { name: '李娜', phone: tel, email: mail };
  const { created, updated, unchanged, refused, touched } = await bring(way % 4 === 2 ? { ...line, 'externalIds.shop': id } : line, line);
  expect(created + updated + unchanged + refused.length).toBe(2);
  return [...touched.map((one) => one.id), ...refused.map(holderIn)];
}

function holderIn({ code, detail }: LineProblem): string {
  expect(code).toBe('duplicate_customer');
  return /customer ([0-9a-f-]{36})/.exec(detail)![1]!;
}

const peopleCount = async () => (await app.asOwner<{ n: number }>('select count(*)::int as n from customer.customer'))[0]!.n;

describe('S156 one person', () => {
  it(`S156 ${AT_ONCE} imports and upserts at once, each in a spelling of its own, make one person, whom each of them names`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await peopleCount();
      const named = await Promise.all(Array.from({ length: AT_ONCE }, (_, way) => namedBy(way, round)));
      expect(new Set(named.flat()).size).toBe(1);
      expect(await peopleCount()).toBe(before + 1);
      const [customerId] = named.flat();
      const [{ keys, contacts } = { keys: 0, contacts: 0 }] = await app.asOwner<{ keys: number; contacts: number }>(`
        select (select count(*)::int from vault.person_key where person_id = $1) as keys, (select count(*)::int from customer.contact_index where customer_id = $1) as contacts`, [customerId]);
      expect([keys, contacts]).toEqual([1, 2]);
    }
  }, 120_000);

  it('S156 a file tells repetitions of a person apart from new people, in the file and against the base, and a conflict with whom', async () => {
    const known = await http.put('/v1/customers/by-external-id/shop/base').send({ name: 'Base', contactPoints: [phone('13811110000')] }).expect(201);
    const { id: baseId } = known.body as { id: string };
    const outcome = await bring(
      { 'externalIds.shop': 'new', name: 'New', email: 'new@example.com' },
      { email: 'NEW@EXAMPLE.COM', phone: '13811110001' },
      { phone: '+86 138 1111 0001' },
      { phone: '0086-13811110000', name: 'Base' },
      { 'externalIds.shop': 'base', tags: 'vip' },
      { 'externalIds.shop': 'other', phone: '138 1111 0000' },
      { phone: '13811110000', email: 'new@example.com' },
    );
    expect(outcome).toMatchObject({ created: 1, updated: 2, unchanged: 2 });
    const newId = outcome.touched.find(({ before }) => before === 0)!.id;
    expect(outcome.refused).toEqual([
      { line: 7, code: 'duplicate_customer', detail: expect.stringContaining(baseId) },
      { line: 8, code: 'ambiguous_customer', detail: expect.stringMatching(new RegExp(`${baseId}.*${newId}|${newId}.*${baseId}`)) },
    ]);
    expect(outcome.touched).toEqual([
      { id: newId, part: 0, line: 4, before: 0, version: 1, told: { at: undefined } }, { id: baseId, part: 0, line: 6, before: 1, version: 2, told: {} },
    ]);
  });
});
