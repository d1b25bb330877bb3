import { isProblem, ShukeUnreachable } from '../../../sdk/typescript/src/index.js';
import type { AddCommand } from '../command.js';
import { Complaint } from '../complaint.js';
import type { Session } from '../session.js';

export const addSignOut: AddCommand = (program, run) => {
  program.command('sign-out').description('End the session, and forget it here').action(run(signOut));
};

async function signOut(session: Session): Promise<void> {
  const { profiles, profileName, terminal, signal } = session;
  const profile = await profiles.read(profileName);
  if (!profile) return terminal.give({ signedOut: false }, () => 'You were not signed in.');
  try {
    if (profile.session) await session.client({ baseUrl: profile.url, token: session.tokens() }).call('deleteCurrentSession', {}, { signal });
  } catch (error) {
    if (error instanceof ShukeUnreachable) terminal.say(`${profile.url} cannot be reached, so the session there ends by itself, later.`);
    else if (!(error instanceof Complaint || isProblem(error))) throw error;
  }
  await profiles.remove(profileName);
  if (profile.apiKey) terminal.say('The API key goes on working until it is revoked: shuke call deleteApiKey');
  await terminal.give({ signedOut: true }, () => `Signed out of ${profile.url}.`);
}
