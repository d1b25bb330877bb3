import type { Id } from '../../../kernel/id.js';
import { ambiguous, externalIdTaken, type Named, type NameBook } from '../../persistence/external-ids.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import type { Cells } from '../../use-cases/cells.js';

/** What names a payment, refund or parcel on a line of a file. */
export interface PartNames {
  readonly id: Id | undefined;
  readonly references: readonly ExternalReference[];
}

export function partNames(cells: Cells, now: Date): PartNames {
  return { id: cells.id('id', now), references: cells.references('externalIds.') };
}

/** The record that the line means by its names; undefined if none has any of them. Refuses a line whose names contradict each other. */
export function partNamed(cells: Cells, kind: Named, { id, references }: PartNames, names: NameBook, isKnown: (id: Id) => boolean): Id | undefined {
  const ids = new Set([...(id !== undefined && isKnown(id) ? [id] : []), ...names.idsOf(references)]);
  const [found] = ids;
  if (ids.size > 1) {
    const { code, message } = ambiguous(kind, [...ids]);
    cells.refuse(undefined, code, message);
  }
  return found;
}

/** @returns true if the record did not have all of the names before. */
export function nameAlso(cells: Cells, { references }: PartNames, names: NameBook, id: Id): boolean {
  if (names.idsOf(references).some((holder) => holder !== id)) {
    const { code, message } = externalIdTaken();
    cells.refuse(undefined, code, message);
    return false;
  }
  const renamed = !names.hasAll(references);
  names.give(references, id);
  return renamed;
}
