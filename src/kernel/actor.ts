import type { Id } from './id.js';

/** Who does something: a person of the staff, a program with a key, or the product itself. */
export interface Actor {
  readonly kind: 'user' | 'api_key' | 'system';
  readonly id: Id;
  /** Permission names such as `customer:read`; the system actor holds none and is never asked. */
  readonly permissions: ReadonlySet<string>;
  /** The request that led here, for audit and logs. */
  readonly requestId?: string;
  /** Address of the peer socket or, behind a trusted proxy, of the client it names. */
  readonly address?: string;
}

/** The product acting by itself: consumers, schedules, start-up. */
export const SYSTEM: Actor = { kind: 'system', id: '00000000-0000-7000-8000-000000000000', permissions: new Set() };

export function may(actor: Actor, permission: string): boolean {
  return actor.kind === 'system' || actor.permissions.has(permission);
}
