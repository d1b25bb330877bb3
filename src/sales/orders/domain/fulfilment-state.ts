import { StateMachine } from './state-machine.js';

export type FulfilmentState = 'created' | 'pending' | 'shipped' | 'delivered' | 'cancelled';

/** Source: DOMAIN.md, Fulfilment (Vendure `default-fulfillment-process.ts`). */
export const fulfilmentStates = new StateMachine<FulfilmentState>('fulfilment', {
  created: ['pending', 'shipped', 'delivered', 'cancelled'],
  pending: ['shipped', 'delivered', 'cancelled'],
  shipped: ['delivered', 'cancelled'],
  delivered: ['cancelled'],
  cancelled: [],
});
