import { emailIdentity, normalizeEmail } from './email-address.js';
import type { FieldProblems } from './field-problems.js';

export const CONTACT_KINDS = ['phone', 'email', 'wechat', 'other'] as const;
export type ContactKind = (typeof CONTACT_KINDS)[number];

export const MOST_CONTACT_POINTS = 20;

/** Reads a telephone number as people write it into E.164; undefined if it is none. */
export type ReadPhone = (text: string) => string | undefined;

export interface ContactPoint {
  readonly kind: ContactKind;
  /** As it was given. */
  readonly value: string;
  /** E.164, or the address with its domain in lower case; null for kinds that have no such form. */
  readonly normalized: string | null;
  readonly label: string | null;
  /** Several people are reached here (a family's phone), so it identifies none of them. */
  readonly shared: boolean;
}

export interface ContactPointInput {
  readonly kind: ContactKind;
  readonly value: string;
  readonly label?: string | null;
  readonly shared?: boolean;
}

/** What a contact point is compared by. */
export interface ContactIdentity {
  readonly kind: 'phone' | 'email';
  readonly value: string;
  readonly shared: boolean;
}

export function readContactPoints(given: readonly ContactPointInput[], readPhone: ReadPhone, problems: FieldProblems): ContactPoint[] {
  if (given.length > MOST_CONTACT_POINTS) problems.add('/contactPoints', 'too_many', `may hold ${MOST_CONTACT_POINTS} at most`);
  const seen = new Set<string>();
  return given.map((input, index) => {
    const point = readContactPoint(input, readPhone, (code, detail) => problems.add(`/contactPoints/${index}/value`, code, detail));
    const same = sameness(point);
    if (seen.has(same)) problems.add(`/contactPoints/${index}/value`, 'given_twice', 'is in the list twice; give it once');
    seen.add(same);
    return point;
  });
}

/** Equal for two spellings of one contact point. */
export function sameness({ kind, normalized, value }: Pick<ContactPoint, 'kind' | 'normalized' | 'value'>): string {
  return `${kind} ${(normalized ?? value).toLowerCase()}`;
}

function readContactPoint(input: ContactPointInput, readPhone: ReadPhone, refuse: (code: string, detail: string) => void): ContactPoint {
  const { kind, label, shared } = input;
  const value = input.value.trim();
  if (value === '') refuse('empty', 'must not be blank');
  const normalized = kind === 'phone' ? readPhone(value) : kind === 'email' ? normalizeEmail(value) : null;
  if (value !== '' && normalized === undefined) {
    if (kind === 'phone') refuse('invalid_phone', 'is not a telephone number; give it with its country code, such as +86 138 1234 5678');
    else refuse('invalid_email', 'is not an e-mail address such as li.na@example.com');
  }
  return { kind, value, normalized: normalized ?? null, label: label?.trim() || null, shared: shared ?? false };
}

/** Phones and e-mail addresses by which somebody is found; the others are found by opening the record only. */
export function identitiesOf(points: readonly ContactPoint[]): ContactIdentity[] {
  return points.flatMap(({ kind, normalized, shared }) => {
    if (normalized === null || (kind !== 'phone' && kind !== 'email')) return [];
    return [{ kind, value: kind === 'email' ? emailIdentity(normalized) : normalized, shared }];
  });
}
