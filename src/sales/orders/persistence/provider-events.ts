import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { violates } from '../../../platform/database/database.js';
import { one } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';

/** One notification of a payment provider, by the id it gave. */
export interface ProviderEvent {
  readonly provider: string;
  readonly eventId: string;
}

/** What a caller wants it to do, to which order. */
export interface ProviderAction extends ProviderEvent {
  readonly orderId: Id;
  readonly action: string;
  /** The payment or refund, where it is known before. */
  readonly subjectId?: Id;
}

const FIND = sql<{ order_id: Id; subject_id: Id; action: string }>('provider_event.find', `
  select order_id, subject_id, action from sales.provider_event where provider = $1 and event_id = $2`);

const NOTE = sql<never>('provider_event.note', `
  insert into sales.provider_event (provider, event_id, order_id, subject_id, action, recorded_at) values ($1, $2, $3, $4, $5, $6)`);

/** Which events of payment providers have had their effect. Call with the order locked, so that twins come one after the other. */
@Injectable()
export class ProviderEvents {
  /** The payment or refund the event already had its effect on. @throws DomainError conflict if it was used for something else. */
  async effectOf(tx: Tx, wanted: ProviderAction): Promise<Id | undefined> {
    const found = await one(tx, FIND, [wanted.provider, wanted.eventId]);
    const { orderId, action, subjectId = found?.subject_id } = wanted;
    if (found && (found.order_id !== orderId || found.action !== action || found.subject_id !== subjectId)) throw reused(wanted);
    return found?.subject_id;
  }

  /** @throws DomainError conflict if the event had an effect on another order at this very moment. */
  async note(tx: Tx, { provider, eventId, orderId, action }: ProviderAction, subjectId: Id): Promise<void> {
    try {
      await tx.query(NOTE, [provider, eventId, orderId, subjectId, action, tx.startedAt]);
    } catch (error) {
      if (violates(error, 'provider_event_pkey')) throw reused({ provider, eventId });
      throw error;
    }
  }
}

function reused({ provider, eventId }: ProviderEvent): DomainError {
  return new DomainError(
    'conflict',
    'provider_event_reused',
    `The event "${eventId}" of ${provider} was already recorded for something else. Each event of a provider has one effect; send the id of this one.`,
  );
}
