import type { Api } from './api.js';
import { SYSTEM } from './files.js';
import type { ShopPlan } from './shop/shop.js';

/**
 * What the base itself remembers of its shop: the plan it is made from, so that a later start makes the same one, and how
 * far it is filled. It is an archived product of the catalogue, because the demo knows no other door than the API.
 */
export interface Manifest {
  readonly plan: ShopPlan;
  /** Names of the steps that are done. */
  readonly done: readonly string[];
}

const ID = 'manifest';

interface Stored {
  readonly attributes: { readonly seed: number; readonly customers: number; readonly until: string; readonly done: string };
}

export async function readManifest(api: Api): Promise<Manifest | undefined> {
  const { data } = await api.get<{ data: Stored[] }>(`/v1/products?externalSystem=${SYSTEM}&externalId=${ID}&status=archived`);
  if (!data[0]) return undefined;
  const { seed, customers, until, done } = data[0].attributes;
  return { plan: { seed, customers, until: new Date(until) }, done: done.split(' ').filter(Boolean) };
}

/** @returns the id of the event this made; undefined if nothing changed. */
export async function writeManifest(api: Api, { plan: { seed, customers, until }, done }: Manifest): Promise<string | undefined> {
  const { headers } = await api.put(`/v1/products/by-external-id/${SYSTEM}/${ID}`, {
    sku: 'DEMO', name: 'What the demo shop is made from', status: 'archived',
    attributes: { seed, customers, until: until.toISOString(), done: done.join(' ') },
  });
  return headers.get('event-id') ?? undefined;
}
