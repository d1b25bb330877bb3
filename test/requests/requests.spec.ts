import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMINISTRATOR, startApp, type TestApp } from '../support/app.js';
import { offencesOf, operationAt, operationIds, type GivenAnswer } from './contract.js';
import { filledIn, readHttpFile, type KnownAnswer, type WrittenRequest } from './http-file.js';

const FOLDER = new URL('../../requests/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.http')).map((name) => ({ name, ...readHttpFile(readFileSync(new URL(name, FOLDER), 'utf8')) }));

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ workers: true });
  await app.asAdmin();
});
afterAll(() => app.close());

/** A stream that its server does not end is left after its first message. */
async function textOf(answer: Response): Promise<string> {
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return answer.text();
  let text = '';
  for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (!text.includes('\nevent: progress') && /^data: /m.test(text)) break;
    if (text.includes('event: end')) break;
  }
  return text;
}

async function send({ method, url, headers, body }: WrittenRequest, fill: (text: string) => string): Promise<GivenAnswer & { readonly headers: Headers }> {
  const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)]));
  const answer = await fetch(encodeURI(fill(url)), { method, headers: filled, body: body === undefined ? undefined : fill(body) });
  return { status: answer.status, type: answer.headers.get('content-type')?.split(';')[0] ?? '', text: await textOf(answer), headers: answer.headers };
}

function pathOf({ url }: WrittenRequest): string {
  return url.replace('{{host}}', '').replace(/\{\{[^}]+\}\}/g, 'x');
}

describe('the requests to try', () => {
  it('S174 show every operation of the contract', () => {
    const shown = new Set(files.flatMap(({ requests }) => requests.map((request) => operationAt(request.method, pathOf(request))?.operationId)));
    expect(operationIds.filter((id) => !shown.has(id))).toEqual([]);
  });

  it('meet operations that exist, and say what each answers', () => {
    const strange = files.flatMap(({ name, requests }) => requests.filter((request) => !operationAt(request.method, pathOf(request)) || request.expected.length === 0).map(({ title }) => `${name}: ${title}`));
    expect(strange).toEqual([]);
  });

  it('fit the demo as they stand', () => {
    for (const { variables } of files) expect(variables).toEqual({ host: 'http://localhost:3000', email: 'demo@example.com', password: 'everyone may know this one' });
  });

  it.each(files)('S174 $name runs from top to bottom, each answer as said and as the contract has it', async ({ requests }) => {
    const answers = new Map<string, KnownAnswer>();
    const variables = { host: app.url, email: ADMINISTRATOR.email, password: ADMINISTRATOR.password };
    for (const request of requests) {
      const answer = await send(request, (text) => filledIn(text, variables, answers));
      const offences = offencesOf(operationAt(request.method, pathOf(request))!, answer);
      expect({ request: request.title, answered: request.expected.includes(answer.status) ? 'as said' : `${answer.status} ${answer.text}`, offences })
        .toEqual({ request: request.title, answered: 'as said', offences: [] });
      if (request.name !== undefined) answers.set(request.name, { headers: answer.headers, body: answer.type.endsWith('json') ? JSON.parse(answer.text) : undefined });
    }
  });
});
