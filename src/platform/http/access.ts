import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

export const PERMISSION = 'shuke:permission';
export const PUBLIC = 'shuke:public';

/** Injects every `Permission` that some role can have, over all contexts. */
export const PERMISSIONS = Symbol('permissions');

/**
 * The route is for callers who hold this permission (`resource:action`, declared in a context's `contract/permissions.ts`).
 * A route with neither this nor `@Public()` fails start-up.
 */
export function RequirePermission(permission: string): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(PERMISSION, permission), ApiSecurity('bearer', [permission]));
}

/** The route is for everybody who is signed in, whatever they may do: their own session, their own account. */
export const SIGNED_IN = 'signed_in';
export function SignedIn(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(PERMISSION, SIGNED_IN), ApiSecurity('bearer'));
}

/** The route is open to the world. The list of such routes is asserted by a test. */
export function Public(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(PUBLIC, true), ApiSecurity({}));
}
