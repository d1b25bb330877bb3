import { createShuke, isProblem, type TokenSource } from '../../sdk/typescript/src/index.js';
import { Complaint } from './complaint.js';
import { EXIT } from './exit-codes.js';
import type { Profile, Profiles } from './profiles.js';

/**
 * Tokens of the session that a profile keeps, shared by all processes of this user. A refresh token works once, and sent
 * twice it ends the session: so one process renews, and the others find what it wrote.
 */
export function storedSession(profiles: Profiles, name: string): TokenSource {
  let renewing: Promise<string> | undefined;
  return async (refused) => {
    const { session } = await signedIn(profiles, name);
    if (session.accessToken !== refused) return session.accessToken;
    renewing ??= profiles.alone(name, () => renew(profiles, name, refused)).finally(() => (renewing = undefined));
    return renewing;
  };
}

async function renew(profiles: Profiles, name: string, refused: string): Promise<string> {
  const profile = await signedIn(profiles, name);
  if (profile.session.accessToken !== refused) return profile.session.accessToken;
  const anonymous = createShuke({ baseUrl: profile.url });
  const { data } = await anonymous.call('refreshSession', { body: { refreshToken: profile.session.refreshToken } }).catch((error: unknown) => {
    if (isProblem(error, 'invalid_refresh_token')) throw new Complaint(`Your session at ${profile.url} has ended. Sign in again: shuke sign-in ${profile.url}`, EXIT.notAllowed);
    throw error;
  });
  await profiles.write(name, { ...profile, session: { accessToken: data.accessToken, refreshToken: data.refreshToken } });
  return data.accessToken;
}

async function signedIn(profiles: Profiles, name: string): Promise<Profile & Required<Pick<Profile, 'session'>>> {
  const profile = await profiles.read(name);
  if (profile?.session) return { ...profile, session: profile.session };
  throw new Complaint('You were signed out meanwhile. Sign in again: shuke sign-in', EXIT.notAllowed);
}
