import type { AddCommand } from '../command.js';
import { Complaint } from '../complaint.js';
import { EXIT } from '../exit-codes.js';
import type { Profile } from '../profiles.js';
import { ask, askSecret, secretFromInput } from '../secret.js';
import type { Session } from '../session.js';
import { plain } from '../terminal.js';

interface SignInOptions {
  readonly email?: string;
  readonly passwordStdin?: boolean;
  readonly apiKey?: boolean;
  readonly apiKeyStdin?: boolean;
}

const DEFAULT_URL = 'http://localhost:3000';

export const addSignIn: AddCommand = (program, run) => {
  program
    .command('sign-in')
    .description('Sign in, and stay signed in')
    .argument('[url]', `where the server is (default: --url, SHUKE_URL, the one before, ${DEFAULT_URL})`)
    .option('-e, --email <address>', 'who signs in; asked for otherwise')
    .option('--password-stdin', 'read the password from stdin; SHUKE_PASSWORD is taken too, and asked for otherwise')
    .option('--api-key', 'use an API key in place of e-mail and password; SHUKE_API_KEY is taken, and asked for otherwise')
    .option('--api-key-stdin', 'read the API key from stdin')
    .addHelpText('after', `
The session, or the key, is kept in a file that only you can read:
  $XDG_CONFIG_HOME/shuke/profiles/<profile>.json (~/.config where that is not set)
The password is not kept.

Examples:
  shuke sign-in http://localhost:3000 --email admin@example.com
  shuke sign-in https://crm.example.com --profile production
  pass crm | shuke sign-in https://crm.example.com -e mei@example.com --password-stdin
  shuke sign-in https://crm.example.com --api-key`)
    .action(run(signIn));
};

async function signIn(session: Session, url: string | undefined, options: SignInOptions): Promise<void> {
  const before = await session.profiles.read(session.profileName);
  const baseUrl = (url ?? session.wantedUrl ?? before?.url ?? DEFAULT_URL).replace(/\/+$/, '');
  const profile = options.apiKey || options.apiKeyStdin ? await byKey(session, baseUrl, options) : await byPassword(session, baseUrl, before, options);
  const bearer = profile.apiKey ?? profile.session!.accessToken;
  const { data } = await session.client({ baseUrl, apiKey: bearer }).call('getMe', {}, { signal: session.signal });
  await session.profiles.write(session.profileName, profile);
  await session.terminal.give({ url: baseUrl, profile: session.profileName, kind: data.kind, name: data.name }, () => `Signed in at ${baseUrl} as ${plain(data.name)}.`);
}

async function byKey(session: Session, baseUrl: string, { apiKeyStdin }: SignInOptions): Promise<Profile> {
  const given = apiKeyStdin ? await secretFromInput() : session.environment['SHUKE_API_KEY'];
  return { url: baseUrl, apiKey: given || (await askSecret('API key', 'Use --api-key-stdin or SHUKE_API_KEY.', session.signal)) };
}

async function byPassword(session: Session, baseUrl: string, before: Profile | undefined, { email, passwordStdin }: SignInOptions): Promise<Profile> {
  const client = session.client({ baseUrl });
  const who = email ?? (await askEmail(session, before?.email));
  const given = passwordStdin ? await secretFromInput() : session.environment['SHUKE_PASSWORD'];
  const password = given || (await askSecret(`Password of ${who}`, 'Use --password-stdin or SHUKE_PASSWORD.', session.signal));
  const { data } = await client.call('createSession', { body: { email: who, password } }, { signal: session.signal });
  return { url: baseUrl, email: who, session: { accessToken: data.accessToken, refreshToken: data.refreshToken } };
}

async function askEmail({ signal }: Session, before: string | undefined): Promise<string> {
  const answer = (await ask(before ? `E-mail [${before}]` : 'E-mail', 'Use --email.', signal)) || before;
  if (!answer) throw new Complaint('Without an e-mail address nobody can sign in.', EXIT.usage);
  return answer;
}
