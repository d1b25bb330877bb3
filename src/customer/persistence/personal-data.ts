import { definePersonalData, type TableOfPersonalData } from '../../platform/vault/personal-data.js';

/** What is personal here and what becomes of it when the person is erased. A test holds it against the columns there are. */
export const customerPersonalData: readonly TableOfPersonalData[] = [
  definePersonalData('customer.customer', {
    personal: {
      sealed: { how: 'sealed', erasedBy: 'vault key, and EraseCustomer empties it' },
      tags: { how: 'pseudonym', erasedBy: 'EraseCustomer' },
      gender: { how: 'pseudonym', erasedBy: 'EraseCustomer' },
      language: { how: 'pseudonym', erasedBy: 'EraseCustomer' },
      country: { how: 'pseudonym', erasedBy: 'EraseCustomer' },
      province: { how: 'pseudonym', erasedBy: 'EraseCustomer' },
      city: { how: 'pseudonym', erasedBy: 'EraseCustomer' },
    },
    notPersonal: { status: 'one of a fixed list', source: 'name of a channel' },
  }),
  definePersonalData('customer.external_id', {
    personal: { id: { how: 'pseudonym', erasedBy: 'EraseCustomer' } },
    notPersonal: { system: 'name of a system' },
  }),
  definePersonalData('customer.contact_index', {
    personal: { digest: { how: 'blind_index', erasedBy: 'EraseCustomer' } },
    notPersonal: { kind: 'one of a fixed list' },
  }),
  definePersonalData('customer.search', { personal: { grams: { how: 'blind_index', erasedBy: 'EraseCustomer' } } }),
  definePersonalData('customer.features', {
    personal: {
      tags: { how: 'pseudonym', erasedBy: 'EraseCustomer' },
      gender: { how: 'pseudonym', erasedBy: 'EraseCustomer' },
      language: { how: 'pseudonym', erasedBy: 'EraseCustomer' },
      country: { how: 'pseudonym', erasedBy: 'EraseCustomer' },
      province: { how: 'pseudonym', erasedBy: 'EraseCustomer' },
      city: { how: 'pseudonym', erasedBy: 'EraseCustomer' },
    },
    notPersonal: { status: 'one of a fixed list', source: 'name of a channel', currency: 'one of a fixed list', other_totals: 'amounts' },
  }),
  definePersonalData('customer.purchase', {
    notPersonal: { status: 'one of a fixed list', currency: 'one of a fixed list', channel: 'name of a channel' },
  }),
  definePersonalData('customer.timeline_entry', {
    notPersonal: { kind: 'one of a fixed list', event: 'name of an event', facts: 'ids, amounts and words of state' },
  }),
  definePersonalData('customer.tag_count', {
    personal: { tag: { how: 'pseudonym', erasedBy: 'SumTagCounts, once nobody has the tag any more' } },
  }),
];
