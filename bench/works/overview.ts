import { rateFindings, type Bench } from '../bench.js';
import { atLeast, type Finding } from '../finding.js';
import { floorId } from '../floor/rows.js';
import { amountOf } from '../shop/shop.js';
import { assertSame, fromApp, fromFloor, type AppCustomer, type FloorCustomer } from './answers.js';
import { strangers } from './strangers.js';

interface AppOverview {
  readonly customer: AppCustomer;
  readonly lastOrders: readonly { readonly status: string; readonly placedAt: string; readonly total: { readonly amount: string } }[];
}

type FloorOverview = FloorCustomer & { readonly orders: readonly { readonly status: string; readonly placed_at: string; readonly total_minor: number }[] };

/** W6: a customer with the last 20 orders. The app's answer holds the last 20 entries of the timeline besides. */
export async function overview(bench: Bench): Promise<Finding[]> {
  const { customerIds, prepared, shop } = bench;
  if (prepared.untouched) for (const n of [0, 1, shop.size.customers - 1]) await compare(bench, n);
  const [one, other] = [strangers(bench), strangers(bench)];
  const load = {
    work: 'W6',
    what: 'customer with the last 20 orders',
    app: () => ({ method: 'GET', path: `/v1/customers/${customerIds[one()]!}/overview` }),
    floor: () => ({ method: 'GET', path: `/overview?id=${floorId('person', other())}` }),
  };
  return rateFindings(bench, load, atLeast(0.4), atLeast(0.7));
}

async function compare({ app, floor, customerIds }: Bench, n: number): Promise<void> {
  const ours = await app.get<AppOverview>(`/v1/customers/${customerIds[n]!}/overview`);
  const theirs = await floor.get<FloorOverview>(`/overview?id=${floorId('person', n)}`);
  assertSame('W6', fromApp(ours.customer), fromFloor(theirs));
  const orders = ours.lastOrders.map(({ status, placedAt, total }) => [status, Date.parse(placedAt), total.amount]);
  assertSame('W6', orders, theirs.orders.map((order) => [order.status, Date.parse(order.placed_at), amountOf(order.total_minor)]));
}
