import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auditRows, MOST_SUBJECTS } from './audit-rows.js';
import type { AuditEntry } from './tx.js';

describe('rows of the audit', () => {
  it('are one for what was done to many records alike', () => {
    const entries = ['a', 'b', 'c'].map((subjectId) => ({ action: 'customer.registered', subjectType: 'customer', subjectId }));
    const changed = { action: 'customer.changed', subjectType: 'customer', subjectId: 'd', fields: ['name'] };
    expect(auditRows([...entries, changed, { ...changed, subjectId: 'e', fields: ['tags'] }, { ...changed, subjectId: 'f' }])).toEqual([
      { action: 'customer.registered', subjectType: 'customer', subjectIds: ['a', 'b', 'c'], details: '{}' },
      { action: 'customer.changed', subjectType: 'customer', subjectIds: ['d', 'f'], details: '{"fields":["name"]}' },
      { action: 'customer.changed', subjectType: 'customer', subjectIds: ['e'], details: '{"fields":["tags"]}' },
    ]);
  });

  it('name no more records than a page has', () => {
    const entries = Array.from({ length: 450 }, (_, n) => ({ action: 'order.placed', subjectType: 'order', subjectId: String(n) }));
    const rows = auditRows(entries);
    expect(rows.map(({ subjectIds }) => subjectIds.length)).toEqual([MOST_SUBJECTS, MOST_SUBJECTS, 50]);
    expect(rows.flatMap(({ subjectIds }) => subjectIds)).toEqual(entries.map(({ subjectId }) => subjectId));
  });

  it('name every record as often as something was done to it', () => {
    const entry: fc.Arbitrary<AuditEntry> = fc.record(
      { action: fc.constantFrom('made', 'changed'), subjectType: fc.constantFrom('order', 'customer'), subjectId: fc.constantFrom('1', '2', '3'), details: fc.record({ from: fc.constantFrom('a', 'b') }) },
      { requiredKeys: ['action', 'subjectType', 'subjectId'] },
    );
    fc.assert(fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
      const rows = auditRows(entries);
      const told = rows.flatMap(({ subjectIds, details, ...rest }) => subjectIds.map((subjectId) => JSON.stringify({ ...rest, subjectId, details })));
      const done = entries.map(({ action, subjectType, subjectId, details = {} }) => JSON.stringify({ action, subjectType, subjectId, details: JSON.stringify(details) }));
      expect(told.sort()).toEqual(done.sort());
    }));
  });
});
