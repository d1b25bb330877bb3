import type { ExternalReference } from '../contract/customer-directory.js';
import type { FieldProblems } from './field-problems.js';

export const MOST_EXTERNAL_IDS = 50;

/** Also the last part of the import column `externalIds.<system>`. */
export const SYSTEM = /^[a-z0-9][a-z0-9_-]{0,39}$/;
export const LONGEST_EXTERNAL_ID = 200;

export function readExternalIds(given: readonly ExternalReference[], problems: FieldProblems): ExternalReference[] {
  if (given.length > MOST_EXTERNAL_IDS) problems.add('/externalIds', 'too_many', `may hold ${MOST_EXTERNAL_IDS} at most`);
  const read = given.map(({ system, id }, index) => {
    if (!SYSTEM.test(system)) problems.add(`/externalIds/${index}/system`, 'invalid_system', 'must be 1 to 40 lower-case letters, digits, - or _, such as shopify');
    const trimmed = id.trim();
    if (trimmed === '' || trimmed.length > LONGEST_EXTERNAL_ID) problems.add(`/externalIds/${index}/id`, 'invalid_external_id', `must be 1 to ${LONGEST_EXTERNAL_ID} characters`);
    return { system, id: trimmed };
  });
  return withExternalIds([], read);
}

/** Both lists in one, by system and id, without repeats. One system may know a person twice. */
export function withExternalIds(known: readonly ExternalReference[], more: readonly ExternalReference[]): ExternalReference[] {
  const byKey = new Map([...known, ...more].map((reference) => [keyOf(reference), { system: reference.system, id: reference.id }]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key)!);
}

/** No system holds a space, so the two parts cannot run into each other. */
export function keyOf({ system, id }: ExternalReference): string {
  return `${system} ${id}`;
}
