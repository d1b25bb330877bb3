import { DomainError, type FieldError } from '../../kernel/domain-error.js';

/**
 * Collects everything wrong with what was given, so that one answer names it all. Details never repeat the value: it may
 * be personal, and answers are logged and kept.
 */
export class FieldProblems {
  private readonly found: FieldError[] = [];

  add(pointer: string, code: string, detail: string): void {
    this.found.push({ pointer, code, detail });
  }

  get all(): readonly FieldError[] {
    return this.found;
  }

  /** @throws DomainError `rule/invalid_customer` with each of them. */
  throwIfAny(): void {
    if (this.found.length === 0) return;
    const fields = this.found.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
    throw new DomainError('rule', 'invalid_customer', `The customer cannot be stored like this: ${fields}.`, { errors: this.found });
  }
}
