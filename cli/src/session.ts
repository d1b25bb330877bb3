import { createShuke, type Shuke, type ShukeOptions, type TokenSource } from '../../sdk/typescript/src/index.js';
import { Complaint } from './complaint.js';
import { EXIT } from './exit-codes.js';
import { Profiles } from './profiles.js';
import { storedSession } from './stored-session.js';
import type { Terminal } from './terminal.js';
import { VERSION } from './version.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Options that every command takes. */
export interface CommonOptions {
  readonly url?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

/** What a command works with. */
export class Session {
  readonly profiles: Profiles;
  readonly profileName: string;
  private opened: Promise<Shuke> | undefined;

  constructor(
    readonly terminal: Terminal,
    readonly environment: Environment,
    /** Aborted by Ctrl-C, and when nobody reads the output any more. */
    readonly signal: AbortSignal,
    private readonly options: CommonOptions,
  ) {
    this.profiles = new Profiles(environment);
    this.profileName = options.profile ?? environment['SHUKE_PROFILE'] ?? 'default';
  }

  /** The address that was asked for, if one was. */
  get wantedUrl(): string | undefined {
    return this.options.url ?? this.environment['SHUKE_URL'];
  }

  /** A client that is signed in. @throws Complaint that says how to sign in */
  shuke(): Promise<Shuke> {
    this.opened ??= this.open();
    return this.opened;
  }

  client(options: ShukeOptions): Shuke {
    const { LC_ALL, LC_MESSAGES, LANG } = this.environment;
    const language = (LC_ALL || LC_MESSAGES || LANG || '').startsWith('zh') ? 'zh' : 'en';
    try {
      return createShuke({ ...options, language, headers: { 'User-Agent': `shuke-cli/${VERSION}` } });
    } catch {
      throw new Complaint(`"${options.baseUrl}" is no address of a server. Write it like https://crm.example.com.`, EXIT.usage);
    }
  }

  /** Of the session that the profile keeps. */
  tokens(): TokenSource {
    return storedSession(this.profiles, this.profileName);
  }

  private async open(): Promise<Shuke> {
    const apiKey = this.environment['SHUKE_API_KEY'];
    const profile = await this.profiles.read(this.profileName);
    const baseUrl = this.wantedUrl ?? profile?.url;
    if (baseUrl === undefined) throw this.notSignedIn('You are not signed in.', 'http://localhost:3000');
    if (apiKey) return this.client({ baseUrl, apiKey });
    // A token is for the server that gave it, and for no other.
    if (!profile || new URL(profile.url).origin !== originOf(baseUrl)) throw this.notSignedIn(`You are not signed in at ${baseUrl}.`, baseUrl);
    if (profile.apiKey !== undefined) return this.client({ baseUrl, apiKey: profile.apiKey });
    return this.client({ baseUrl, token: this.tokens() });
  }

  private notSignedIn(what: string, url: string): Complaint {
    const profile = this.profileName === 'default' ? '' : ` --profile ${this.profileName}`;
    return new Complaint(`${what} Sign in with: shuke sign-in ${url}${profile}\nOr set SHUKE_URL and SHUKE_API_KEY.`, EXIT.notAllowed);
  }
}

function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    throw new Complaint(`"${url}" is no address of a server. Write it like https://crm.example.com.`, EXIT.usage);
  }
}
