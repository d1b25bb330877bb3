import { CITIES, ENGLISH_FIRST, ENGLISH_LAST, GIVEN, MOBILE_PREFIXES, SURNAMES, WARES } from './words.js';
import { pick, randomOf, zipf, type Random } from './random.js';

export interface Person {
  /** Its number in the shop, from 0; the id in the other system is `c-<number>`. */
  readonly n: number;
  readonly name: string;
  readonly gender: 'female' | 'male';
  /** E.164, nobody else's. */
  readonly phone: string;
  /** Nobody else's. */
  readonly email: string;
  readonly province: string;
  readonly city: string;
  readonly tags: readonly string[];
  readonly createdAt: Date;
}

export interface Line {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  /** Fen of CNY. */
  readonly unitPriceMinor: number;
}

export interface Purchase {
  readonly n: number;
  readonly customer: number;
  readonly status: 'delivered' | 'shipped' | 'payment_settled' | 'cancelled';
  readonly channel: string;
  readonly placedAt: Date;
  readonly lines: readonly Line[];
}

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly priceMinor: number;
}

export interface ShopSize {
  readonly customers: number;
  readonly orders: number;
}

export const PRODUCTS = 1_000;
export const LINES_PER_ORDER = 3;
/** 24 months that lie in the past of every machine. */
const OPENED = Date.UTC(2023, 6, 1);
const CLOSED = Date.UTC(2025, 6, 1);
/** The best customer of 100,000 then has 1.4 % of the orders, and a quarter have one or none. */
const REGULARITY = 0.75;
/** Coprime to the powers of ten, so that multiplying by it shuffles without a clash. */
const SHUFFLE = 61_803_399;
const PHONES = 100_000_000;
const SEEDS = { person: 1, purchase: 2, product: 3 } as const;

/** A made-up shop. Every item follows from its number alone, so any part can be made anew at any time and place. */
export class Shop {
  private readonly regulars: (random: number) => number;

  constructor(readonly size: ShopSize) {
    this.regulars = zipf(size.customers, REGULARITY);
  }

  /** Also beyond the size of the shop, for people who are still to come. */
  person(n: number): Person {
    const random = randomOf(SEEDS.person, n);
    const name = random() < 0.6 ? pick(random, SURNAMES) + pick(random, GIVEN) + (random() < 0.7 ? pick(random, GIVEN) : '') : `${pick(random, ENGLISH_FIRST)} ${pick(random, ENGLISH_LAST)}`;
    const [province, city] = pick(random, CITIES);
    return {
      n, name, province, city,
      gender: random() < 0.55 ? 'female' : 'male',
      phone: `+86${pick(random, MOBILE_PREFIXES)}${String((n * SHUFFLE) % PHONES).padStart(8, '0')}`,
      email: `buyer.${n}@example.com`,
      tags: [...(random() < 0.05 ? ['vip'] : []), ...(random() < 0.3 ? ['newsletter'] : [])],
      createdAt: new Date(Math.floor(OPENED + random() * (CLOSED - OPENED))),
    };
  }

  /** In order of time. */
  purchase(n: number): Purchase {
    const random = randomOf(SEEDS.purchase, n);
    const share = (n + random()) / this.size.orders;
    return {
      n,
      customer: this.buyer(random),
      status: statusOf(random()),
      channel: random() < 0.7 ? 'web' : 'app',
      placedAt: new Date(Math.floor(OPENED + share * (CLOSED - OPENED))),
      lines: Array.from({ length: LINES_PER_ORDER }, () => this.line(random)),
    };
  }

  product(n: number): Product {
    const random = randomOf(SEEDS.product, n);
    return { sku: `SKU-${String(n).padStart(4, '0')}`, name: `${pick(random, WARES)} ${n}`, priceMinor: 990 + Math.floor(random() * 60_000) };
  }

  /** A customer's number; few buy often. */
  buyer(random: Random): number {
    return (this.regulars(random()) * SHUFFLE) % this.size.customers;
  }

  private line(random: Random): Line {
    const { sku, name, priceMinor } = this.product(Math.floor(random() * PRODUCTS));
    return { sku, name, quantity: 1 + Math.floor(random() * 3), unitPriceMinor: priceMinor };
  }
}

export function totalOf({ lines }: Pick<Purchase, 'lines'>): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0);
}

export function amountOf(minor: number): string {
  return (minor / 100).toFixed(2);
}

function statusOf(random: number): Purchase['status'] {
  if (random < 0.05) return 'cancelled';
  if (random < 0.15) return 'payment_settled';
  return random < 0.25 ? 'shipped' : 'delivered';
}
