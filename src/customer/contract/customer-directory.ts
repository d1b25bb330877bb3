import type { Id } from '../../kernel/id.js';

/** `active` may buy; `deleted` was put away; `erased` asked to be forgotten. */
export type CustomerStatus = 'active' | 'deleted' | 'erased';

export interface ExternalReference {
  /** The other system's short name, e.g. `shopify`. */
  readonly system: string;
  readonly id: string;
}

/** What other contexts may ask about customers at once. Answers committed state; holds no personal data. */
export abstract class CustomerDirectory {
  /** Status by id; unknown ids are left out. */
  abstract statusOf(customerIds: readonly Id[]): Promise<ReadonlyMap<Id, CustomerStatus>>;

  /** Our ids in the order asked; undefined where nobody has that external id. */
  abstract resolve(references: readonly ExternalReference[]): Promise<readonly (Id | undefined)[]>;
}
