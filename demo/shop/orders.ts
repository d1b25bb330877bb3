import type { Product } from './catalogue.js';
import { Dice, runningSums } from './dice.js';
import { daysToOrder, type Habit, type Person } from './people.js';
import { DAY, instantOn, isFestival, type Year } from './year.js';

/** How far an order has come. */
export type OrderStatus = 'arranging_payment' | 'payment_settled' | 'delivered' | 'cancelled';

export interface OrderLine {
  readonly number: number;
  readonly product: Product;
  readonly quantity: number;
  readonly discountMinor: number;
  readonly shippingMinor: number;
  /** Price × quantity − discount + shipping. */
  readonly totalMinor: number;
}

export interface Payment {
  readonly method: string;
  readonly at: Date;
  readonly amountMinor: number;
}

export interface Refund {
  readonly at: Date;
  readonly amountMinor: number;
  readonly reason: string;
  readonly state: 'pending' | 'settled';
}

/** One parcel with everything in it. */
export interface Parcel {
  readonly shippedAt: Date;
  readonly deliveredAt: Date | undefined;
  readonly carrier: string;
  readonly trackingCode: string;
}

export interface Order {
  /** Its id in the shop's own system. */
  readonly id: string;
  readonly person: Person;
  readonly placedAt: Date;
  readonly channel: string;
  /** As it is when the books are brought over; parcels on record come after. */
  readonly status: OrderStatus;
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
  readonly payment: Payment | undefined;
  readonly refund: Refund | undefined;
  /** Only of orders so young that parcels may still be on their way; older ones are known as delivered. */
  readonly parcel: Parcel | undefined;
}

const CANCELLED_SHARE = 0.04;
const RETURNED_SHARE = 0.06;
const ALL_BACK_SHARE = 0.6;
const DISCOUNTS = [0.1, 0.15, 0.2] as const;
const FREE_SHIPPING_FROM_MINOR = 99_00;
const SHIPPING_MINOR = 12_00;
/** Of products by rank: the n-th best seller sells 1/n^s as often as the best (Zipf). */
const PRODUCT_SKEW = 0.8;
/** Orders younger than this come with their parcels. */
export const PARCEL_DAYS = 8;
const UNPAID_DAYS = 1;
const PENDING_REFUND_DAYS = 3;

const CHANNELS = { app: 35, wechat_mini_program: 30, tmall: 20, web: 10, store: 5 } as const;
const ENGLISH_CHANNELS = { web: 75, app: 20, store: 5 } as const;
const METHODS = { alipay: 48, wechat_pay: 44, union_pay: 8 } as const;
const ENGLISH_METHODS = { credit_card: 65, paypal: 35 } as const;
const REASONS = { changed_mind: 40, arrived_broken: 25, wrong_item: 15, not_as_described: 20 } as const;
const CARRIERS = { 'SF Express': 50, 'ZTO Express': 30, 'China Post': 20 } as const;
const ITEMS = { '1': 46, '2': 30, '3': 16, '4': 8 } as const;
const PIECES = { '1': 74, '2': 19, '3': 7 } as const;
/** Out of bed, at lunch, and most of all in the evening. */
const HOURS = runningSums([1, 0.6, 0.3, 0.2, 0.2, 0.4, 0.8, 1.5, 2.2, 3, 3.4, 3.6, 4.2, 3.4, 3, 3, 3, 3.2, 3.6, 4.6, 5.8, 6.4, 5, 2.6]);

/** Every order of the year, oldest first. */
export function ordersOf(seed: number, people: readonly Person[], products: readonly Product[], year: Year): Order[] {
  const dice = new Dice(seed, 'orders');
  const popularity = runningSums(products.map((_, rank) => (rank + 1) ** -PRODUCT_SKEW));
  const visits = people.flatMap((person) => visitsOf(person, dice, year).map((placedAt) => ({ person, placedAt })));
  visits.sort((one, other) => one.placedAt.getTime() - other.placedAt.getTime());
  return visits.map(({ person, placedAt }, index) => {
    const lines = linesOf(dice, products, popularity, isFestival(placedAt));
    const totalMinor = lines.reduce((sum, line) => sum + line.totalMinor, 0);
    const basis = { id: `o-${String(index + 1).padStart(7, '0')}`, person, placedAt, lines, totalMinor, channel: dice.weighted<string>(person.language === 'en' ? ENGLISH_CHANNELS : CHANNELS) };
    return { ...basis, ...courseOf(dice, basis, year.until) };
  });
}

function visitsOf(person: Person, dice: Dice, year: Year): Date[] {
  const [first, end] = daysToOrder(person, year);
  return Array.from({ length: first < end ? timesToOrder(person.habit, dice) : 0 }, () => {
    const day = dice.among(year.weights, first, end);
    return instantOn(year, day, (dice.among(HOURS) + dice.next()) / HOURS.length);
  });
}

