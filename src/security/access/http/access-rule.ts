import { PERMISSION, PUBLIC } from '../../../platform/http/access.js';

/** A permission's name, or SIGNED_IN. */
export type AccessRule = { readonly kind: 'public' } | { readonly kind: 'needs'; readonly permission: string };

const OPEN: AccessRule = { kind: 'public' };

/**
 * Who may call a route: what its method says, else what its controller says, else nobody (undefined). Both kinds of words are looked
 * for in one place before the next, so that a method asking for a permission is not opened by a @Public() on its class.
 */
export function accessRuleOf(method: object, controller: object): AccessRule | undefined {
  return ruleAt(method) ?? ruleAt(controller);
}

function ruleAt(place: object): AccessRule | undefined {
  const permission: unknown = Reflect.getMetadata(PERMISSION, place);
  if (typeof permission === 'string') return { kind: 'needs', permission };
  return Reflect.getMetadata(PUBLIC, place) === true ? OPEN : undefined;
}
