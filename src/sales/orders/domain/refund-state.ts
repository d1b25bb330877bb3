import { StateMachine } from './state-machine.js';

export type RefundState = 'pending' | 'settled' | 'failed';

/** Source: DOMAIN.md, Payment (Vendure `refund-state.ts`); settled and failed are final. */
export const refundStates = new StateMachine<RefundState>('refund', {
  pending: ['settled', 'failed'],
  settled: [],
  failed: [],
});
