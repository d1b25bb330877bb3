import { definePersonalData, type TableOfPersonalData } from '../../platform/vault/personal-data.js';

const FORGOTTEN = 'ForgetUploads, with the key of the upload: after the import, or seven days after it came';

const EXPORT_FORGOTTEN = 'ForgetExports, with the key of the export: seven days after it was made';

/** A file is about many persons at once and nobody knows yet who they are, so it is sealed under a key of its own and does not live long. */
export const integrationPersonalData: readonly TableOfPersonalData[] = [
  definePersonalData('integration.upload', {
    personal: { described: { how: 'sealed', erasedBy: FORGOTTEN }, analysis: { how: 'sealed', erasedBy: FORGOTTEN } },
    notPersonal: {
      format: 'one of a fixed list', delimiter: 'one of a fixed list', encoding: 'one of a fixed list',
      sha256: 'hash of a whole file', master_key_id: 'name of a key', wrapped_key: 'a key under the master key',
      created_by_kind: 'one of a fixed list',
    },
  }),
  definePersonalData('integration.upload_piece', { personal: { sealed: { how: 'sealed', erasedBy: FORGOTTEN } } }),
  definePersonalData('integration.upload_raw', { personal: { sealed: { how: 'sealed', erasedBy: FORGOTTEN } } }),
  definePersonalData('integration.resumable_upload', { personal: { sealed: { how: 'sealed', erasedBy: FORGOTTEN } } }),
  definePersonalData('integration.import', {
    personal: { sealed_mapping: { how: 'sealed', erasedBy: FORGOTTEN } },
    notPersonal: { resource: 'one of a fixed list', time_zone: 'name of a time zone', currency: 'one of a fixed list', on_error: 'one of a fixed list' },
  }),
  definePersonalData('integration.import_chunk', {
    notPersonal: {
      ids: 'ids of records', parts: 'numbers of lines of orders', lines: 'line numbers', befores: 'versions', versions: 'versions',
      told_at: 'when an order was placed or paid, or a customer first known', currencies: 'one of a fixed list', amounts: 'amounts',
    },
  }),
  definePersonalData('integration.import_refused', { notPersonal: { month: 'a month', currency: 'one of a fixed list' } }),
  definePersonalData('integration.import_record', { notPersonal: { reason: 'one of a fixed list' } }),
  definePersonalData('integration.import_problem', {
    personal: { sealed: { how: 'sealed', erasedBy: FORGOTTEN } },
    notPersonal: { column_name: 'name of a column', code: 'one of a fixed list' },
  }),
  definePersonalData('integration.import_change', {
    personal: { sealed: { how: 'sealed', erasedBy: FORGOTTEN } },
    notPersonal: { deed: 'one of a fixed list' },
  }),
  definePersonalData('integration.import_profile', {
    personal: { sealed: { how: 'sealed', erasedBy: 'DeleteImportProfile, with the key of the profile' } },
    notPersonal: { name: 'what files of one kind are called', resource: 'one of a fixed list' },
  }),
  definePersonalData('integration.learned_header', {
    personal: { header_index: { how: 'blind_index', erasedBy: 'the next import that teaches, 400 days after a file last had the header' } },
    notPersonal: { resource: 'one of a fixed list', column_name: 'name of a column' },
  }),
  definePersonalData('integration.export', {
    notPersonal: {
      resource: 'one of a fixed list', format: 'one of a fixed list', time_zone: 'name of a time zone', columns: 'names of columns',
      // No filter of an export takes what tells who somebody is.
      filters: 'names of filters with words that many share',
      master_key_id: 'name of a key', wrapped_key: 'a key under the master key', created_by_kind: 'one of a fixed list',
    },
  }),
  definePersonalData('integration.export_piece', { personal: { sealed: { how: 'sealed', erasedBy: EXPORT_FORGOTTEN } } }),
];
