import { SYSTEM, type Actor } from '../../../kernel/actor.js';

/** Somebody who is not signed in yet; what happens in their name is audited as the product's own act, with their address. */
export interface Visitor extends Actor {
  readonly requestId: string;
  readonly address: string;
  /** The User-Agent header, cut to a length that is worth keeping. */
  readonly program: string;
}

const LONGEST_PROGRAM = 200;

export function visitor(request: { readonly id: string; readonly ip: string; readonly headers: { readonly 'user-agent'?: string } }): Visitor {
  const program = (request.headers['user-agent'] ?? '').slice(0, LONGEST_PROGRAM);
  return { ...SYSTEM, requestId: request.id, address: request.ip, program };
}
