import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import parsePhoneNumber from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import type { Order } from './orders.js';
import { SILENT_DAYS } from './people.js';
import { makeShop, type Shop, type ShopPlan } from './shop.js';
import { DAY, dayIn, year } from './year.js';

const PLAN: ShopPlan = { seed: 1, customers: 3000, until: new Date('2026-06-30T10:00:00Z') };

function hashOf(shop: Shop): string {
  return createHash('sha256').update(JSON.stringify(shop)).digest('hex');
}

function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Every instant an order speaks of, in the order they must have come. */
function courseOf({ person, placedAt, payment, parcel, refund }: Order): Date[] {
  return [person.joinedAt, placedAt, payment?.at, parcel?.shippedAt, parcel?.deliveredAt, refund?.at].filter((instant) => instant !== undefined);
}

describe('a shop that never was', () => {
  const shop = makeShop(PLAN);
  const buyers = countBy(shop.orders, ({ person }) => person.id);
  const shareOfOrders = (holds: (order: Order) => boolean) => shop.orders.filter(holds).length / shop.orders.length;

  it('is the same for the same seed, on every machine', () => {
    const small = { ...PLAN, customers: 50 };
    expect(hashOf(makeShop(small))).toBe(hashOf(makeShop(small)));
    expect(hashOf(makeShop(small))).toBe('215d6e811168552c4129bf6d0c6bfa42df89c3973d3087ba7161f38c9589aae0');
  });

  it('is another for another seed', () => {
    expect(hashOf(makeShop({ ...PLAN, customers: 50, seed: 2 }))).not.toBe(hashOf(makeShop({ ...PLAN, customers: 50 })));
  });

  it('has people who come once, who come back, who fell silent and who never bought, as shops have', () => {
    expect(shop.people.length).toBe(3000);
    const once = [...buyers.values()].filter((count) => count === 1).length / buyers.size;
    expect(once).toBeGreaterThan(0.42);
    expect(once).toBeLessThan(0.56);
    const never = (3000 - buyers.size) / 3000;
    expect(never).toBeGreaterThan(0.05);
    expect(never).toBeLessThan(0.11);
    const silent = shop.people.filter(({ habit }) => habit === 'silent').length / 3000;
    expect(silent).toBeGreaterThan(0.07);
    expect(silent).toBeLessThan(0.13);
  });

  it('hears nothing of the silent for 150 days, though they came often', () => {
    const silence = new Date(shop.plan.until.getTime() - (SILENT_DAYS - 1) * DAY);
    const theirs = shop.orders.filter(({ person }) => person.habit === 'silent');
    expect(Math.max(...theirs.map(({ placedAt }) => placedAt.getTime()))).toBeLessThan(silence.getTime());
    expect(theirs.length / new Set(theirs.map(({ person }) => person.id)).size).toBeGreaterThan(3);
  });

  it('lives on its regulars: the tenth that buys most places four orders of ten, as Zipf would have it', () => {
    const counts = [...buyers.values()].sort((one, other) => other - one);
    const top = sum(counts.slice(0, Math.ceil(counts.length / 10))) / shop.orders.length;
    expect(top).toBeGreaterThan(0.33);
    expect(top).toBeLessThan(0.55);
    expect(counts[0]).toBeGreaterThan(10 * counts[Math.floor(counts.length / 4)]!);
  });

  it('sells some products far more often than others', () => {
    const sold = countBy(shop.orders.flatMap(({ lines }) => lines), ({ product }) => product.id);
    expect(sold.size).toBe(shop.products.length);
    expect(sold.get(shop.products[0]!.id)!).toBeGreaterThan(4 * sold.get(shop.products.at(-1)!.id)!);
    for (const { priceMinor, costMinor } of shop.products) expect(costMinor).toBeLessThan(priceMinor);
  });

  it('takes things back, and some orders come to nothing', () => {
    expect(shareOfOrders(({ refund, status }) => refund !== undefined && status !== 'cancelled')).toBeGreaterThan(0.04);
    expect(shareOfOrders(({ refund, status }) => refund !== undefined && status !== 'cancelled')).toBeLessThan(0.08);
    expect(shareOfOrders(({ status }) => status === 'cancelled')).toBeGreaterThan(0.03);
    expect(shareOfOrders(({ status }) => status === 'cancelled')).toBeLessThan(0.055);
  });

  it('has its feasts: 11.11, 12.12 and 618 tower, and at the New Year it is quiet', () => {
    const days = countBy(shop.orders, ({ placedAt }) => dayIn(placedAt));
    const on = (...of: string[]) => sum(of.map((day) => days.get(day) ?? 0)) / of.length;
    const ordinary = on(...Array.from({ length: 20 }, (_, n) => `2026-04-${String(n + 8).padStart(2, '0')}`));
    expect(on('2025-11-11')).toBeGreaterThan(4 * ordinary);
    expect(on('2025-12-12')).toBeGreaterThan(2 * ordinary);
    expect(on('2026-06-18')).toBeGreaterThan(3 * ordinary);
    expect(on('2026-02-15', '2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20')).toBeLessThan(0.6 * ordinary);
  });

  it('has nobody real: numbers kept for fiction or given to no operator, addresses of example domains, each once', () => {
    const phones = shop.people.flatMap(({ phone }) => phone ?? []);
    expect(new Set(phones).size).toBe(phones.length);
    for (const phone of phones) {
      expect(phone).toMatch(/^\+(86154\d{8}|1(212|415|206|312)55501\d\d|44(207946|161496|131496)0\d{3})$/);
      expect(parsePhoneNumber(phone, metadata)?.isPossible()).toBe(true);
    }
    const emails = shop.people.map(({ email }) => email);
    expect(new Set(emails).size).toBe(emails.length);
    for (const email of emails) expect(email).toMatch(/^customer\d+@example\.(com|net|org)$/);
  });

  it('speaks Chinese and English, and lives where it speaks so', () => {
    const chinese = shop.people.filter(({ language }) => language === 'zh-CN');
    expect(chinese.length / 3000).toBeCloseTo(0.7, 1);
    for (const { name, address } of chinese) expect([name, address.country]).toEqual([expect.stringMatching(/^\p{Script=Han}{2,4}$/u), 'CN']);
    for (const { name, address } of shop.people.filter(({ language }) => language === 'en')) expect([name, address.country]).toEqual([expect.stringMatching(/^[\p{Script=Latin}' .-]+$/u), expect.stringMatching(/^(US|GB)$/)]);
  });

  it('keeps its books, whatever the seed and the day: sums agree, nothing is later than the end, first things first', () => {
    const plans = fc.record({ seed: fc.nat(), customers: fc.integer({ min: 1, max: 40 }), until: fc.date({ min: new Date('2021-01-01'), max: new Date('2034-12-31'), noInvalidDate: true }) });
    fc.assert(fc.property(plans, (plan) => {
      const { orders } = makeShop(plan);
      const { from } = year(plan.until);
      for (const order of orders) {
        for (const { product, quantity, discountMinor, shippingMinor, totalMinor } of order.lines) expect(totalMinor).toBe(product.priceMinor * quantity - discountMinor + shippingMinor);
        expect(order.totalMinor).toBe(sum(order.lines.map(({ totalMinor }) => totalMinor)));
        if (order.payment) expect(order.payment.amountMinor).toBe(order.totalMinor);
        expect(order.refund?.amountMinor ?? 0).toBeLessThanOrEqual(order.payment?.amountMinor ?? 0);
        const course = courseOf(order).map((instant) => instant.getTime());
        expect(course).toEqual(course.toSorted((one, other) => one - other));
        expect(order.placedAt.getTime()).toBeGreaterThanOrEqual(from.getTime());
        expect(course.at(-1)!).toBeLessThanOrEqual(plan.until.getTime());
      }
      expect(new Set(orders.map(({ id }) => id)).size).toBe(orders.length);
    }), { numRuns: 60 });
  });
});
