import { DomainError } from '../../../kernel/domain-error.js';
import type { Imports } from '../../../platform/transfer/imports.js';
import type { ProfileContent } from '../domain/import-profile.js';
import { unfitForResource, unknownResource } from './mapping-fit.js';

/** @throws DomainError rule with a pointer to each thing that fits no file of this resource. */
export function mustFit(content: ProfileContent, imports: Imports): void {
  const definition = imports.get(content.resource);
  const errors = definition ? unfitForResource(content.mapping, definition) : [unknownResource(imports)];
  if (errors.length === 0) return;
  throw new DomainError('rule', 'profile_does_not_fit', `The profile fits no import: ${errors.length === 1 ? 'one thing does' : `${errors.length} things do`} not fit. See errors, mend each and send it again.`, { errors });
}
