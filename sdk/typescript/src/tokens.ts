import { ShukeProblem } from './errors.js';
import type { Tokens } from './operation-types.js';

/**
 * Where the bearer token of each request comes from. Called before each request, and once more with the token that the
 * server has just refused (401): the answer to that is another one, or the same to say that there is no other.
 */
export type TokenSource = (refused?: string) => string | Promise<string>;

/** What a session can do for its tokens; both are requests without a token. */
export interface SessionDoor {
  /** Undefined where nobody can sign in again without being asked. */
  readonly signIn?: () => Promise<Tokens>;
  readonly refresh: (refreshToken: string) => Promise<Tokens>;
  /** Told each new pair, before it is used: a refresh token works once, so whoever keeps it must keep the new one. */
  readonly onTokens?: (tokens: Tokens) => void | Promise<void>;
}

type Pair = Pick<Tokens, 'accessToken' | 'refreshToken'>;

/**
 * Tokens of a session. However many requests meet a refused token at once, it is renewed once: a refresh token sent twice
 * would end its session.
 */
export function sessionTokens(door: SessionDoor, first?: Pair): TokenSource {
  let pair = first;
  let renewing: Promise<string> | undefined;

  const renew = async (): Promise<string> => {
    const tokens = await nextTokens(door, pair?.refreshToken);
    await door.onTokens?.(tokens);
    pair = tokens;
    return tokens.accessToken;
  };
  return (refused) => {
    if (renewing) return renewing;
    if (pair && pair.accessToken !== refused) return pair.accessToken;
    renewing = renew().finally(() => (renewing = undefined));
    return renewing;
  };
}

async function nextTokens({ signIn, refresh }: SessionDoor, refreshToken: string | undefined): Promise<Tokens> {
  if (refreshToken === undefined) return signIn!();
  try {
    return await refresh(refreshToken);
  } catch (error) {
    if (signIn && error instanceof ShukeProblem && error.status === 401) return signIn();
    throw error;
  }
}
