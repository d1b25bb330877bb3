import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/actor.js';
import { notFound } from '../../kernel/domain-error.js';
import type { Id } from '../../kernel/id.js';
import { AuditReads } from '../../platform/audit/audit-reads.js';
import { ShortReads } from '../../platform/database/short-reads.js';
import { one } from '../../platform/database/sql.js';
import { sql } from '../../platform/database/statement.js';
import type { CustomerStatus } from '../contract/customer-directory.js';
import { dayOf } from '../domain/calendar-date.js';
import type { Customer, CustomerState } from '../domain/customer.js';
import { erased } from '../domain/customer-errors.js';
import { customerJson, profileText } from '../domain/profile.js';
import { PLAIN } from './members.js';
import { OpenedCustomers, type SealedCustomer } from './opened-customers.js';

const READ = sql<SealedCustomer & { version: number; status: CustomerStatus }>('customer.read', [`
  select c.id, c.version, c.status, c.sealed, k.master_key_id, k.wrapped_key, row_to_json(plain)::text as plain
    from customer.customer c
    join vault.person_key k on k.person_id = c.id
    cross join lateral (select`, PLAIN, `) as plain
   where c.id = $1`].join(''));

/** JSON text of one customer, and the version it shows. */
export interface CustomerText {
  readonly version: number;
  readonly text: string;
}

/** One customer by id, personal data included. */
@Injectable()
export class CustomerView {
  constructor(
    private readonly lookUps: ShortReads,
    private readonly opened: OpenedCustomers,
    private readonly reads: AuditReads,
  ) {}

  /** @throws DomainError `missing`, or `gone` once erased. */
  async read(actor: Actor, id: Id): Promise<CustomerText> {
    const row = await one(this.lookUps, READ, [id]);
    if (!row) throw notFound('customer', id);
    if (row.status === 'erased') throw erased(id);
    const [[text]] = await Promise.all([this.opened.open([row]), this.reads.record(actor, { action: 'customer.read', subjectType: 'customer', subjectIds: [id] })]);
    return { version: row.version, text: text! };
  }
}

/** What `CustomerView.read` will say about a customer just written. */
export function textOf({ current }: Customer, at: Date): string {
  return customerJson(JSON.stringify(plainOf(current)), profileText(current), dayOf(at));
}

function plainOf({ id, version, status, gender, language, source, tags, createdAt, updatedAt }: CustomerState) {
  return { id, version, status, gender, language, source, tags, createdAt, updatedAt };
}
