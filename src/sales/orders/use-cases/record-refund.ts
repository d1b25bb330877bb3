import { Injectable } from '@nestjs/common';
import { newId, type Id } from '../../../kernel/id.js';
import type { MoneyText } from '../../../kernel/money.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import type { RefundState } from '../domain/refund-state.js';
import { OrderRepository } from '../persistence/order.repository.js';
import { minorOf } from './placement-reader.js';
import { RecordFact, type FactContext, type RecordedFact } from './record-fact.js';

export interface RefundInput extends FactContext {
  /** Undefined: of the order's money as a whole. */
  readonly paymentId?: Id;
  readonly state: RefundState;
  readonly amount: MoneyText;
  readonly reason?: string;
  readonly externalIds?: readonly ExternalReference[];
}

export interface RefundMove extends FactContext {
  readonly to: 'settled' | 'failed';
}

@Injectable()
export class RecordRefund {
  constructor(
    private readonly orders: OrderRepository,
    private readonly facts: RecordFact,
  ) {}

  /** @throws DomainError rule `over_refund` or `unknown_payment`. */
  async run(tx: Tx, orderId: Id, input: RefundInput): Promise<RecordedFact> {
    const order = await this.orders.getLocked(tx, orderId, input.version);
    return this.facts.run(tx, order, { action: `refund_${input.state}` }, input, () => {
      const { paymentId = null, state, reason = null, provider = null, recordedAt = tx.startedAt, externalIds = [] } = input;
      const amountMinor = minorOf(input.amount, order.currency, '/amount');
      return order.recordRefund({ id: newId(tx.startedAt.getTime()), paymentId, state, amountMinor, reason, provider, recordedAt, externalIds }).id;
    });
  }

  /** @throws DomainError conflict if the refund is already settled or failed. */
  async move(tx: Tx, refundId: Id, input: RefundMove): Promise<RecordedFact> {
    const order = await this.orders.getLockedBy(tx, 'refund', refundId, input.version);
    const provider = input.provider ?? order.snapshot().refunds.find(({ id }) => id === refundId)?.provider ?? undefined;
    return this.facts.run(tx, order, { action: `refund_to_${input.to}`, subjectId: refundId }, { ...input, provider }, () => order.moveRefund(refundId, input.to, input.recordedAt ?? tx.startedAt).id);
  }
}
