import { DomainError } from '../../../../kernel/domain-error.js';

/** @param what a sentence on what is wrong with the file */
export function brokenWorkbook(what: string): DomainError {
  return new DomainError('rule', 'broken_workbook', `The workbook cannot be read. ${what} Open it in Excel, save it again as .xlsx, or as CSV, and upload that.`);
}
