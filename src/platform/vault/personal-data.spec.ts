import { describe, expect, it } from '@jest/globals';
import { definePersonalData, undeclaredColumns, vanishedColumns } from './personal-data.js';

const column = (path: string, data_type: string) => {
  const [table_schema = '', table_name = '', column_name = ''] = path.split('.');
  return { table_schema, table_name, column_name, data_type };
};
const map = [
  definePersonalData('customer.customer', {
    personal: { sealed: { how: 'sealed', erasedBy: 'vault key' }, phone_index: { how: 'blind_index', erasedBy: 'EraseCustomer' } },
    notPersonal: { level: 'one of a fixed list' },
  }),
];
const actual = [
  column('customer.customer.id', 'uuid'),
  column('customer.customer.sealed', 'bytea'),
  column('customer.customer.phone_index', 'bytea'),
  column('customer.customer.level', 'text'),
  column('customer.customer.spent_minor', 'bigint'),
];

describe('map of personal data', () => {
  it('is content when every telling column is declared', () => {
    expect(undeclaredColumns(map, actual)).toEqual([]);
    expect(vanishedColumns(map, actual)).toEqual([]);
  });

  it.each(['text', 'character varying', 'bytea', 'jsonb', 'ARRAY', 'inet'])('asks about a new column of type %s', (type) => {
    expect(undeclaredColumns(map, [...actual, column('customer.customer.note', type)])).toEqual(['customer.customer.note']);
  });

  it.each([['birthday', 'date'], ['phone_number', 'bigint']])('asks about %s although it is a %s', (name, type) => {
    expect(undeclaredColumns(map, [...actual, column(`customer.customer.${name}`, type)])).toEqual([`customer.customer.${name}`]);
  });

  it('asks about a new table of a declared schema, and leaves other schemas alone', () => {
    const more = [column('customer.visit.referrer', 'text'), column('sales.product.title', 'text')];
    expect(undeclaredColumns(map, [...actual, ...more])).toEqual(['customer.visit.referrer']);
  });

  it('does not take a declaration of another table for its own', () => {
    expect(undeclaredColumns(map, [...actual, column('customer.lead.sealed', 'bytea')])).toEqual(['customer.lead.sealed']);
  });

  it('names declared columns that are gone', () => {
    expect(vanishedColumns(map, actual.filter(({ column_name }) => column_name !== 'level'))).toEqual(['customer.customer.level']);
  });

  it('refuses a column declared both ways', () => {
    expect(() => definePersonalData('a.b', { personal: { c: { how: 'sealed', erasedBy: 'vault key' } }, notPersonal: { c: 'because' } })).toThrow(/both/);
  });
});
