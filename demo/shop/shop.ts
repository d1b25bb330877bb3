import { catalogue, type Product } from './catalogue.js';
import { ordersOf, type Order } from './orders.js';
import { people, type Person } from './people.js';
import { year } from './year.js';

/** What a shop is made from; the same makes the same shop. */
export interface ShopPlan {
  /** A whole number from 0 on. */
  readonly seed: number;
  readonly customers: number;
  /** The year of orders ends before this instant; nothing in the shop is later. */
  readonly until: Date;
}

/** A shop that never was: its people, what it sells, and a year of its orders, oldest first. Amounts are minor units of CNY. */
export interface Shop {
  readonly plan: ShopPlan;
  readonly people: readonly Person[];
  readonly products: readonly Product[];
  readonly orders: readonly Order[];
}

export function makeShop(plan: ShopPlan): Shop {
  const span = year(plan.until);
  const products = catalogue();
  const persons = people(plan.seed, plan.customers, span);
  return { plan, people: persons, products, orders: ordersOf(plan.seed, persons, products, span) };
}
