import { definePersonalData, type TableOfPersonalData } from './vault/personal-data.js';

const FIXED = 'one of a fixed list';
const EVENT = 'ids, amounts and words of state: an event carries no contact data';

/** The plumbing holds ids and facts; where an answer with personal data is kept, it is sealed. */
export const platformPersonalData: readonly TableOfPersonalData[] = [
  definePersonalData('platform.outbox', { notPersonal: { name: 'name of an event', partition_key: 'an id', payload: EVENT } }),
  definePersonalData('platform.event_log', { notPersonal: { name: 'name of an event', partition_key: 'an id', payload: EVENT } }),
  definePersonalData('platform.consumer', { notPersonal: { name: 'name of a consumer' } }),
  definePersonalData('platform.parked_event', {
    notPersonal: { consumer: 'name of a consumer', event_name: 'name of an event', partition_key: 'an id', status: FIXED, error: 'words of the product about an event' },
  }),
  definePersonalData('platform.idempotency', {
    personal: { body: { how: 'sealed', erasedBy: 'vault key; without a person in it, after 24 hours' } },
    notPersonal: { caller: 'an id of staff or a program', key: 'chosen by the caller at random', fingerprint: 'hash of a whole request', headers: 'ids and versions' },
  }),
  definePersonalData('platform.audit_inbox', {
    personal: { address: { how: 'pseudonym', erasedBy: 'nothing: who looked at whose data is kept for the person looked at' } },
    notPersonal: { actor_kind: FIXED, request_id: 'an id', action: FIXED, subject_type: FIXED, subject_ids: 'ids', details: 'names of fields, ids and counts' },
  }),
  definePersonalData('platform.audit_log', {
    personal: { address: { how: 'pseudonym', erasedBy: 'nothing: who looked at whose data is kept for the person looked at' } },
    notPersonal: { actor_kind: FIXED, request_id: 'an id', action: FIXED, subject_type: FIXED, subject_ids: 'ids', details: 'names of fields, ids and counts', hash: 'a hash' },
  }),
  definePersonalData('platform.audit_head', { notPersonal: { hash: 'a hash' } }),
  definePersonalData('platform.job', { notPersonal: { name: 'name of a job', payload: 'ids', unique_key: 'ids', status: FIXED, error: 'words of the product about a job' } }),
  definePersonalData('platform.schedule', { notPersonal: { key: 'name of a schedule', cron: 'a rhythm', time_zone: 'name of a time zone' } }),
  definePersonalData('platform.operation', {
    notPersonal: { kind: FIXED, status: FIXED, parameters: 'ids and choices', state: 'counts', result: 'counts and ids', error: 'words of the product', created_by_kind: FIXED },
  }),
  definePersonalData('vault.person_key', { notPersonal: { master_key_id: 'name of a key', wrapped_key: 'a key under the master key' } }),
];
