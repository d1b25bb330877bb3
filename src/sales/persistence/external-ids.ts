import { DomainError } from '../../kernel/domain-error.js';
import type { Id } from '../../kernel/id.js';
import { violates } from '../../platform/database/database.js';
import type { Sql } from '../../platform/database/sql.js';
import { sql } from '../../platform/database/statement.js';
import type { Tx } from '../../platform/database/tx.js';
import { keyOf, type ExternalReference } from '../contract/external-reference.js';

/** The kinds of records that other systems name, each with names of its own. */
export type Named = 'product' | 'order' | 'payment' | 'refund' | 'fulfilment';

const HOLDERS = sql<{ system: string; id: string; subject_id: Id }>('sales.external_id_holders', `
  select e.system, e.id, e.subject_id
    from unnest($2::text[], $3::text[]) as r (system, id)
    join sales.external_id e on e.kind = $1 and e.system = r.system and e.id = r.id`);

/** In one order for everybody, so that two who take the same names wait for each other and do not deadlock. */
const TAKE = sql<{ id: string }>('sales.external_id_take', `
  insert into sales.external_id (kind, system, id, subject_id)
  select $1, system, id, subject_id from unnest($2::text[], $3::text[], $4::uuid[]) as r (system, id, subject_id) order by system, id
  on conflict do nothing
  returning id`);

/** One step of the index for each system, however many ids it has. */
const SYSTEMS = sql<{ system: string }>('sales.external_systems', `
  with recursive found (system) as (
    (select system from sales.external_id where kind = $1 order by system limit 1)
    union all
    select (select e.system from sales.external_id e where e.kind = $1 and e.system > found.system order by e.system limit 1)
      from found where found.system is not null
  )
  select system from found where system is not null limit $2`);

const TRIES = 3;

/** Somebody else committed one of the names between our look and our taking it. */
class LostRace extends Error {}

/** Which records other systems mean: those they named before, and those named now. */
export class NameBook {
  private readonly given = new Map<string, ExternalReference & { readonly subjectId: Id }>();

  constructor(
    private readonly kind: Named,
    private readonly holders: ReadonlyMap<string, Id>,
  ) {}

  /** Every record that has one of the names; more than one is a contradiction of the caller's. */
  idsOf(references: readonly ExternalReference[]): Id[] {
    return [...new Set(references.flatMap((reference) => this.holder(reference) ?? []))];
  }

  hasAll(references: readonly ExternalReference[]): boolean {
    return references.every((reference) => this.holder(reference) !== undefined);
  }

  /** The record will have those of the names that nobody has, once they are taken. */
  give(references: readonly ExternalReference[], subjectId: Id): void {
    for (const reference of references) {
      if (this.holder(reference) === undefined) this.given.set(keyOf(reference), { ...reference, subjectId });
    }
  }

  /** Takes what was given, until `tx` ends for nobody else to take. */
  async take(tx: Tx): Promise<void> {
    const given = [...this.given.values()];
    if (given.length === 0) return;
    const taken = await tx.query(TAKE, [this.kind, given.map(({ system }) => system), given.map(({ id }) => id), given.map(({ subjectId }) => subjectId)]);
    if (taken.length < given.length) throw new LostRace();
  }

  private holder(reference: ExternalReference): Id | undefined {
    const key = keyOf(reference);
    return this.holders.get(key) ?? this.given.get(key)?.subjectId;
  }
}

/** Ids by `keyOf` of those that somebody has. */
export async function holdersOf(from: Sql, kind: Named, references: readonly ExternalReference[]): Promise<Map<string, Id>> {
  if (references.length === 0) return new Map();
  const rows = await from.query(HOLDERS, [kind, references.map(({ system }) => system), references.map(({ id }) => id)]);
  return new Map(rows.map((row) => [keyOf(row), row.subject_id]));
}

/** Systems that know records of the kind, at most `most`. */
export async function systemsNaming(from: Sql, kind: Named, most: number): Promise<string[]> {
  return (await from.query(SYSTEMS, [kind, most])).map(({ system }) => system);
}

/**
 * Runs `work` with the book of these names, again if somebody else took one of them meanwhile: of many who bring in the
 * same record at once, one creates it and the others find it. `work` must take the names before it writes the records.
 */
export async function withNames<T>(tx: Tx, kind: Named, references: readonly ExternalReference[], work: (names: NameBook) => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await tx.attempt(async () => work(new NameBook(kind, await holdersOf(tx, kind, references))));
    } catch (error) {
      if (!(error instanceof LostRace) || left === 1) throw error;
    }
  }
}

/** Runs a write that names records without looking. @throws DomainError conflict `external_id_taken` if a name belongs to another. */
export async function refusingTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw violates(error, 'external_id_pkey') ? externalIdTaken() : error;
  }
}

export function externalIdTaken(): DomainError {
  return new DomainError('conflict', 'external_id_taken', 'One of the external ids already names another record of this kind. Read that record by the id, or leave the id out.');
}

export function ambiguous(what: Named, ids: readonly Id[]): DomainError {
  return new DomainError('conflict', `ambiguous_${what}`, `The names given belong to several ${what}s (${ids.slice(0, 5).join(', ')}). Send names of one ${what} only.`);
}
