import type { Response } from 'supertest';
import type { Http } from './app.js';

/** The items of every page of a list, by its Link headers. */
export async function everyPage<T>(http: Http, first: string): Promise<T[]> {
  const items: T[] = [];
  for (let url: string | undefined = first; url !== undefined; ) {
    const answer: Response = await http.get(url).expect(200);
    items.push(...(answer.body as { data: T[] }).data);
    url = /<(.+)>; rel="next"/.exec(answer.headers['link'] ?? '')?.[1];
  }
  return items;
}
