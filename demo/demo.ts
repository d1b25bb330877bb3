import { Api, Refused } from './api.js';
import { readFigures, type Figures } from './figures.js';
import { fill, isFull } from './fill.js';
import { readManifest, writeManifest, type Manifest } from './manifest.js';
import { DEFAULTS, Refusal, type Options } from './options.js';
import type { Progress } from './progress.js';

const HOUR_MS = 3_600_000;

/** Fills the app at `url` unless it is full, and reads the figures. */
export async function demo(url: string, options: Options, now: Date, progress: Progress): Promise<Figures> {
  const api = new Api(url, { email: options.email, password: options.password });
  const manifest = (await readManifest(api)) ?? (await begin(api, options, now));
  refuseAnotherShop(manifest, options);
  if (isFull(manifest)) {
    progress.over('The shop is there already');
  } else {
    await fill(api, manifest, progress.tell);
    progress.over('The shop is filled');
  }
  return readFigures(api, manifest);
}

/** @throws Refusal if the app holds people already: strangers must not mix with customers. */
async function begin(api: Api, { seed, customers, until }: Options, now: Date): Promise<Manifest> {
  const { data } = await api.get<{ data: unknown[] }>('/v1/customers?limit=1&fields=id&status=active,deleted,erased');
  if (data.length > 0) throw new Refusal(`The Shuke at ${api.url} holds customers that are none of the demo's. Point it at an empty one, or leave --url out.`);
  const thisHour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
  const manifest = { plan: { seed: seed ?? DEFAULTS.seed, customers: customers ?? DEFAULTS.customers, until: until ?? thisHour }, done: [] };
  await writeManifest(api, manifest);
  return manifest;
}

function refuseAnotherShop({ plan }: Manifest, { seed = plan.seed, customers = plan.customers, until = plan.until }: Options): void {
  if (seed === plan.seed && customers === plan.customers && until.getTime() === plan.until.getTime()) return;
  throw new Refusal(`There is a shop already: seed ${plan.seed}, ${plan.customers} customers, until ${plan.until.toISOString()}. Leave these options out to see it, or take another --data-dir for another shop.`);
}

/** What went wrong, for the person at the terminal. */
export function sentenceAbout(error: unknown): string {
  if (error instanceof Refused && error.code === 'wrong_credentials') return 'Nobody can sign in like this. Give --email and --password of somebody who may do everything.';
  if (error instanceof TypeError && error.message === 'fetch failed') return `Nothing answers there: ${String((error.cause as Error | undefined)?.message ?? error.cause)}`;
  return error instanceof Error ? error.message : String(error);
}
