import { randomUUID } from 'node:crypto';

/** One request of an `.http` file, as written. */
export interface WrittenRequest {
  /** The words behind `###`; of a request without any, the name or the request line. */
  readonly title: string;
  readonly name: string | undefined;
  /** Statuses of `# expect 200,201`. */
  readonly expected: readonly number[];
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface HttpFile {
  readonly variables: Readonly<Record<string, string>>;
  readonly requests: readonly WrittenRequest[];
}

const REQUEST_LINE = /^(GET|POST|PUT|PATCH|DELETE)\s+(\S+)$/;

/**
 * The part of the REST Client's syntax that our files use: `###` between requests, `#` for comments, `@name = value` at the
 * head, `# @name x`, a request line, headers, a blank line, the body.
 * @throws Error for a block that has comments but no request line.
 */
export function readHttpFile(text: string): HttpFile {
  const [head = '', ...blocks] = text.split(/^###/m);
  const variables = Object.fromEntries([...head.matchAll(/^@(\w+) = (.*)$/gm)].map(([, name, value]) => [name!, value!.trim()]));
  return { variables, requests: blocks.map(readRequest) };
}

function readRequest(block: string): WrittenRequest {
  const [title = '', ...lines] = block.split('\n');
  const start = lines.findIndex((line) => REQUEST_LINE.test(line));
  if (start < 0) throw new Error(`No request under "### ${title.trim()}".`);
  const [, method = '', url = ''] = REQUEST_LINE.exec(lines[start]!)!;
  const comments = lines.slice(0, start).join('\n');
  const blank = lines.indexOf('', start);
  const end = blank < 0 ? lines.length : blank;
  const headers = Object.fromEntries(lines.slice(start + 1, end).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
  const body = lines.slice(end + 1).join('\n').trim();
  const name = /^# @name (\w+)$/m.exec(comments)?.[1];
  return {
    title: title.trim() || name || lines[start]!, name, method, url, headers, body: body === '' ? undefined : body,
    expected: /^# expect ([\d,]+)$/m.exec(comments)?.[1]?.split(',').map(Number) ?? [],
  };
}

/** An answer that later requests may refer to by the request's name. */
export interface KnownAnswer {
  readonly headers: Headers;
  readonly body: unknown;
}

const PLACE = /\{\{([^}]+)\}\}/g;

/**
 * Puts values in the place of `{{host}}`, `{{$guid}}`, `{{login.response.body.$.accessToken}}` and `{{made.response.headers.ETag}}`.
 * @throws Error for a reference to nothing.
 */
export function filledIn(text: string, variables: Readonly<Record<string, string>>, answers: ReadonlyMap<string, KnownAnswer>): string {
  return text.replace(PLACE, (place, reference: string) => {
    const value = reference === '$guid' ? randomUUID() : (variables[reference] ?? referred(reference, answers));
    if (value === undefined) throw new Error(`${place} refers to nothing.`);
    return value;
  });
}

function referred(reference: string, answers: ReadonlyMap<string, KnownAnswer>): string | undefined {
  const [, name = '', part, rest = ''] = /^(\w+)\.response\.(body|headers)\.(.+)$/.exec(reference) ?? [];
  const answer = answers.get(name);
  if (!answer) return undefined;
  if (part === 'headers') return answer.headers.get(rest) ?? undefined;
  const found = rest.replace(/^\$\./, '').split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], answer.body);
  return found === undefined || found === null ? undefined : String(found as string | number);
}
