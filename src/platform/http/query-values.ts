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

const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-](\d{2}):[0-5]\d)$/;
/** Clocks are nowhere further from UTC. */
const MOST_OFFSET_HOURS = 14;
/** Older dates are slips of a keyboard or a program, and before year 1 PostgreSQL reads another calendar. */
const FIRST_YEAR = '1000';

/** A day that exists, from the year 1000 on, at an offset that clocks can have. */
export function isInstant(value: unknown): boolean {
  const [, day = '', offsetHours = '0'] = (typeof value === 'string' && INSTANT.exec(value)) || [];
  if (day < FIRST_YEAR || Number(offsetHours) > MOST_OFFSET_HOURS || Number.isNaN(Date.parse(value as string))) return false;
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** An RFC 3339 instant with its offset, such as `2026-01-15T08:00:00Z`. */
export function IsInstant(): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isInstant',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: isInstant,
        defaultMessage: () => '$property must be an instant with its offset, such as 2026-01-15T08:00:00Z',
      },
    });
}

/** A decimal amount as text, such as `199.00`. */
export function IsAmount(): PropertyDecorator {
  return Matches(/^-?\d{1,16}(\.\d{1,4})?$/, { message: '$property must be a decimal amount such as 199.00' });
}
