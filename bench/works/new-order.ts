import { randomUUID } from 'node:crypto';
import { inTurn, measured, rateFindings, rateRatio, type Bench } from '../bench.js';
import { atLeast, type Finding } from '../finding.js';
import { pick } from '../shop/random.js';
import { amountOf, LINES_PER_ORDER, PRODUCTS, type Line } from '../shop/shop.js';
import { chance } from './strangers.js';

interface NewOrder {
  readonly customer: number;
  readonly lines: readonly Line[];
}

/** W5: an order of 3 lines of known products, by a customer who is drawn as often as they bought before. */
export async function newOrder(bench: Bench): Promise<Finding[]> {
  const { floor } = bench;
  const [ours, theirs] = [orders(bench), orders(bench)];
  const { rows } = await floor.database.query<{ n: number }>('select count(*)::int as n from purchase');
  let n = rows[0]!.n;
  const load = {
    work: 'W5',
    what: 'place an order of 3 lines',
    app: () => appOrder(bench, ours()),
    floor: () => ({ method: 'POST', path: '/orders', body: JSON.stringify({ order: { n: n++, channel: 'web', ...theirs() } }) }),
  };
  const before = await countOrders(bench);
  const found = await rateFindings(bench, load, atLeast(0.45), atLeast(0.75));
  const keyed = { ...load, what: '… with an Idempotency-Key, which the floor has not', app: () => ({ ...appOrder(bench, ours()), headers: { 'Idempotency-Key': randomUUID() } }) };
  const rounds = await inTurn(bench, keyed);
  await assertPlaced(bench, before);
  return [...found, { ...measured(keyed, rounds), ...rateRatio(rounds) }];
}

/** Orders without end. */
export function orders({ shop }: Bench): () => NewOrder {
  const random = chance();
  const wares = Array.from({ length: PRODUCTS }, (_, n) => shop.product(n));
  const line = (): Line => {
    const { sku, name, priceMinor } = pick(random, wares);
    return { sku, name, quantity: 1 + Math.floor(random() * 3), unitPriceMinor: priceMinor };
  };
  return () => ({ customer: shop.buyer(random), lines: Array.from({ length: LINES_PER_ORDER }, line) });
}

export function appOrder({ customerIds }: Bench, { customer, lines }: NewOrder) {
  const body = {
    customer: { id: customerIds[customer] },
    currency: 'CNY',
    channel: 'web',
    lines: lines.map(({ sku, name, quantity, unitPriceMinor }) => ({ sku, name, quantity, unitPrice: { amount: amountOf(unitPriceMinor), currency: 'CNY' } })),
  };
  return { method: 'POST', path: '/v1/orders', body: JSON.stringify(body) };
}

interface Counted {
  readonly headers: number;
  readonly lines: number;
  readonly totals: number;
}

async function countOrders({ app, floor }: Bench): Promise<{ app: Counted; floor: Counted }> {
  const ours = await app.database.query<Counted>(`
    select (select count(*)::int from sales.order_header) as headers, (select count(*)::int from sales.order_line) as lines, (select sum(order_count)::int from customer.features) as totals`);
  const theirs = await floor.database.query<Counted>(`
    select (select count(*)::int from purchase) as headers, (select count(*)::int from purchase_line) as lines, (select sum(order_count)::int from customer) as totals`);
  return { app: ours.rows[0]!, floor: theirs.rows[0]! };
}

/** Each new order has its lines and is in its customer's totals. */
async function assertPlaced(bench: Bench, before: { app: Counted; floor: Counted }): Promise<void> {
  const after = await countOrders(bench);
  for (const side of ['app', 'floor'] as const) {
    const placed = after[side].headers - before[side].headers;
    const [lines, totals] = [after[side].lines - before[side].lines, after[side].totals - before[side].totals];
    if (placed === 0 || lines !== LINES_PER_ORDER * placed || totals !== placed) throw new Error(`W5: ${side} has ${placed} more orders, ${lines} more lines and ${totals} more in its totals.`);
  }
}
