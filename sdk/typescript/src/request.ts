import { HEADER_NAMES, type OperationRow } from './operation-row.js';
import { OPERATIONS } from './operation-table.js';
import type { OperationId } from './operation-types.js';

/** What `fetch` takes as a body. */
export type Content = NonNullable<RequestInit['body']>;

/** A request as far as the operation and its input determine it. */
export interface Composed {
  readonly method: string;
  /** From `/v1` on, with the query. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text, or bytes in a form that can be sent again. */
  readonly body: Content | undefined;
  /** Doing it twice has the effect of doing it once: by its method, or by its Idempotency-Key. */
  readonly repeatable: boolean;
}

export interface ComposeOptions {
  /** Media type of the body, where the operation takes several; the first that the contract names otherwise. */
  readonly contentType?: string;
}

const REPEATABLE = ['GET', 'PUT', 'DELETE'];

/**
 * The request for an operation. What the server keys gets an Idempotency-Key if it has none.
 * @throws TypeError on an operation or a parameter that the contract does not have, or a path parameter that is missing
 */
export function compose(id: OperationId, input: Readonly<Record<string, unknown>>, { contentType }: ComposeOptions = {}): Composed {
  const row = rowOf(id);
  const { body, ...named } = input;
  const unused = new Map(Object.entries(named).filter(([, value]) => value !== undefined));

  const path = row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (!unused.has(name)) throw new TypeError(`${id} needs "${name}".`);
    return encodeURIComponent(String(take(unused, name)));
  });
  const query = (row.query ?? []).filter((name) => unused.has(name)).map((name) => `${name}=${valueOf(take(unused, name))}`);
  const headers: Record<string, string> = { ...row.fixed };
  for (const name of row.headers ?? []) if (unused.has(name)) headers[HEADER_NAMES[name]] = String(take(unused, name));
  const [unknown] = unused.keys();
  if (unknown !== undefined) throw new TypeError(`${id} has no "${unknown}". It has ${parametersOf(row).join(', ') || 'no parameters'}.`);

  const keyed = row.headers?.includes('idempotencyKey') ?? false;
  if (keyed) headers['Idempotency-Key'] ??= crypto.randomUUID();
  const type = contentType ?? row.body?.[0];
  if (body !== undefined && type !== undefined) headers['Content-Type'] = type;
  return {
    method: row.method,
    address: query.length > 0 ? `${path}?${query.join('&')}` : path,
    headers,
    body: textOf(body, type),
    repeatable: keyed || REPEATABLE.includes(row.method),
  };
}

/** @throws TypeError if the contract has no such operation */
export function rowOf(id: string): OperationRow {
  if (!Object.hasOwn(OPERATIONS, id)) throw new TypeError(`The API has no operation "${id}".`);
  return OPERATIONS[id as OperationId];
}

/** Names an operation takes, in path, query and headers, and `body`. */
export function parametersOf(row: OperationRow): string[] {
  const inPath = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  return [...inPath, ...(row.query ?? []), ...(row.headers ?? []), ...(row.body ? ['body'] : [])];
}

function take(values: Map<string, unknown>, name: string): unknown {
  const value = values.get(name);
  values.delete(name);
  return value;
}

/** Lists are separated by commas. */
function valueOf(value: unknown): string {
  return (Array.isArray(value) ? value : [value]).map((one) => encodeURIComponent(String(one))).join(',');
}

function textOf(body: unknown, type: string | undefined): Content | undefined {
  if (body === undefined) return undefined;
  return type === undefined || /[/+]json$/.test(type) ? JSON.stringify(body) : (body as Content);
}
