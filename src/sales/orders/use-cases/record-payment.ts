import { Injectable } from '@nestjs/common';
import { newId, type Id } from '../../../kernel/id.js';
import type { MoneyText } from '../../../kernel/money.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import type { PaymentState } from '../domain/payment-state.js';
import { OrderRepository } from '../persistence/order.repository.js';
import { minorOf } from './placement-reader.js';
import { RecordFact, type FactContext, type RecordedFact } from './record-fact.js';

export interface PaymentInput extends FactContext {
  readonly method: string;
  readonly state: Exclude<PaymentState, 'created' | 'cancelled'>;
  readonly amount: MoneyText;
  readonly installments?: number;
  readonly externalIds?: readonly ExternalReference[];
}

/** What becomes of a payment later. `amount` is for a capture of less than was authorised. */
export interface PaymentMove extends FactContext {
  readonly to: 'settled' | 'error' | 'cancelled';
  readonly amount?: MoneyText;
}

@Injectable()
export class RecordPayment {
  constructor(
    private readonly orders: OrderRepository,
    private readonly facts: RecordFact,
  ) {}

  /** @throws DomainError rule `over_payment`, conflict if the order takes no payment. */
  async run(tx: Tx, orderId: Id, input: PaymentInput): Promise<RecordedFact> {
    const order = await this.orders.getLocked(tx, orderId, input.version);
    return this.facts.run(tx, order, { action: `payment_${input.state}` }, input, () => {
      const { method, state, installments = null, provider = null, recordedAt = tx.startedAt, externalIds = [] } = input;
      const amountMinor = minorOf(input.amount, order.currency, '/amount');
      return order.recordPayment({ id: newId(tx.startedAt.getTime()), method, state, amountMinor, installments, provider, recordedAt, externalIds }).id;
    });
  }

  /** @throws DomainError conflict if the payment's state or recorded refunds do not allow it, rule `capture_above_authorisation`. */
  async move(tx: Tx, paymentId: Id, input: PaymentMove): Promise<RecordedFact> {
    const order = await this.orders.getLockedBy(tx, 'payment', paymentId, input.version);
    const { to, recordedAt = tx.startedAt, provider = providerOf(order, paymentId) } = input;
    return this.facts.run(tx, order, { action: `payment_to_${to}`, subjectId: paymentId }, { ...input, provider }, () => {
      const amountMinor = input.amount && minorOf(input.amount, order.currency, '/amount');
      return (to === 'settled' ? order.settlePayment(paymentId, recordedAt, amountMinor) : order.closePayment(paymentId, to, recordedAt)).id;
    });
  }
}

/** Later events of a payment come from the provider that made it, so it need not be named again. */
function providerOf(order: { snapshot(): { payments: readonly { id: Id; provider: string | null }[] } }, paymentId: Id): string | undefined {
  return order.snapshot().payments.find(({ id }) => id === paymentId)?.provider ?? undefined;
}
