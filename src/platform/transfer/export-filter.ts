import { isId } from '../../kernel/id.js';
import type { FieldError } from '../../kernel/domain-error.js';

/** What the records of an export can be narrowed by, named as in the list of the same resource; several are joined by "and". */
export interface ExportFilter {
  readonly name: string;
  /** `word` is one of `oneOf`; `instant` RFC 3339 with its offset; `amount` a decimal string. */
  readonly type: 'text' | 'word' | 'integer' | 'amount' | 'instant' | 'id';
  /** Takes a list, any of which will do. */
  readonly many?: boolean;
  readonly oneOf?: readonly string[];
  readonly description: string;
}

export type ExportFilterValue = string | number | readonly string[];
export type ExportFilterValues = Readonly<Record<string, ExportFilterValue>>;

const MOST_VALUES = 50;
const LONGEST_TEXT = 200;
const MOST = 2_147_483_647;
const AMOUNT = /^\d{1,16}(\.\d{1,4})?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:[0-5]\d)$/;

/** The filters as given, or what is wrong with them. */
export function readFilters(filters: readonly ExportFilter[], given: Readonly<Record<string, unknown>>): { readonly values: ExportFilterValues; readonly errors: readonly FieldError[] } {
  const values: Record<string, ExportFilterValue> = {};
  const errors: FieldError[] = [];
  for (const [name, value] of Object.entries(given)) {
    const pointer = `/filters/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const filter = filters.find((one) => one.name === name);
    if (!filter) errors.push({ pointer, code: 'unknown_filter', detail: `is no filter of this export; there ${filters.length === 0 ? 'are none' : `are ${filters.map((one) => one.name).join(', ')}`}` });
    else if (fits(filter, value)) values[name] = value;
    else errors.push({ pointer, code: 'invalid_filter', detail: `must be ${expected(filter)}` });
  }
  return { values, errors };
}

function fits(filter: ExportFilter, value: unknown): value is ExportFilterValue {
  if (!filter.many) return fitsOne(filter, value);
  return Array.isArray(value) && value.length > 0 && value.length <= MOST_VALUES && value.every((one) => fitsOne(filter, one));
}

function fitsOne({ type, oneOf = [] }: ExportFilter, value: unknown): value is string | number {
  if (type === 'integer') return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST;
  if (typeof value !== 'string') return false;
  switch (type) {
    case 'id':
      return isId(value);
    case 'word':
      return oneOf.includes(value);
    case 'amount':
      return AMOUNT.test(value);
    case 'instant':
      return INSTANT.test(value) && !Number.isNaN(Date.parse(value));
    case 'text':
      return value.trim() !== '' && value.length <= LONGEST_TEXT;
  }
}

function expected({ type, many, oneOf = [] }: ExportFilter): string {
  const one = {
    text: `text of 1 to ${LONGEST_TEXT} characters`,
    word: `one of ${oneOf.join(', ')}`,
    integer: `a whole number from 0 to ${MOST}`,
    amount: 'a decimal amount such as "199.00"',
    instant: 'an instant with its offset, such as 2026-01-15T08:00:00Z',
    id: 'an id of ours, a UUID',
  }[type];
  return many ? `a list of 1 to ${MOST_VALUES}, each ${one}` : one;
}
