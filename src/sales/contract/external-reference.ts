/** What another system calls a record of ours. One id of a system names one record of its kind. */
export interface ExternalReference {
  /** The other system's short name, e.g. `shopify`. */
  readonly system: string;
  readonly id: string;
}

/** Also the last part of import columns such as `externalIds.<system>`. */
export const SYSTEM = /^[a-z0-9][a-z0-9_-]{0,39}$/;
export const LONGEST_EXTERNAL_ID = 200;
export const MOST_EXTERNAL_IDS = 50;

/** No system holds a space, so the two parts cannot run into each other. */
export function keyOf({ system, id }: ExternalReference): string {
  return `${system} ${id}`;
}

/** Both lists in one, by system and id, without repeats. */
export function joinedReferences(known: readonly ExternalReference[], more: readonly ExternalReference[]): ExternalReference[] {
  const byKey = new Map([...known, ...more].map((reference) => [keyOf(reference), { system: reference.system, id: reference.id }]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key)!);
}
