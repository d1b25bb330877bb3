import type { FieldProblems } from './field-problems.js';

export const MOST_ADDRESSES = 20;

/** Any part may be unknown, but not all. `country` is ISO 3166-1 alpha-2. */
export interface PostalAddress {
  readonly label: string | null;
  readonly recipient: string | null;
  readonly line: string | null;
  readonly postcode: string | null;
  readonly city: string | null;
  readonly province: string | null;
  readonly country: string | null;
}

export type PostalAddressInput = { readonly [Part in keyof PostalAddress]?: string | null };

/** Where somebody lives, as coarse as segments need it. */
export type Region = Pick<PostalAddress, 'country' | 'province' | 'city'>;

const PLACE = ['line', 'postcode', 'city', 'province', 'country'] as const;
const COUNTRY = /^[A-Z]{2}$/;

export function readAddresses(given: readonly PostalAddressInput[], problems: FieldProblems): PostalAddress[] {
  if (given.length > MOST_ADDRESSES) problems.add('/addresses', 'too_many', `may hold ${MOST_ADDRESSES} at most`);
  const read: PostalAddress[] = [];
  given.forEach((input, index) => {
    const address: PostalAddress = {
      label: text(input.label),
      recipient: text(input.recipient),
      line: text(input.line),
      postcode: text(input.postcode),
      city: text(input.city),
      province: text(input.province),
      country: text(input.country)?.toUpperCase() ?? null,
    };
    if (PLACE.every((part) => address[part] === null)) problems.add(`/addresses/${index}`, 'empty', 'says no place; give a line, postcode, city, province or country');
    if (address.country !== null && !COUNTRY.test(address.country)) problems.add(`/addresses/${index}/country`, 'invalid_country', 'is not a two-letter country code such as CN');
    if (read.some((other) => isSameAddress(address, other))) problems.add(`/addresses/${index}`, 'given_twice', 'has the label of another or, without one, is in the list twice; give each a label of its own');
    read.push(address);
  });
  return read;
}

const WHERE = ['recipient', 'line', 'postcode', 'city', 'province', 'country'] as const;

/** A label names one address of a person; one without is told by where it is. */
export function isSameAddress(one: PostalAddress, other: PostalAddress): boolean {
  return one.label === null ? WHERE.every((part) => one[part] === other[part]) : one.label === other.label;
}

/** The first address is the main one. */
export function regionOf(addresses: readonly PostalAddress[]): Region {
  const [main] = addresses;
  return { country: main?.country ?? null, province: main?.province ?? null, city: main?.city ?? null };
}

function text(part: string | null | undefined): string | null {
  return part?.trim() || null;
}
