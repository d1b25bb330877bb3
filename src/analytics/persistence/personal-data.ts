import { definePersonalData, type TableOfPersonalData } from '../../platform/vault/personal-data.js';

const FIXED = 'one of a fixed list';

/** Figures about ids; who they are is the customer context's to know and to forget. */
export const analyticsPersonalData: readonly TableOfPersonalData[] = [
  definePersonalData('analytics.order_fact', {
    notPersonal: { status: FIXED, source_status: 'a word of state of another system', channel: 'name of a channel', currency: FIXED },
  }),
  definePersonalData('analytics.payment_fact', { notPersonal: { method: 'name of a way to pay', state: FIXED, currency: FIXED } }),
  definePersonalData('analytics.customer_total', { notPersonal: { currency: FIXED } }),
];
