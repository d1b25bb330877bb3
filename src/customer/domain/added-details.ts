import type { ContactPoint } from './contact-point.js';
import { withExternalIds } from './external-ids.js';
import type { Details } from './details.js';
import type { PostalAddress } from './postal-address.js';

/**
 * What is known once one more source has spoken: single values are its own, lists keep what they hold and gain what is new. A line
 * of a file knows one phone and one address, and says nothing of the others.
 */
export function withAdded(known: Details, added: Partial<Details>): Partial<Details> {
  return {
    ...added,
    ...(added.contactPoints && { contactPoints: withContactPoints(known.contactPoints, added.contactPoints) }),
    ...(added.addresses && { addresses: withAddresses(known.addresses, added.addresses) }),
    ...(added.tags && { tags: [...new Set([...known.tags, ...added.tags])].sort() }),
    ...(added.externalIds && { externalIds: withExternalIds(known.externalIds, added.externalIds) }),
  };
}

function withContactPoints(known: readonly ContactPoint[], added: readonly ContactPoint[]): ContactPoint[] {
  const has = new Set(known.map(sameness));
  return [...known, ...added.filter((point) => !has.has(sameness(point)))];
}

function sameness({ kind, normalized, value }: ContactPoint): string {
  return `${kind} ${(normalized ?? value).toLowerCase()}`;
}

const PLACE = ['recipient', 'line', 'postcode', 'city', 'province', 'country'] as const;

/** An address replaces the one with its label; the main one stays first. */
function withAddresses(known: readonly PostalAddress[], added: readonly PostalAddress[]): PostalAddress[] {
  const addresses = [...known];
  for (const address of added) {
    const place = addresses.findIndex((other) => (address.label === null ? isSamePlace(address, other) : address.label === other.label));
    if (place < 0) addresses.push(address);
    else if (address.label !== null) addresses[place] = address;
  }
  return addresses;
}

function isSamePlace(one: PostalAddress, other: PostalAddress): boolean {
  return PLACE.every((part) => one[part] === other[part]);
}
