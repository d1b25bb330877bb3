import { Transform } from 'class-transformer';

/** Blanks around a text are dropped before it is checked: nobody sees them, and no file keeps them. */
export function Trimmed(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));
}
