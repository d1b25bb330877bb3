import { ValidateIf, type ValidationOptions } from 'class-validator';

/**
 * For a field of a JSON Merge Patch (RFC 7396) that may be left out but not cleared: absent passes, `null` is refused.
 * (`@IsOptional()` lets null through, which would reach a NOT NULL column.)
 */
export function Omittable(options?: ValidationOptions): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined, options);
}

/** For a field of a merge patch that may be left out, or cleared with `null`. */
export function Clearable(options?: ValidationOptions): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined && value !== null, options);
}
