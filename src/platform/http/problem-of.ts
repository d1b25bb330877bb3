import type { DomainError } from '../../kernel/domain-error.js';
import type { ProblemDto } from './problem.dto.js';
import { REFUSALS } from './refusals.js';

/** A refusal as the problem that stands for one item of a batch. */
export function problemOf(error: DomainError, requestId: string): ProblemDto {
  const { status, en: title } = REFUSALS[error.refusal];
  return {
    type: `/docs/problems#${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    ...error.facts,
    ...(error.errors.length > 0 ? { errors: [...error.errors] } : {}),
    requestId,
  };
}
