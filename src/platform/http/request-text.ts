import { DomainError } from '../../kernel/domain-error.js';
import { MAX_DEPTH, MAX_KEYS } from './limits.js';

const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** NUL, which PostgreSQL cannot store, and halves of surrogate pairs, which are no characters. */
const UNFIT = /[\0\p{Surrogate}]/u;
/** Names that reach past an object's own members in JavaScript. */
const REACHING = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A JSON body as plain data, refused before anything walks it recursively: too deep, too many members, text that is no
 * text, numbers that are no numbers (QUALITY B26, G39, G41).
 * @throws DomainError malformed or too_large
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(UTF8.decode(bytes));
  } catch {
    throw new DomainError('malformed', 'invalid_json', 'The body is not JSON in UTF-8. Check brackets, quotes and encoding.');
  }
  assertFit(value);
  return value;
}

/** Texts of a path or query. @throws DomainError malformed */
export function assertFitTexts(texts: Readonly<Record<string, unknown>>): void {
  for (const name in texts) {
    if (UNFIT.test(name) || REACHING.has(name)) throw unfit(`?${name.slice(0, 60)}`);
    const value = texts[name];
    if (typeof value === 'string' ? UNFIT.test(value) : Array.isArray(value) && value.some((item) => UNFIT.test(String(item)))) throw unfit(`?${name.slice(0, 60)}`);
  }
}

/** Level by level instead of by recursion, so that a hostile depth costs no stack. */
function assertFit(root: unknown): void {
  let level: readonly unknown[] = [root];
  let members = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string') assertText(value);
      else if (typeof value === 'number') assertNumber(value);
      else if (typeof value === 'object' && value !== null) {
        members += Array.isArray(value) ? pushItems(value, next) : pushMembers(value, next);
        if (members > MAX_KEYS) throw tooMuch(`more than ${MAX_KEYS} members and items`);
      }
    }
    if (depth === MAX_DEPTH && next.length > 0) throw tooMuch(`deeper than ${MAX_DEPTH} levels`);
    level = next;
  }
}

function pushItems(items: readonly unknown[], next: unknown[]): number {
  for (const item of items) next.push(item);
  return items.length;
}

function pushMembers(value: object, next: unknown[]): number {
  const names = Object.keys(value);
  for (const name of names) {
    assertText(name);
    if (REACHING.has(name)) throw new DomainError('malformed', 'invalid_name', `"${name}" cannot be the name of a member. Remove it.`);
    next.push((value as Record<string, unknown>)[name]);
  }
  return names.length;
}

function assertText(text: string): void {
  if (UNFIT.test(text)) throw unfit();
}

function assertNumber(value: number): void {
  if (!Number.isFinite(value)) throw new DomainError('malformed', 'invalid_number', 'A number in the body is larger than a number can be. Send a smaller one.');
}

function unfit(pointer?: string): DomainError {
  const detail = 'contains a NUL character or half of a surrogate pair';
  return new DomainError('malformed', 'invalid_text', `A text of the request ${detail}. Remove it and send the request again.`, {
    errors: pointer === undefined ? [] : [{ pointer, code: 'invalid_text', detail }],
  });
}

function tooMuch(what: string): DomainError {
  return new DomainError('too_large', 'too_deep', `The body holds ${what}. GET /v1/limits says how much it may hold; bring more by an import.`);
}
