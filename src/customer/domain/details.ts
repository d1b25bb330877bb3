import type { ExternalReference } from '../contract/customer-directory.js';
import { isCalendarDate, type CalendarDate } from './calendar-date.js';
import { readContactPoints, type ContactPointInput, type ReadPhone } from './contact-point.js';
import { readExternalIds } from './external-ids.js';
import type { FieldProblems } from './field-problems.js';
import { readAddresses, type PostalAddressInput } from './postal-address.js';
import type { Profile } from './profile.js';
import { readTags } from './tags.js';

export const GENDERS = ['female', 'male', 'other'] as const;
export type Gender = (typeof GENDERS)[number];

export const LONGEST_NAME = 200;
export const LONGEST_NOTE = 10_000;

/** Everything about a customer that can be changed: what is sealed, and what stands in plain columns. */
export interface Details extends Profile {
  readonly gender: Gender | null;
  /** BCP 47, e.g. `zh-CN`. */
  readonly language: string | null;
  readonly tags: readonly string[];
}

export type DetailName = keyof Details;

/** Details as a caller gives them: a field left out is not spoken of, `null` clears it. */
export interface DetailsInput {
  readonly name?: string | null;
  readonly gender?: Gender | null;
  readonly bornOn?: CalendarDate | null;
  readonly language?: string | null;
  readonly contactPoints?: readonly ContactPointInput[] | null;
  readonly addresses?: readonly PostalAddressInput[] | null;
  readonly note?: string | null;
  readonly externalIds?: readonly ExternalReference[] | null;
  readonly tags?: readonly string[] | null;
}

export interface Reading {
  readonly readPhone: ReadPhone;
  readonly today: CalendarDate;
  readonly problems: FieldProblems;
}

/** The fields spoken of, in their normal form; what is wrong goes to `problems`. */
export function readDetails(input: DetailsInput, { readPhone, today, problems }: Reading): Partial<Details> {
  const details: { -readonly [Name in DetailName]?: Details[Name] } = {};
  if (input.name !== undefined) details.name = readText('/name', input.name, LONGEST_NAME, problems);
  if (input.gender !== undefined) details.gender = input.gender;
  if (input.bornOn !== undefined) details.bornOn = readBirthday(input.bornOn, today, problems);
  if (input.language !== undefined) details.language = readLanguage(input.language, problems);
  if (input.contactPoints !== undefined) details.contactPoints = readContactPoints(input.contactPoints ?? [], readPhone, problems);
  if (input.addresses !== undefined) details.addresses = readAddresses(input.addresses ?? [], problems);
  if (input.note !== undefined) details.note = readText('/note', input.note, LONGEST_NOTE, problems);
  if (input.externalIds !== undefined) details.externalIds = readExternalIds(input.externalIds ?? [], problems);
  if (input.tags !== undefined) details.tags = readTags(input.tags ?? [], problems);
  return details;
}

function readText(pointer: string, given: string | null, longest: number, problems: FieldProblems): string | null {
  const text = given?.trim().normalize('NFC') || null;
  if (text !== null && text.length > longest) problems.add(pointer, 'too_long', `may be ${longest} characters at most`);
  return text;
}

function readBirthday(given: CalendarDate | null, today: CalendarDate, problems: FieldProblems): CalendarDate | null {
  if (given === null) return null;
  if (!isCalendarDate(given)) problems.add('/bornOn', 'invalid_date', 'is not a day of the calendar such as 1990-02-28');
  else if (given > today) problems.add('/bornOn', 'in_future', 'lies in the future');
  return given;
}

function readLanguage(given: string | null, problems: FieldProblems): string | null {
  const tag = given?.trim() || null;
  if (tag === null) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    problems.add('/language', 'invalid_language', 'is not a language tag such as zh-CN');
    return null;
  }
}
