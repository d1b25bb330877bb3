import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, Matches, registerDecorator } from 'class-validator';

/** More values of one filter are a sign of a join made by hand. */
const MOST_VALUES = 50;

/** How such a parameter looks in the contract: `name=a,b`. */
export const COMMA_LIST = { explode: false, style: 'form' } as const;

/** `name=a,b`, or the name given several times, as a list. Say what each value must be with `{ each: true }`. */
export function CommaList(): PropertyDecorator {
  return applyDecorators(Transform(({ value }: { value: unknown }) => split(value)), IsArray(), ArrayMaxSize(MOST_VALUES));
}

function split(value: unknown): unknown {
  if (Array.isArray(value)) return value.flatMap(split);
  return typeof value === 'string' ? value.split(',').map((part) => part.trim()).filter((part) => part !== '') : value;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** An RFC 3339 instant with its offset, such as `2026-01-15T08:00:00Z`. */
export function IsInstant(): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isInstant',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value)),
        defaultMessage: () => '$property must be an instant with its offset, such as 2026-01-15T08:00:00Z',
      },
    });
}

/** A decimal amount as text, such as `199.00`. */
export function IsAmount(): PropertyDecorator {
  return Matches(/^-?\d{1,16}(\.\d{1,4})?$/, { message: '$property must be a decimal amount such as 199.00' });
}
