import type { Id } from '../../kernel/id.js';
import type { AuditEntry } from './tx.js';

/** As many as a page of a list holds, which one row names too when it is read. */
export const MOST_SUBJECTS = 200;

/** One row of the audit: the same thing done to each of some records. */
export interface AuditRow {
  readonly action: string;
  readonly subjectType: string;
  readonly subjectIds: Id[];
  /** JSON. */
  readonly details: string;
}

/**
 * What one transaction did, in the order it was first done: whatever was done to many records alike is one row, up to 200
 * of them. Linking a row into the chain costs ten times what one more record in it does.
 */
export function auditRows(entries: readonly AuditEntry[]): AuditRow[] {
  const rows: AuditRow[] = [];
  const open = new Map<string, AuditRow>();
  for (const { action, subjectType, subjectId, fields, details: given } of entries) {
    const details = given === undefined && fields === undefined ? '{}' : JSON.stringify({ ...given, ...(fields && { fields }) });
    const kind = `${action} ${subjectType} ${details}`;
    const row = open.get(kind);
    if (row && row.subjectIds.length < MOST_SUBJECTS) {
      row.subjectIds.push(subjectId);
      continue;
    }
    const next = { action, subjectType, subjectIds: [subjectId], details };
    open.set(kind, next);
    rows.push(next);
  }
  return rows;
}
