import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refusal, ScriptedServer, type Turn } from '../../../test/support/scripted-server.js';
import { createShuke, OperationCancelled, OperationFailed, type Operation } from './index.js';

let server: ScriptedServer;
beforeAll(async () => void (server = await ScriptedServer.start()));
afterAll(() => server.close());

const client = () => createShuke({ baseUrl: server.url, apiKey: 'key', retry: { tries: 2, firstPauseMillis: 1, longestPauseMillis: 2 } });

const at = (done: number, status: Operation['status'] = 'running'): Operation => ({
  id: 'o-1', kind: 'integration.import', status, progress: { done, total: 3 }, result: null,
  error: status === 'failed' ? { code: 'not_csv', title: 'Refused', detail: 'It is not CSV.' } : null,
  createdAt: '2026-01-15T08:00:00.000Z', updatedAt: `2026-01-15T08:00:0${done}.000Z`, finishedAt: ['queued', 'running'].includes(status) ? null : '2026-01-15T08:01:00.000Z',
});
const frame = (operation: Operation) => `event: ${operation.finishedAt ? 'end' : 'progress'}\ndata: ${JSON.stringify(operation)}\n\n`;

/** Gives these events, then ends as the server does, or breaks. */
const streams = (operations: Operation[], breaks = false): Turn => (response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(`retry: 3000\n\n: still here\n\n${operations.map(frame).join('')}`, () => (breaks ? response.destroy() : response.end()));
};

async function wait(...turns: Turn[]) {
  server.plays(...turns);
  const told: number[] = [];
  const ended = await client().waitFor('o-1', { onProgress: ({ progress }) => told.push(progress.done), pollMillis: 1 });
  return { ended, told, asked: server.requests.map(({ url }) => url.replace('/v1/operations/o-1', '')) };
}

describe('waiting for an operation', () => {
  it('follows its stream to the end', async () => {
    const { ended, told, asked } = await wait(streams([at(0), at(1), at(3, 'succeeded')]));
    expect(ended).toEqual(at(3, 'succeeded'));
    expect([told, asked]).toEqual([[0, 1, 3], ['/events']]);
  });

  it('comes back to a stream that broke or was ended by a stopping server, and tells nothing twice', async () => {
    const { told, asked } = await wait(streams([at(0), at(1)], true), { json: at(1) }, streams([at(1), at(2)]), { json: at(2) }, streams([at(2), at(3, 'succeeded')]));
    expect(told).toEqual([0, 1, 2, 3]);
    expect(asked).toEqual(['/events', '', '/events', '', '/events']);
  });

  it('outlasts a server that is away for longer than one request would', async () => {
    const away = [...Array<Turn>(9).fill('cut'), ...Array<Turn>(9).fill(refusal(503, 'stopping', { 'Retry-After': '0' }))];
    const back: Turn = (response, { url }) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(url.endsWith('/events') ? frame(at(3, 'succeeded')) : JSON.stringify(at(1)));
    const { ended } = await wait(streams([at(0)], true), ...away, back);
    expect(ended.status).toBe('succeeded');
  });

  it('looks now and then where there is no stream to be had', async () => {
    const none = refusal(404, 'no_streams_here');
    const { told, asked } = await wait(none, { json: at(1) }, none, { json: at(2) }, none, { json: at(3, 'succeeded') });
    expect(told).toEqual([1, 2, 3]);
    expect(asked).toEqual(['/events', '', '/events', '', '/events', '']);
  });

  it('gives up when the server has been away for as long as it may', async () => {
    server.plays('cut');
    await expect(client().waitFor({ id: 'o-1' }, { patienceMillis: 20 })).rejects.toMatchObject({ name: 'ShukeUnreachable' });
  });

  it('throws what can be told apart when it failed, was cancelled, or is not there', async () => {
    const failed = await wait(streams([at(2, 'failed')])).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(OperationFailed);
    expect(failed).toMatchObject({ operation: { error: { code: 'not_csv' } }, message: 'The operation o-1 (integration.import) failed: It is not CSV.' });
    await expect(wait(streams([], true), { json: at(2, 'cancelled') })).rejects.toBeInstanceOf(OperationCancelled);
    await expect(wait(refusal(404, 'not_found'))).rejects.toMatchObject({ status: 404 });
  });

  it('can be aborted, and closes its stream', async () => {
    const controller = new AbortController();
    const closed = new Promise((resolve) => server.plays((response) => {
      response.once('close', resolve).writeHead(200, { 'Content-Type': 'text/event-stream' }).write(frame(at(1)));
    }));
    const waiting = client().waitFor('o-1', { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) });
    await expect(waiting).rejects.toThrow('enough');
    await closed;
  });
});
