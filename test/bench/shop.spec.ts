import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gramsOf, gramsOfFragment, floorId, numberOf } from '../../bench/floor/rows.js';
import { assertSame } from '../../bench/works/answers.js';
import { customersFile, linesFile, numbers, ordersFile, spans } from '../../bench/shop/files.js';
import { LINES_PER_ORDER, Shop } from '../../bench/shop/shop.js';

const SIZE = { customers: 2_000, orders: 10_000 };
const shop = new Shop(SIZE);

describe('the shop of the bench', () => {
  it('is the same every time', () => {
    for (const n of [0, 1, 1_999]) expect(new Shop(SIZE).person(n)).toEqual(shop.person(n));
    for (const n of [0, 1, 9_999]) expect(new Shop(SIZE).purchase(n)).toEqual(shop.purchase(n));
  });

  it('gives nobody the phone or e-mail address of another', () => {
    const people = numbers([0, SIZE.customers]).map((n) => shop.person(n));
    expect(new Set(people.map(({ phone }) => phone)).size).toBe(SIZE.customers);
    expect(new Set(people.map(({ email }) => email)).size).toBe(SIZE.customers);
    for (const { phone } of people) expect(phone).toMatch(/^\+861\d{10}$/);
  });

  it('has orders in order of time over 24 months, and few customers with many', () => {
    const purchases = numbers([0, SIZE.orders]).map((n) => shop.purchase(n));
    const times = purchases.map(({ placedAt }) => placedAt.getTime());
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect((times.at(-1)! - times[0]!) / 86_400_000).toBeGreaterThan(725);
    const counts = new Map<number, number>();
    for (const { customer } of purchases) counts.set(customer, (counts.get(customer) ?? 0) + 1);
    const most = [...counts.values()].sort((one, other) => other - one);
    // Zipf's law with exponent 0.75: the tenth buys 10^-0.75 = 0.18 times as often as the first.
    expect(most[9]! / most[0]!).toBeGreaterThan(0.12);
    expect(most[9]! / most[0]!).toBeLessThan(0.25);
    expect(Math.max(...counts.keys())).toBeLessThan(SIZE.customers);
  });

  it('is told in files whose parts make up the whole', () => {
    for (const file of [customersFile, ordersFile]) {
      const whole = file(shop, [0, 100]).text.split('\n');
      const parts = spans(100, 3).flatMap((span) => file(shop, span).text.split('\n').slice(1));
      expect(parts).toEqual(whole.slice(1));
      for (const line of whole) expect(line.split(',')).toHaveLength(whole[0]!.split(',').length);
    }
    expect(linesFile(shop, [0, 100]).lines).toBe(100 * LINES_PER_ORDER);
  });
});

describe('the floor of the bench', () => {
  it('makes ids that keep the order of the numbers and give them back', () => {
    fc.assert(
      fc.property(fc.nat(6_000_000), fc.nat(6_000_000), (one, other) => {
        expect(numberOf(floorId('person', one))).toBe(one);
        expect(floorId('purchase', one) < floorId('purchase', other)).toBe(one < other);
      }),
    );
  });

  it('finds everybody who holds a fragment by its grams', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(8), fc.integer({ min: 3, max: 6 }), (n, from, length) => {
        const { name, phone } = shop.person(n);
        const grams = gramsOf(name, phone);
        for (const fragment of [phone.slice(3).slice(from, from + length), name.slice(0, 2)]) {
          for (const gram of gramsOfFragment(fragment)) expect(grams).toContain(gram);
        }
      }),
    );
  });

  it('is not compared with an app that answers differently', () => {
    expect(() => assertSame('W1', { name: '李娜' }, { name: '李娜' })).not.toThrow();
    expect(() => assertSame('W1', { name: '李娜' }, { name: '王伟' })).toThrow('W1: the app and the floor answer differently');
  });
});
