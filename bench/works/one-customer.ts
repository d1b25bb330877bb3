import { rateFindings, type Bench } from '../bench.js';
import { atLeast, type Finding } from '../finding.js';
import { floorId } from '../floor/rows.js';
import { assertSame, fromApp, fromFloor, type AppCustomer, type FloorCustomer } from './answers.js';
import { strangers } from './strangers.js';

/** W1: one customer by id, personal data included. */
export async function oneCustomer(bench: Bench): Promise<Finding[]> {
  const { app, floor, shop, customerIds } = bench;
  for (const n of [0, 1, shop.size.customers - 1]) {
    const [ours, theirs] = [await app.get<AppCustomer>(`/v1/customers/${customerIds[n]!}`), await floor.get<FloorCustomer>(`/customer?id=${floorId('person', n)}`)];
    assertSame('W1', fromApp(ours), fromFloor(theirs));
  }
  const [one, other] = [strangers(bench), strangers(bench)];
  const load = {
    work: 'W1',
    what: 'one customer by id',
    app: () => ({ method: 'GET', path: `/v1/customers/${customerIds[one()]!}` }),
    floor: () => ({ method: 'GET', path: `/customer?id=${floorId('person', other())}` }),
  };
  return rateFindings(bench, load, atLeast(0.35), atLeast(0.6));
}
