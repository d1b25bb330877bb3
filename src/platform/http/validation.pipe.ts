import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { DomainError, type FieldError } from '../../kernel/domain-error.js';

const MOST_ERRORS = 100;
const LONGEST_NAME = 80;

/**
 * Checks bodies and queries against their DTO class: unknown names are refused, nothing is converted that does not say
 * `@Type`, and every failure is listed with where it is.
 */
@Injectable()
export class RequestValidation implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || !isDto(metatype)) return value;
    const plain = value ?? {};
    if (typeof plain !== 'object' || Array.isArray(plain)) throw new DomainError('malformed', 'validation_failed', 'The body must be a JSON object.');
    const dto = plainToInstance(metatype, plain) as object;
    const failures = validateSync(dto, { whitelist: true, forbidNonWhitelisted: true, validationError: { target: false } });
    if (failures.length === 0) return dto;
    const errors = failures.flatMap((failure) => fieldErrors(failure, type === 'body' ? '/' : '?', '')).slice(0, MOST_ERRORS);
    throw new DomainError('malformed', 'validation_failed', `${errors.length === 1 ? 'One field is' : `${errors.length} fields are`} not as this request takes them. See errors, mend each and send it again.`, { errors });
  }
}

function isDto(metatype: ArgumentMetadata['metatype']): metatype is Type {
  return metatype !== undefined && ![Object, String, Number, Boolean, Array].some((plain) => plain === metatype);
}

function fieldErrors(failure: ValidationError, separator: '/' | '?', path: string): FieldError[] {
  const pointer = separator === '/' ? `${path}/${escaped(failure.property)}` : `${path === '' ? '?' : `${path}.`}${failure.property.slice(0, LONGEST_NAME)}`;
  const own = Object.entries(failure.constraints ?? {});
  const children = (failure.children ?? []).flatMap((child) => fieldErrors(child, separator, pointer));
  // A missing field breaks every rule it has; saying that it is missing says all.
  const missing = failure.value === undefined && own.length > 0 && !own.some(([constraint]) => constraint === 'whitelistValidation');
  if (missing) return [{ pointer, code: 'required', detail: 'is missing' }];
  return [...own.map(([constraint, message]) => fieldError(pointer, failure.property, constraint, message)), ...children];
}

function fieldError(pointer: string, property: string, constraint: string, message: string): FieldError {
  if (constraint === 'whitelistValidation') return { pointer, code: 'unknown_name', detail: 'is not a name this request takes; check its spelling or remove it' };
  const detail = message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
  return { pointer, code: constraint.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`), detail };
}

/** RFC 6901. */
function escaped(name: string): string {
  return name.slice(0, LONGEST_NAME).replace(/~/g, '~0').replace(/\//g, '~1');
}
