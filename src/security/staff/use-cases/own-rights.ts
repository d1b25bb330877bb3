import type { Actor } from '../../../kernel/actor.js';
import { DomainError } from '../../../kernel/domain-error.js';
import { permissionsBeyond } from '../domain/roles.js';

/** @throws DomainError forbidden/beyond_own_rights if the actor would give, or take over an account with, more than they may do themselves. */
export function assertWithinOwnRights(actor: Actor, wanted: Iterable<string>): void {
  const beyond = permissionsBeyond(actor.permissions, wanted);
  if (beyond.length === 0) return;
  throw new DomainError(
    'forbidden',
    'beyond_own_rights',
    `These roles allow more than you may do yourself (${beyond.slice(0, 5).join(', ')}${beyond.length > 5 ? ', …' : ''}). Ask somebody who holds these permissions.`,
  );
}
