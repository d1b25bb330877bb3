import { StateMachine } from './state-machine.js';

export type PaymentState = 'created' | 'authorized' | 'settled' | 'declined' | 'error' | 'cancelled';

/** Source: DOMAIN.md, Payment (Vendure `default-payment-process.ts`). */
export const paymentStates = new StateMachine<PaymentState>('payment', {
  created: ['authorized', 'settled', 'declined', 'error', 'cancelled'],
  authorized: ['settled', 'error', 'cancelled'],
  settled: ['cancelled'],
  declined: ['cancelled'],
  error: ['cancelled'],
  cancelled: [],
});
