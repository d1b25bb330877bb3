import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import type { Id } from '../../kernel/id.js';
import type { Tx } from '../../platform/database/tx.js';
import { CustomerChanged } from '../contract/events.js';
import { FieldProblems } from '../domain/field-problems.js';
import { readTags } from '../domain/tags.js';
import { tagMany } from '../persistence/tagging.js';

export interface Tagging {
  readonly customerIds: readonly Id[];
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** Each id given is in exactly one of the four. */
export interface TaggingOutcome {
  readonly changed: readonly Id[];
  readonly unchanged: readonly Id[];
  /** Unknown, deleted or erased. */
  readonly missing: readonly Id[];
  /** Would have had more tags than a customer may have. */
  readonly tooMany: readonly Id[];
}

@Injectable()
export class TagCustomers {
  /** Puts tags on and takes tags off all of them; a tag in both lists comes off. @throws DomainError `rule` for tags that cannot be. */
  async run(tx: Tx, { customerIds, add, remove }: Tagging): Promise<TaggingOutcome> {
    const problems = new FieldProblems();
    const [on, off] = [readTags(add, problems, '/add'), readTags(remove, problems, '/remove')];
    if (problems.all.length > 0) throw new DomainError('rule', 'invalid_tags', 'Some of these cannot be tags. See errors.', { errors: problems.all });

    const rows = await tagMany(tx, customerIds, on, off);
    const changed = rows.filter(({ version }) => version !== null);
    tx.record(...changed.map(({ id, version }) => CustomerChanged.of(id, { customerId: id, version: version!, fields: ['tags'] })));
    tx.audit(...changed.map(({ id }) => ({ action: 'customer.changed', subjectType: 'customer', subjectId: id, fields: ['tags'] })));

    const found = new Set(rows.map(({ id }) => id));
    return {
      changed: changed.map(({ id }) => id),
      unchanged: rows.filter((row) => row.version === null && !row.too_many).map(({ id }) => id),
      missing: [...new Set(customerIds)].filter((id) => !found.has(id)),
      tooMany: rows.filter((row) => row.too_many).map(({ id }) => id),
    };
  }
}
