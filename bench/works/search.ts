import { rateFindings, type Bench } from '../bench.js';
import { atLeast, type Finding } from '../finding.js';
import { pick } from '../shop/random.js';
import { assertSame, fromApp, fromFloor, type AppCustomer, type FloorCustomer } from './answers.js';
import { chance } from './strangers.js';

const FRAGMENTS = 300;
const HITS = 20;
const COMPARED = 10;
/** Of a Chinese mobile number behind its country code. */
const DIGITS = 5;

/** W3: a fragment of a name or a phone. */
export async function search(bench: Bench): Promise<Finding[]> {
  const fragments = fragmentsOf(bench);
  if (bench.prepared.untouched) for (const fragment of fragments.slice(0, COMPARED)) await compare(bench, fragment);
  let [ours, theirs] = [0, 0];
  const load = {
    work: 'W3',
    what: 'fragment of a name or phone, 20 hits',
    app: () => ({ method: 'GET', path: appPath(fragments[ours++ % FRAGMENTS]!) }),
    floor: () => ({ method: 'GET', path: floorPath(fragments[theirs++ % FRAGMENTS]!) }),
  };
  return rateFindings(bench, load, atLeast(0.3), atLeast(0.6));
}

/** A page of the app may hold fewer rows than asked for, though more follow. */
async function compare({ app, floor }: Bench, fragment: string): Promise<void> {
  const { data } = await app.get<{ data: AppCustomer[] }>(appPath(fragment));
  const hits = await floor.get<FloorCustomer[]>(floorPath(fragment));
  if (data.length === 0 && hits.length > 0) throw new Error(`W3: the app finds nobody by "${fragment}", and the floor ${hits.length}.`);
  assertSame(`W3 "${fragment}"`, data.map(fromApp), hits.slice(0, data.length).map(fromFloor));
}

/** Two letters of a Chinese name, four of another, five digits of a phone: such as staff type. */
function fragmentsOf({ shop }: Bench): string[] {
  const random = chance();
  return Array.from({ length: FRAGMENTS }, (_, n) => {
    const { name, phone } = shop.person(Math.floor(random() * shop.size.customers));
    if (n % 2 === 0) return phone.slice(-DIGITS - 2, -2);
    return /^[a-z]/i.test(name) ? pick(random, name.split(' ')).slice(0, 4) : name.slice(0, 2);
  });
}

function appPath(fragment: string): string {
  return `/v1/customers?limit=${HITS}&q=${encodeURIComponent(fragment)}`;
}

function floorPath(fragment: string): string {
  return `/search?q=${encodeURIComponent(fragment)}`;
}
