import type { ExternalReference } from '../contract/customer-directory.js';
import { ageOn, type CalendarDate } from './calendar-date.js';
import type { ContactPoint } from './contact-point.js';
import type { PostalAddress } from './postal-address.js';

/** Everything about a person that is sealed. */
export interface Profile {
  readonly bornOn: CalendarDate | null;
  readonly name: string | null;
  readonly contactPoints: readonly ContactPoint[];
  readonly addresses: readonly PostalAddress[];
  readonly note: string | null;
  readonly externalIds: readonly ExternalReference[];
}

/** The birthday comes first so that the age can be read off the text without parsing it. */
const BORN_ON = /^\{"bornOn":"(\d{4}-\d{2}-\d{2})"/;

/** The JSON that is sealed, and later passed to the reader as it is. */
export function profileText({ bornOn, name, contactPoints, addresses, note, externalIds }: Profile): string {
  return JSON.stringify({ bornOn, name, contactPoints, addresses, note, externalIds });
}

export function profileOf(text: string): Profile {
  return JSON.parse(text) as Profile;
}

/**
 * One person as JSON: the plain columns as PostgreSQL wrote them, the age on `today`, and the opened profile, spliced as text.
 * Parsing and writing them again would cost more than the rest of the request.
 */
export function customerJson(plain: string, profile: string, today: CalendarDate): string {
  const bornOn = BORN_ON.exec(profile)?.[1];
  const age = bornOn === undefined ? 'null' : String(ageOn(bornOn, today));
  return `${plain.slice(0, -1)},"age":${age},${profile.slice(1)}`;
}
