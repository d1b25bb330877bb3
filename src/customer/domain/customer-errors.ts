import { DomainError } from '../../kernel/domain-error.js';
import type { Id } from '../../kernel/id.js';

export function duplicateOf(customerId: Id): DomainError {
  return new DomainError(
    'conflict',
    'duplicate_customer',
    `The customer ${customerId} already has one of these external ids, phones or e-mail addresses. Change that one, or mark the contact point as shared if both are reached there.`,
    { facts: { customerId } },
  );
}

export function isDuplicate(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'duplicate_customer';
}

export function ambiguous([first = '', second = '']: readonly Id[]): DomainError {
  return new DomainError('conflict', 'ambiguous_customer', `What identifies the customer belongs to two: ${first} and ${second}. Send what belongs to one of them only.`, {
    facts: { customerId: first, otherCustomerId: second },
  });
}

export function deleted(customerId: Id): DomainError {
  return new DomainError('conflict', 'customer_deleted', `The customer ${customerId} was deleted and cannot be changed any more. Register a new one.`, { facts: { customerId } });
}

export function erased(customerId: Id): DomainError {
  return new DomainError('gone', 'person_erased', `The customer ${customerId} was erased on request. Only the figures of their orders remain.`, { facts: { customerId } });
}
