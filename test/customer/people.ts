import type { Http } from '../support/app.js';

export interface Person {
  readonly id: string;
  readonly version: number;
  readonly [member: string]: unknown;
}

/** Registers somebody over HTTP. */
export async function register(http: Http, input: object): Promise<Person> {
  const { body } = await http.post('/v1/customers').send(input).expect(201);
  return body as Person;
}

export const phone = (value: string, shared = false) => ({ kind: 'phone', value, shared });
export const email = (value: string) => ({ kind: 'email', value });

interface Page {
  readonly data: readonly Person[];
  readonly page: { readonly nextCursor: string | null; readonly hasMore: boolean; readonly total?: number };
}

/** One page of a list of customers. */
export async function list(http: Http, query: Record<string, string | number> = {}): Promise<Page> {
  const { body } = await http.get('/v1/customers').query(query).expect(200);
  return body as Page;
}

/** Follows the cursors to the end. */
export async function listAll(http: Http, query: Record<string, string | number>, between: () => Promise<unknown> = () => Promise.resolve()): Promise<Person[]> {
  const people: Person[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { data, page } = await list(http, cursor === undefined ? query : { ...query, cursor });
    people.push(...data);
    cursor = page.nextCursor;
    await between();
  }
  return people;
}
