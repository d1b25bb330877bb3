/**
 * What a controller answers when the status, version or place matter; the adapter turns it into HTTP.
 * A plain object is answered as 200.
 */
export class Reply<T = unknown> {
  constructor(
    readonly status: number,
    readonly body: T,
    readonly headers: Readonly<Record<string, string>> = {},
    /** Whose personal data the body holds, so that a stored copy is sealed under that person's key. */
    readonly personId?: string,
  ) {}

  with(headers: Readonly<Record<string, string>>): Reply<T> {
    return new Reply(this.status, this.body, { ...this.headers, ...headers }, this.personId);
  }
}

/** JSON text that is already as it shall leave: PostgreSQL made it, and nobody parses it again. */
export class RawJson {
  constructor(readonly text: string) {}
}

export interface ReplyFacts {
  readonly location?: string;
  readonly version?: number;
  readonly personId?: string;
}

export function etag(version: number): string {
  return `"${version}"`;
}

export function ok<T>(body: T, facts: ReplyFacts = {}): Reply<T> {
  return reply(200, body, facts);
}

export function created<T>(body: T, facts: ReplyFacts = {}): Reply<T> {
  return reply(201, body, facts);
}

export function accepted<T>(body: T, location: string): Reply<T> {
  return reply(202, body, { location });
}

export function multiStatus<T>(body: T): Reply<T> {
  return reply(207, body, {});
}

export function noContent(): Reply<undefined> {
  return reply(204, undefined, {});
}

function reply<T>(status: number, body: T, { location, version, personId }: ReplyFacts): Reply<T> {
  const headers: Record<string, string> = {};
  if (location !== undefined) headers['Location'] = location;
  if (version !== undefined) headers['ETag'] = etag(version);
  return new Reply(status, body, headers, personId);
}
