import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type { components, paths } from './schema.js';

export type { components, paths } from './schema.js';
export type Problem = components['schemas']['Problem'];

export interface ShukeOptions {
  /** Where the API listens, e.g. `https://crm.example.com`. */
  readonly baseUrl: string;
  /** An access token or API key; a function is asked before each request, so that it can be renewed. */
  readonly token: string | (() => string | Promise<string>);
}

/** A typed client of the Shuke API: `shuke.GET('/v1/customers/{id}', { params: { path: { id } } })`. */
export function createShuke({ baseUrl, token }: ShukeOptions): Client<paths> {
  const client = createClient<paths>({ baseUrl });
  const authorize: Middleware = {
    async onRequest({ request }) {
      request.headers.set('Authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
      return request;
    },
  };
  client.use(authorize);
  return client;
}
