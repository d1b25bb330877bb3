import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/actor.js';
import { notFound } from '../../kernel/domain-error.js';
import type { Id } from '../../kernel/id.js';
import { AuditReads } from '../../platform/audit/audit-reads.js';
import { ShortReads } from '../../platform/database/short-reads.js';
import { one } from '../../platform/database/sql.js';
import { sql } from '../../platform/database/statement.js';
import type { CustomerStatus } from '../contract/customer-directory.js';
import { erased } from '../domain/customer-errors.js';
import { PLAIN, PURCHASES } from './members.js';
import { OpenedCustomers, type SealedCustomer } from './opened-customers.js';

const READ = sql<SealedCustomer & { status: CustomerStatus; rest: string }>('customer.overview', [`
  select c.id, c.status, c.sealed, k.master_key_id, k.wrapped_key, row_to_json(plain)::text as plain, row_to_json(rest)::text as rest
    from customer.customer c
    join customer.features f on f.customer_id = c.id
    join vault.person_key k on k.person_id = c.id
    cross join lateral (select`, PLAIN, `) as plain`, PURCHASES, `
    cross join lateral (
      select purchases,
             (select coalesce(json_agg(o), '[]') from (
                select p.order_id as id, p.status, p.channel, p.quantity, total, paid, refunded, platform.instant(p.placed_at) as "placedAt"
                  from customer.purchase p
                  cross join lateral (select platform.amount(p.total_minor, p.currency) as amount, p.currency) as total
                  cross join lateral (select platform.amount(p.paid_minor, p.currency) as amount, p.currency) as paid
                  cross join lateral (select platform.amount(p.refunded_minor, p.currency) as amount, p.currency) as refunded
                 where p.customer_id = c.id
                 order by p.placed_at desc, p.order_id desc limit 20) o) as "lastOrders",
             (select coalesce(json_agg(e), '[]') from (
                select t.id, platform.instant(t.at) as at, t.kind, t.event, t.facts
                  from customer.timeline_entry t where t.customer_id = c.id
                 order by t.at desc, t.id desc limit 20) e) as timeline,
             platform.instant(platform.as_of('{customer.features,customer.timeline}')) as "asOf") as rest
   where c.id = $1`].join(''));

/** All we know of one customer at a glance: who they are, what they bought, what happened last. One statement. */
@Injectable()
export class CustomerOverviewView {
  constructor(
    private readonly lookUps: ShortReads,
    private readonly opened: OpenedCustomers,
    private readonly reads: AuditReads,
  ) {}

  /** JSON text. @throws DomainError `missing`, or `gone` once erased. */
  async read(actor: Actor, id: Id): Promise<string> {
    const row = await one(this.lookUps, READ, [id]);
    if (!row) throw notFound('customer', id);
    if (row.status === 'erased') throw erased(id);
    const [[customer]] = await Promise.all([this.opened.open([row]), this.reads.record(actor, { action: 'customer.read', subjectType: 'customer', subjectIds: [id] })]);
    return `{"customer":${customer!},${row.rest.slice(1)}`;
  }
}
