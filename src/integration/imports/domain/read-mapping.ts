import { DomainError, type FieldError } from '../../../kernel/domain-error.js';
import type { ColumnMapping, ColumnRule } from './column-mapping.js';

const MOST_COLUMNS = 200;
const LONGEST_NAME = 500;
const LONGEST_CONSTANT = 1000;
const MOST_WORDS = 1000;

/** A mapping as it was sent, whose names no DTO class can list. @throws DomainError malformed with a pointer to each mistake. */
export function readMapping(given: Readonly<Record<string, unknown>>): ColumnMapping {
  const entries = Object.entries(given);
  const errors: FieldError[] = [];
  if (entries.length === 0) errors.push({ pointer: '/mapping', code: 'is_empty', detail: 'must map at least one column' });
  if (entries.length > MOST_COLUMNS) errors.push({ pointer: '/mapping', code: 'too_many', detail: `must map ${MOST_COLUMNS} columns at the most` });
  const rules = entries.slice(0, MOST_COLUMNS).map(([name, value]): [string, ColumnRule] => {
    const rule = typeof value === 'string' ? { column: value } : value;
    errors.push(...mistakesIn(rule).map(({ at, detail }) => ({ pointer: `/mapping/${escaped(name)}${at}`, code: 'invalid_rule', detail })));
    return [name, rule as ColumnRule];
  });
  if (errors.length > 0) throw new DomainError('malformed', 'validation_failed', 'The mapping is not as this request takes it. See errors, mend each and send it again.', { errors });
  return Object.fromEntries(rules);
}

interface Mistake {
  readonly at: string;
  readonly detail: string;
}

function mistakesIn(rule: unknown): Mistake[] {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return [{ at: '', detail: "must be the file's column as text, or a rule of column, constant, valueMap, onBlank and fileLine" }];
  const isAlone = !('column' in rule || 'constant' in rule);
  return Object.entries(rule).flatMap(([name, value]) => {
    if (name === 'column') return isText(value, 1, LONGEST_NAME) ? [] : [{ at: '/column', detail: `must be text of 1 to ${LONGEST_NAME} characters` }];
    if (name === 'constant') return isText(value, 0, LONGEST_CONSTANT) ? [] : [{ at: '/constant', detail: `must be text of up to ${LONGEST_CONSTANT} characters` }];
    if (name === 'valueMap') return isWordList(value) ? [] : [{ at: '/valueMap', detail: `must be up to ${MOST_WORDS} words of the file, each with ours as text` }];
    if (name === 'onBlank') return value === 'skip' ? [] : [{ at: '/onBlank', detail: 'must be skip, or left out' }];
    if (name === 'fileLine') return value === true && isAlone ? [] : [{ at: '/fileLine', detail: 'must be true, without column or constant beside it' }];
    return [{ at: `/${escaped(name)}`, detail: 'is not a name this request takes; check its spelling or remove it' }];
  });
}

function isText(value: unknown, shortest: number, longest: number): boolean {
  return typeof value === 'string' && value.length >= shortest && value.length <= longest;
}

function isWordList(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const words = Object.values(value);
  return words.length <= MOST_WORDS && words.every((word) => isText(word, 0, LONGEST_CONSTANT));
}

/** RFC 6901. */
function escaped(name: string): string {
  return name.slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1');
}
