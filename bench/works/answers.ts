import { isDeepStrictEqual } from 'node:util';
import { numberOf } from '../floor/rows.js';
import { SYSTEM } from '../shop/files.js';

/** As the API shows a customer; only what the floor has too. */
export interface AppCustomer {
  readonly name: string;
  readonly gender: string;
  readonly tags: readonly string[];
  readonly contactPoints: readonly { readonly kind: string; readonly normalized: string }[];
  readonly addresses: readonly { readonly city: string }[];
  readonly externalIds: readonly { readonly system: string; readonly id: string }[];
}

export interface FloorCustomer {
  readonly id: string;
  readonly name: string;
  readonly gender: string;
  readonly tags: readonly string[];
  readonly phone: string;
  readonly email: string;
  readonly city: string;
}

/** A customer as both sides should tell of them. */
export function fromApp({ name, gender, tags, contactPoints, addresses, externalIds }: AppCustomer) {
  const point = (kind: string) => contactPoints.find((each) => each.kind === kind)?.normalized;
  const id = externalIds.find(({ system }) => system === SYSTEM)?.id;
  return { n: id === undefined ? undefined : Number(id.slice(2)), name, gender, tags: [...tags].sort(), phone: point('phone'), email: point('email'), city: addresses[0]?.city };
}

export function fromFloor({ id, name, gender, tags, phone, email, city }: FloorCustomer): ReturnType<typeof fromApp> {
  return { n: numberOf(id), name, gender, tags: [...tags].sort(), phone, email, city };
}

/** @throws if the two sides do not do the same work. */
export function assertSame(work: string, app: unknown, floor: unknown): void {
  if (isDeepStrictEqual(app, floor)) return;
  throw new Error(`${work}: the app and the floor answer differently, so there is nothing to compare.\n  app:   ${JSON.stringify(app).slice(0, 600)}\n  floor: ${JSON.stringify(floor).slice(0, 600)}`);
}
