import { sameness, type ContactPoint } from './contact-point.js';
import { withExternalIds } from './external-ids.js';
import type { Details } from './details.js';
import { isSameAddress, type PostalAddress } from './postal-address.js';

/**
 * What is known once one more source has spoken: single values are its own, lists keep what they hold and gain what is new. A line
 * of a file knows one phone and one address, and says nothing of the others.
 */
export function withAdded(known: Details, added: Partial<Details>): Partial<Details> {
  return {
    ...added,
    ...(added.contactPoints && { contactPoints: withContactPoints(known.contactPoints, added.contactPoints) }),
    ...(added.addresses && { addresses: withAddresses(known.addresses, added.addresses) }),
    ...(added.tags && { tags: withTags(known.tags, added.tags) }),
    ...(added.externalIds && { externalIds: withExternalIds(known.externalIds, added.externalIds) }),
  };
}

function withContactPoints(known: readonly ContactPoint[], added: readonly ContactPoint[]): ContactPoint[] {
  const has = new Set(known.map(sameness));
  return [...known, ...added.filter((point) => !has.has(sameness(point)))];
}

function withTags(known: readonly string[], added: readonly string[]): readonly string[] {
  const all = new Set([...known, ...added]);
  return all.size === known.length ? known : [...all].sort();
}

/** An address replaces the one with its label; the main one stays first. */
function withAddresses(known: readonly PostalAddress[], added: readonly PostalAddress[]): PostalAddress[] {
  const addresses = [...known];
  for (const address of added) {
    const place = addresses.findIndex((other) => isSameAddress(address, other));
    if (place < 0) addresses.push(address);
    else if (address.label !== null) addresses[place] = address;
  }
  return addresses;
}
