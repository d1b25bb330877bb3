import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../kernel/domain-error.js';
import { LONGEST_EXTERNAL_ID, SYSTEM, type ExternalReference } from '../contract/external-reference.js';

/** `@PathReference() reference` is what `…/by-external-id/:system/:externalId` names. */
export const PathReference = createParamDecorator((_: unknown, context: ExecutionContext): ExternalReference => {
  const { system = '', externalId: given = '' } = context.switchToHttp().getRequest<FastifyRequest>().params as Record<string, string | undefined>;
  const externalId = given.trim();
  if (!SYSTEM.test(system) || externalId === '' || externalId.length > LONGEST_EXTERNAL_ID) {
    throw new DomainError('malformed', 'invalid_external_id', `The path must name a system (1 to 40 lower-case letters, digits, - or _) and its id (1 to ${LONGEST_EXTERNAL_ID} characters).`);
  }
  return { system, id: externalId };
});

/** Documents the two parts of the path. */
export function NamedByExternalId(): MethodDecorator {
  return applyDecorators(
    ApiParam({ name: 'system', schema: { type: 'string', pattern: SYSTEM.source }, example: 'shopify' }),
    ApiParam({ name: 'externalId', schema: { type: 'string', minLength: 1, maxLength: LONGEST_EXTERNAL_ID }, example: '7305' }),
  );
}

/** The two halves of a filter by external id. @throws DomainError malformed if one is missing. */
export function referenceOf(system: string | undefined, id: string | undefined): ExternalReference | undefined {
  if (system !== undefined && id !== undefined) return { system, id };
  if (system === undefined && id === undefined) return undefined;
  const pointer = id === undefined ? '?externalId' : '?externalSystem';
  throw new DomainError('malformed', 'incomplete_external_id', 'externalSystem and externalId go together. Send both or neither.', {
    errors: [{ pointer, code: 'required', detail: 'is missing' }],
  });
}
