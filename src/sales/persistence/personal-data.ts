import { definePersonalData, type TableOfPersonalData } from '../../platform/vault/personal-data.js';

const FIXED = 'one of a fixed list';
const WORD = "a word of the shop's own list";
const SHOP = 'what the shop sells';
/** Says nothing by itself; the shop or the carrier who gave it knows whose it is. */
const FOREIGN = { how: 'pseudonym', erasedBy: 'nothing: the books need it, and only who gave it knows whose it is' } as const;

/** What was sold, for how much. Who bought it is an id; who that is, the customer context knows and forgets. */
export const salesPersonalData: readonly TableOfPersonalData[] = [
  definePersonalData('sales.external_id', { personal: { id: FOREIGN }, notPersonal: { kind: FIXED, system: 'name of a system' } }),
  definePersonalData('sales.product', {
    notPersonal: { sku: SHOP, name: SHOP, status: FIXED, category: SHOP, currency: FIXED, attributes: SHOP },
  }),
  definePersonalData('sales.order_header', {
    personal: { number: FOREIGN },
    notPersonal: { status: FIXED, source_status: 'a word of state of another system', channel: 'name of a channel', currency: FIXED, cancel_reason: WORD },
  }),
  definePersonalData('sales.order_line', { notPersonal: { sku: SHOP, name: SHOP } }),
  definePersonalData('sales.payment', { notPersonal: { method: 'name of a way to pay', state: FIXED, provider: 'name of a provider' } }),
  definePersonalData('sales.refund', { notPersonal: { state: FIXED, reason: WORD, provider: 'name of a provider' } }),
  definePersonalData('sales.fulfilment', {
    personal: { tracking_code: FOREIGN },
    notPersonal: { state: FIXED, lines: 'line numbers and quantities', carrier: 'name of a carrier' },
  }),
  definePersonalData('sales.provider_event', { personal: { event_id: FOREIGN }, notPersonal: { provider: 'name of a provider', action: FIXED } }),
];
