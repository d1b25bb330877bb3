import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from './api.js';
import { amount, CURRENCY, filesOf, SYSTEM, type ShopFile } from './files.js';
import { writeManifest, type Manifest } from './manifest.js';
import type { Order } from './shop/orders.js';
import { makeShop, type Shop } from './shop/shop.js';

export type Say = (what: string, progress: { readonly done: number; readonly total: number }) => void;

interface Step {
  readonly name: string;
  /** @param newestEvent the one behind all that the steps before have caused, if they ran now. */
  readonly run: (newestEvent: string | undefined) => Promise<void>;
}

/** Requests under way at once; more would only wait in the server. */
const AT_ONCE = 8;
const LOOK_EVERY_MS = 250;

/** Fills the base with what the manifest says and is not there yet, then waits until every view has heard of it. */
export async function fill(api: Api, manifest: Manifest, say: Say): Promise<void> {
  const shop = makeShop(manifest.plan);
  const done = [...manifest.done];
  let newestEvent: string | undefined;
  for (const { name, run } of stepsOf(api, shop, say)) {
    if (done.includes(name)) continue;
    await run(newestEvent);
    // Noted step by step: once parcels have moved an order on, its line in the file must not set it back.
    done.push(name);
    newestEvent = await writeManifest(api, { plan: manifest.plan, done });
  }
}

/** Names of all steps; a base that has them all is full. */
export function isFull({ done }: Manifest): boolean {
  return done.includes(LAST_STEP);
}

const LAST_STEP = 'views';

function stepsOf(api: Api, shop: Shop, say: Say): Step[] {
  return [
    ...filesOf(shop).map((file) => ({ name: file.resource, run: () => bringIn(api, file, say) })),
    { name: 'parcels', run: () => each('parcels', shop.orders.filter(({ parcel }) => parcel), say, (order) => sendParcel(api, order)) },
    { name: 'refunds', run: () => each('refunds', shop.orders.filter(({ refund }) => refund), say, (order) => giveBack(api, order)) },
    { name: LAST_STEP, run: (newestEvent) => caughtUp(api, newestEvent, say) },
  ];
}

interface Operation {
  readonly progress: { readonly done: number; readonly total: number | null };
}

interface ImportEnd {
  readonly status: string;
  readonly counts: { readonly refused: number };
  readonly error: { readonly detail: string } | null;
}

/** Upload, import, watch, check: as any integrator would. */
async function bringIn(api: Api, { resource, name, text, mapping }: ShopFile, say: Say): Promise<void> {
  const upload = await api.upload(name, text);
  const started = await api.post<{ id: string }>('/v1/imports', { uploadId: upload.body.id, resource, mapping, options: { timeZone: 'Asia/Shanghai', currency: CURRENCY } });
  const { id } = started.body;
  for await (const { progress } of api.stream<Operation>(`/v1/operations/${id}/events`)) {
    say(resource, { done: progress.done, total: progress.total ?? text.split('\n').length });
  }
  const { status, counts, error } = await api.get<ImportEnd>(`/v1/imports/${id}`);
  if (status !== 'succeeded') throw new Error(`The import of ${name} ${status}: ${error?.detail ?? 'it was stopped.'}`);
  if (counts.refused === 0) return;
  const { data } = await api.get<{ data: { line: number; detail: string }[] }>(`/v1/imports/${id}/problems?limit=1`);
  throw new Error(`${counts.refused} lines of ${name} were refused, the first of them line ${data[0]?.line}: ${data[0]?.detail}`);
}

interface StoredOrder {
  readonly id: string;
  readonly fulfilments: readonly unknown[];
}

async function sendParcel(api: Api, order: Order): Promise<void> {
  const { shippedAt, deliveredAt, carrier, trackingCode } = order.parcel!;
  const stored = await api.get<StoredOrder>(`/v1/orders/by-external-id/${SYSTEM}/${order.id}`);
  // An earlier run, cut off in the middle, may have been here.
  if (stored.fulfilments.length > 0) return;
  await api.post(`/v1/orders/${stored.id}/fulfilments`, {
    state: deliveredAt ? 'delivered' : 'shipped', recordedAt: (deliveredAt ?? shippedAt).toISOString(), carrier, trackingCode,
    lines: order.lines.map(({ number, quantity }) => ({ number, quantity })),
    externalIds: [{ system: SYSTEM, id: order.id }],
  }, { 'Idempotency-Key': `demo-parcel-${order.id}` });
}

/** The provider's event id makes a second try harmless. */
async function giveBack(api: Api, { id, refund }: Order): Promise<void> {
  const { at, amountMinor, reason, state } = refund!;
  const stored = await api.get<StoredOrder>(`/v1/orders/by-external-id/${SYSTEM}/${id}`);
  await api.post(`/v1/orders/${stored.id}/refunds`, {
    state, reason, recordedAt: at.toISOString(), amount: { amount: amount(amountMinor), currency: CURRENCY },
    provider: SYSTEM, providerEventId: `refund-${id}`,
  }, { 'Idempotency-Key': `demo-refund-${id}` });
}

/** Works through a list, some at a time. */
async function each<Item>(what: string, items: readonly Item[], say: Say, work: (item: Item) => Promise<void>): Promise<void> {
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      await work(items[next++]!);
      done += 1;
      say(what, { done, total: items.length });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

interface ConsumerState {
  readonly position: number;
  readonly lag: number;
}

/** Every event of the shop is in the log, the newest of them too, and nobody lags behind it. */
async function caughtUp(api: Api, newestEvent: string | undefined, say: Say): Promise<void> {
  if (newestEvent !== undefined) await api.get('/v1/reports/months', { 'Wait-For-Event': newestEvent });
  for (;;) {
    const { data } = await api.get<{ data: ConsumerState[] }>('/v1/consumers');
    const head = Math.max(...data.map(({ position, lag }) => position + lag));
    const slowest = Math.min(...data.map(({ position }) => position));
    say('views', { done: slowest, total: head });
    if (slowest === head) return;
    await pause(LOOK_EVERY_MS);
  }
}