function timesToOrder(habit: Habit, dice: Dice): number {
  switch (habit) {
    case 'never_bought': return 0;
    case 'one_time': return 1;
    case 'occasional': return dice.between(2, 4);
    case 'regular': return dice.powerLaw(5, 2.8, 120);
    case 'silent': return dice.powerLaw(3, 3, 12);
  }
}

function linesOf(dice: Dice, products: readonly Product[], popularity: readonly number[], festival: boolean): OrderLine[] {
  const wanted = new Set(Array.from({ length: Number(dice.weighted(ITEMS)) }, () => dice.among(popularity)));
  const priced = [...wanted].map((rank) => {
    const product = products[rank]!;
    const quantity = Number(dice.weighted(PIECES));
    const discountMinor = festival ? Math.floor(product.priceMinor * quantity * dice.pick(DISCOUNTS)) : 0;
    return { product, quantity, discountMinor, goodsMinor: product.priceMinor * quantity - discountMinor };
  });
  const goodsMinor = priced.reduce((sum, line) => sum + line.goodsMinor, 0);
  const shipping = goodsMinor < FREE_SHIPPING_FROM_MINOR ? SHIPPING_MINOR : 0;
  return priced.map(({ goodsMinor: ownMinor, ...line }, index) => {
    const shippingMinor = index === 0 ? shipping : 0;
    return { number: index + 1, ...line, shippingMinor, totalMinor: ownMinor + shippingMinor };
  });
}

type Basis = Pick<Order, 'id' | 'person' | 'placedAt' | 'lines' | 'totalMinor'>;
type Course = Pick<Order, 'status' | 'payment' | 'refund' | 'parcel'>;

/** What became of an order by the end of the year. */
function courseOf(dice: Dice, order: Basis, until: Date): Course {
  const age = until.getTime() - order.placedAt.getTime();
  const method = dice.weighted<string>(order.person.language === 'en' ? ENGLISH_METHODS : METHODS);
  const paidAt = later(order.placedAt, dice.between(20, 900) * 1000);
  const payment = paidAt < until ? { method, at: paidAt, amountMinor: order.totalMinor } : undefined;
  if (dice.chance(CANCELLED_SHARE)) return cancelled(dice, order, payment, until);
  if (!payment || (age < UNPAID_DAYS * DAY && dice.chance(0.1))) return { status: 'arranging_payment', payment: undefined, refund: undefined, parcel: undefined };

  const shippedAt = later(paidAt, dice.between(6, 40) * 3_600_000);
  const deliveredAt = later(shippedAt, dice.between(20, 90) * 3_600_000);
  const refund = dice.chance(RETURNED_SHARE) ? givenBack(dice, order, later(deliveredAt, dice.between(1, 10) * DAY), until) : undefined;
  if (age >= PARCEL_DAYS * DAY) return { status: 'delivered', payment, refund, parcel: undefined };
  return { status: 'payment_settled', payment, refund, parcel: shippedAt < until ? parcelOf(dice, order, shippedAt, deliveredAt, until) : undefined };
}

/** Half are given up before they are paid; the others get their money back. */
function cancelled(dice: Dice, order: Basis, payment: Payment | undefined, until: Date): Course {
  const at = payment && later(payment.at, dice.between(1, 20) * 3_600_000);
  if (!at || at >= until || dice.chance(0.5)) return { status: 'cancelled', payment: undefined, refund: undefined, parcel: undefined };
  return { status: 'cancelled', payment, refund: { at, amountMinor: order.totalMinor, reason: 'cancelled', state: 'settled' }, parcel: undefined };
}

function givenBack(dice: Dice, { lines, totalMinor }: Basis, at: Date, until: Date): Refund | undefined {
  const reason = dice.weighted(REASONS);
  const amountMinor = dice.chance(ALL_BACK_SHARE) ? totalMinor : dice.pick(lines).totalMinor;
  if (at >= until) return undefined;
  return { at, amountMinor, reason, state: until.getTime() - at.getTime() < PENDING_REFUND_DAYS * DAY ? 'pending' : 'settled' };
}

function parcelOf(dice: Dice, { id }: Basis, shippedAt: Date, deliveredAt: Date, until: Date): Parcel {
  return { shippedAt, deliveredAt: deliveredAt < until ? deliveredAt : undefined, carrier: dice.weighted(CARRIERS), trackingCode: `DEMO${id.slice(2)}` };
}

function later(instant: Date, milliseconds: number): Date {
  return new Date(instant.getTime() + milliseconds);
}
