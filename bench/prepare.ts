import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { App } from './app/app.js';
import { importFindings, type Slice } from './works/import.js';
import type { Finding } from './finding.js';
import { copyCustomers, copyPurchases, sumUp } from './floor/copy.js';
import type { Floor } from './floor/floor.js';
import { Bystander } from './http/bystander.js';
import { cpuOfPostgres } from './machine/cpu.js';
import { customersFile, linesFile, numbers, ordersFile, productsFile, spans, SYSTEM, type Span } from './shop/files.js';
import type { Shop, ShopSize } from './shop/shop.js';

/** What lies in a data folder, written when all of it is there. */
export interface Prepared {
  readonly size: ShopSize;
  readonly at: string;
  /** True until a work has written to it: both sides then hold exactly the same. */
  readonly untouched: boolean;
  /** W7, which is how the data got there. */
  readonly findings: readonly Finding[];
}

/** Parts in which the shop is brought in, so that app and floor come in turn. */
const SLICES = 5;
/** The last part is small: somebody reads meanwhile, and an import gives way to them. */
const READ_MEANWHILE = 4000;
const MARK = 'prepared.json';
/** How long reading is timed before each part, for comparison. */
const IDLE_MILLIS = 2000;
const WATCH_MILLIS = 100;

export async function preparedIn(folder: string): Promise<Prepared | undefined> {
  const file = path.join(folder, MARK);
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Prepared) : undefined;
}

/** A folder without the mark holds half a preparation, which is no use. */
export async function clearUnlessPrepared(folder: string, fresh: boolean): Promise<void> {
  if (fresh || !(await preparedIn(folder))) await rm(folder, { recursive: true, force: true });
}

/** Brings the shop into both, part by part in turn, and notes what that took. */
export async function prepare(app: App, floor: Floor, shop: Shop, folder: string, say: (sentence: string) => void): Promise<Prepared> {
  await app.import(productsFile(shop));
  const customers: Slice[] = [];
  for (const part of partsOf(shop.size.customers)) {
    const { span } = part;
    say(`customers ${span[0]} to ${span[1]}`);
    customers.push(await slice(app, floor, part, [() => customersFile(shop, span)], () => copyCustomers(floor.database, shop, span), 0));
  }
  const orders: Slice[] = [];
  for (const part of partsOf(shop.size.orders)) {
    const { span } = part;
    say(`orders ${span[0]} to ${span[1]}, with their lines`);
    orders.push(await slice(app, floor, part, [() => ordersFile(shop, span), () => linesFile(shop, span)], () => copyPurchases(floor.database, shop, span), span[1] - span[0]));
  }
  await sumUp(floor.database);
  say('vacuum and statistics');
  await app.database.query('vacuum (analyze)');
  await floor.database.query('vacuum (analyze)');
  const prepared = { size: shop.size, at: new Date().toISOString(), untouched: true, findings: importFindings(customers, orders) };
  await keep(folder, prepared);
  return prepared;
}

/** Before the first work that writes. */
export async function touch(folder: string, prepared: Prepared): Promise<Prepared> {
  const touched = { ...prepared, untouched: false };
  if (prepared.untouched) await keep(folder, touched);
  return touched;
}

async function keep(folder: string, prepared: Prepared): Promise<void> {
  await writeFile(path.join(folder, `${MARK}.new`), JSON.stringify(prepared, null, 2));
  await rename(path.join(folder, `${MARK}.new`), path.join(folder, MARK));
}

interface Part {
  readonly span: Span;
  readonly isRead: boolean;
}

function partsOf(size: number): Part[] {
  const read = Math.min(READ_MEANWHILE, Math.floor(size / (SLICES + 1)));
  return [...spans(size - read, SLICES).map((span) => ({ span, isRead: false })), { span: [size - read, size], isRead: true }];
}

/** @param orders that the files tell of; 0 where each line is a row of its own */
async function slice(app: App, floor: Floor, { isRead }: Part, files: readonly (() => Parameters<App['import']>[0])[], copy: () => Promise<number>, orders: number): Promise<Slice> {
  const told = files.map((file) => file());
  await app.settle();
  const bystander = isRead ? await bystanderOf(app) : undefined;
  const idle = await bystander?.p95Until(pause(IDLE_MILLIS));
  await app.loopDelayP99();
  const memory = { before: app.memory(), most: app.memory() };
  const before = { app: app.cpu(), database: cpuOfPostgres(app.postgres.pid), floor: floor.cpu() };
  let seconds = 0;
  const importing = (async () => {
    for (const file of told) seconds += (await app.import(file)).seconds;
  })();
  const watch = setInterval(() => (memory.most = Math.max(memory.most ?? 0, app.memory() ?? 0) || undefined), WATCH_MILLIS);
  const meanwhile = await (bystander?.p95Until(importing) ?? importing);
  clearInterval(watch);
  const settling = await app.settle();
  const loopDelay = await app.loopDelayP99();
  const between = { app: app.cpu(), database: cpuOfPostgres(app.postgres.pid) };
  await pause(100);
  const copied = await copy();
  const after = { database: cpuOfPostgres(app.postgres.pid) };
  const reading = typeof idle === 'number' && typeof meanwhile === 'number' ? { idle, meanwhile } : undefined;
  return { rows: orders || told[0]!.lines, seconds, settling, loopDelay, copied, reading, memory, cpu: { before, between, after } };
}

/** Reads some customer now and then. */
async function bystanderOf(app: App): Promise<Bystander> {
  const { rows } = await app.database.query<{ id: string }>('select id from customer.customer limit 1000');
  let next = 0;
  return new Bystander(app.port, () => app.signed({ method: 'GET', path: `/v1/customers/${rows[next++ % rows.length]!.id}` }));
}

/** The app's ids of the shop's customers, by their numbers. */
export async function customerIdsOf(app: App, { size }: Shop): Promise<string[]> {
  const { rows } = await app.database.query<{ n: number; id: string }>(`select substr(id, 3)::int as n, customer_id as id from customer.external_id where system = $1 and id like 'c-%'`, [SYSTEM]);
  const ids = new Map(rows.map(({ n, id }) => [n, id]));
  return numbers([0, size.customers]).map((n) => ids.get(n)!);
}
