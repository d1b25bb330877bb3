import { rateFindings, type Bench } from '../bench.js';
import { atLeast, type Finding } from '../finding.js';
import type { Shop } from '../shop/shop.js';

/** W4: create a customer. Everyone is new to both sides, so nobody is refused. */
export async function newCustomer(bench: Bench): Promise<Finding[]> {
  const { app, floor, shop } = bench;
  // Whoever was created by earlier runs has the numbers behind the shop's.
  const ours = await app.database.query<{ n: number }>('select count(*)::int as n from customer.customer');
  const theirs = await floor.database.query<{ n: number }>('select count(*)::int as n from customer');
  let [one, other] = [ours.rows[0]!.n, theirs.rows[0]!.n];
  const load = {
    work: 'W4',
    what: 'create a customer',
    app: () => ({ method: 'POST', path: '/v1/customers', body: appBody(shop, one++) }),
    floor: () => ({ method: 'POST', path: '/customers', body: JSON.stringify({ person: shop.person(other++) }) }),
  };
  const found = await rateFindings(bench, load, atLeast(0.35), atLeast(0.65));
  await assertCreated(bench, one, other);
  return found;
}

async function assertCreated({ app, floor }: Bench, ours: number, theirs: number): Promise<void> {
  const inApp = await app.database.query<{ n: number }>('select count(*)::int as n from customer.features');
  const inFloor = await floor.database.query<{ n: number }>('select count(*)::int as n from customer');
  if (inApp.rows[0]!.n !== ours || inFloor.rows[0]!.n !== theirs) throw new Error(`W4: ${ours} and ${theirs} customers were to be there, and there are ${inApp.rows[0]!.n} and ${inFloor.rows[0]!.n}.`);
}

function appBody(shop: Shop, n: number): string {
  const { name, gender, phone, email, city, province, tags } = shop.person(n);
  const contactPoints = [{ kind: 'phone', value: phone }, { kind: 'email', value: email }];
  return JSON.stringify({ name, gender, contactPoints, addresses: [{ city, province, country: 'CN' }], tags });
}
