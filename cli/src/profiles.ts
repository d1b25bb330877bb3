import { chmod, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Complaint } from './complaint.js';
import { EXIT } from './exit-codes.js';

/** A server and how to get in. */
export interface Profile {
  readonly url: string;
  readonly email?: string;
  readonly apiKey?: string;
  readonly session?: { readonly accessToken: string; readonly refreshToken: string };
}

const NAME = /^[\w][\w.-]{0,63}$/;
const OWNER_ONLY = 0o600;
const LOOK_EVERY_MILLIS = 50;
/** Nobody takes so long to renew a token; who held the lock is gone. */
const STALE_MILLIS = 30_000;

/** Profiles in files that only their owner can read: `$XDG_CONFIG_HOME/shuke/profiles/<name>.json`. */
export class Profiles {
  private readonly folder: string;

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.folder = path.join(environment['XDG_CONFIG_HOME'] || path.join(environment['HOME'] || homedir(), '.config'), 'shuke', 'profiles');
  }

  /** @returns undefined if there is none of this name */
  async read(name: string): Promise<Profile | undefined> {
    const file = this.fileOf(name);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as Profile;
    } catch {
      throw new Complaint(`${file} is not JSON. Delete it, and sign in again.`, EXIT.notAllowed);
    }
  }

  /** In one step, so that a reader sees the old one or the new one. */
  async write(name: string, profile: Profile): Promise<void> {
    const file = this.fileOf(name);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const next = `${file}.${process.pid}`;
    await writeFile(next, `${JSON.stringify(profile, null, 2)}\n`, { mode: OWNER_ONLY });
    await chmod(next, OWNER_ONLY);
    await rename(next, file);
  }

  async remove(name: string): Promise<void> {
    await rm(this.fileOf(name), { force: true });
  }

  /** Runs `work` in one process at a time. */
  async alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    const lock = `${this.fileOf(name)}.lock`;
    while (!(await taken(lock))) await pause(LOOK_EVERY_MILLIS);
    try {
      return await work();
    } finally {
      await rm(lock, { force: true });
    }
  }

  private fileOf(name: string): string {
    if (!NAME.test(name)) throw new Complaint(`"${name}" cannot name a profile. Use letters, digits, ".", "_" and "-".`, EXIT.usage);
    return path.join(this.folder, `${name}.json`);
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', OWNER_ONLY)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const age = await stat(lock).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
    if (age > STALE_MILLIS) await rm(lock, { force: true });
    return false;
  }
}
