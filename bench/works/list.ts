import { inTurn, measured, p50Of, rateFindings, type Bench } from '../bench.js';
import { atLeast, atMost, median, type Finding } from '../finding.js';
import { assertSame, fromApp, fromFloor, type AppCustomer, type FloorCustomer } from './answers.js';

const GENDERS = ['female', 'male'] as const;
type Gender = (typeof GENDERS)[number];

const DEEP_PAGE = 200;
const PER_PAGE = 50;

interface AppPage {
  readonly data: readonly AppCustomer[];
  readonly page: { readonly nextCursor: string | null };
}

type FloorPage = readonly (FloorCustomer & { readonly last_order_at: string })[];

/** The same page at both sides, as addresses. */
interface Place {
  readonly app: string;
  readonly floor: string;
}

/** W2: 50 customers filtered and by last order date, the first page and one far down. */
export async function list(bench: Bench): Promise<Finding[]> {
  const first = GENDERS.map(firstPage);
  const found = await rateFindings(bench, load('50 customers filtered, by last order, page 1', first), atLeast(0.3), atLeast(0.5));
  const deep = await Promise.all(GENDERS.map((gender) => walk(bench, gender)));
  const reached = Math.min(...deep.map(({ page }) => page));
  const what = `… page ${reached}, in milliseconds of page 1`;
  const [near, far] = [load(what, first), load(what, deep.map(({ place }) => place))];
  // Page 1 again beside it, because the machine may have changed meanwhile.
  const [nearRounds, farRounds] = [await inTurn(bench, near), await inTurn(bench, far)];
  const ratios = farRounds.app.map((round, n) => p50Of(round) / p50Of(nearRounds.app[n]!));
  return [...found, { ...measured(far, farRounds), value: median(ratios), rounds: ratios, wave1: atMost(1.2), aim: atMost(1.15) }];
}

function load(what: string, places: readonly Place[]) {
  let [ours, theirs] = [0, 0];
  return {
    work: 'W2',
    what,
    app: () => ({ method: 'GET', path: places[ours++ % places.length]!.app }),
    floor: () => ({ method: 'GET', path: places[theirs++ % places.length]!.floor }),
  };
}

function firstPage(gender: Gender): Place {
  return { app: `/v1/customers?gender=${gender}&sort=-lastOrderAt&limit=${PER_PAGE}`, floor: `/customers?gender=${gender}` };
}

/** Turns page after page at both sides, up to the 200th or the last full one, and holds them against each other on the way. */
async function walk({ app, floor, prepared }: Bench, gender: Gender): Promise<{ readonly page: number; readonly place: Place }> {
  let place = firstPage(gender);
  for (let page = 1; ; page += 1) {
    const [ours, theirs] = [await app.get<AppPage>(place.app), await floor.get<FloorPage>(place.floor)];
    if (prepared.untouched) assertSame('W2', ours.data.map(fromApp), theirs.map(fromFloor));
    const last = theirs.at(-1);
    if (page === DEEP_PAGE || ours.page.nextCursor === null || last === undefined || last.last_order_at === '-infinity') return { page, place };
    const [before, id] = [encodeURIComponent(last.last_order_at), last.id];
    place = { app: `${firstPage(gender).app}&cursor=${encodeURIComponent(ours.page.nextCursor)}`, floor: `${firstPage(gender).floor}&before=${before}&id=${id}` };
  }
}
