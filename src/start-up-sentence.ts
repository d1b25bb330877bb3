import type { AppConfig } from './platform/config/config.js';

/** What kept the process from starting, in one sentence that says what to do; never a stack. */
export function startUpSentence(error: unknown, config: AppConfig | undefined): string {
  const { code, message = String(error), syscall } = (error ?? {}) as { code?: string; message?: string; syscall?: string };
  if (config && syscall === 'listen') return listening(code, config) ?? message;
  const where = config?.databaseUrl === undefined ? 'the embedded database' : `the database at ${placeOf(config.databaseOwnerUrl ?? config.databaseUrl)}`;
  if (code !== undefined && code in DATABASE) return DATABASE[code]!(where);
  if (code === 'ENOSPC') return 'The disk is full. Free some space and start again.';
  // Errors thrown on purpose carry a whole sentence; others at least their first line.
  return /[.!?]\s*$/.test(message) ? message : `Shuke could not start: ${firstLine(message)}. Set LOG_LEVEL=debug to see more.`;
}

function listening(code: string | undefined, { host, port }: AppConfig): string | undefined {
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is taken by another program. Stop that one, or set PORT to another number.`;
  if (code === 'EACCES') return `Port ${port} may not be opened by this account. Set PORT to a number above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST=${host} is no address of this machine. Set it to 127.0.0.1, or to 0.0.0.0 for every address.`;
  return undefined;
}

const UNREACHABLE = (where: string) => `Nothing answers as ${where}. Check that it runs and that host and port in DATABASE_URL are right.`;

/** By Node's error code or PostgreSQL's SQLSTATE (manual, appendix A). */
const DATABASE: Readonly<Record<string, (where: string) => string>> = {
  ECONNREFUSED: UNREACHABLE,
  ECONNRESET: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  '28P01': (where) => `${capital(where)} refused the password in DATABASE_URL. Correct it.`,
  '28000': (where) => `${capital(where)} does not let the user in DATABASE_URL in. Check the user, and pg_hba.conf on the server.`,
  '3D000': (where) => `${capital(where)} has no database of that name. Create it, or correct the name in DATABASE_URL.`,
  '42501': (where) => `The user in DATABASE_URL may not create schemas in ${where}. Give it CREATE on the database, or name its owner in DATABASE_OWNER_URL.`,
  '53100': (where) => `The disk of ${where} is full. Free some space and start again.`,
  '53300': (where) => `${capital(where)} has no connection left. Raise max_connections there, or lower DATABASE_POOL.`,
  '57P03': (where) => `${capital(where)} is still starting. Try again in a moment.`,
};

/** Host, port and name, never user or password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').replace(/[.:\s]+$/, '');
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
