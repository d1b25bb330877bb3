import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { serverSentEvents, type ServerSentEvent } from './server-sent-events.js';

function streamOf(...chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function eventsIn(stream: ReadableStream<Uint8Array>): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const batch of serverSentEvents(stream, 60_000)) events.push(...batch);
  return events;
}

const TEXT = 'retry: 3000\n\n: still here\n\n: still here\nid: 7\n\nevent: progress\nid: 1\ndata: {"done":1}\n\ndata:两行\r\ndata: 文字\r\n\r\nid: 3\rdata\r\revent: never finished\ndata: 1\n';
const EVENTS = [
  { event: 'message', id: '7', data: undefined },
  { event: 'progress', id: '1', data: '{"done":1}' },
  { event: 'message', id: '', data: '两行\n文字' },
  { event: 'message', id: '3', data: '' },
];

describe('server-sent events', () => {
  it('are read as the standard has them, comments left out, an id alone kept and an unfinished one dropped', async () => {
    expect(await eventsIn(streamOf(new TextEncoder().encode(TEXT)))).toEqual(EVENTS);
  });

  it('are the same wherever the network cuts the bytes', async () => {
    const bytes = new TextEncoder().encode(TEXT);
    await fc.assert(fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30 }), async (cuts) => {
      const at = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
      const chunks = at.slice(1).map((end, index) => bytes.slice(at[index], end));
      expect(await eventsIn(streamOf(...chunks))).toEqual(EVENTS);
    }));
  });

  it('a connection on which nothing comes is taken for dead, and closed', async () => {
    let closed = false;
    const silent = new ReadableStream<Uint8Array>({ cancel: () => void (closed = true) });
    await expect(serverSentEvents(silent, 5).next()).rejects.toThrow('Nothing came');
    expect(closed).toBe(true);
  });

  it('the connection is closed when the reader has enough', async () => {
    let closed = false;
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')), cancel: () => void (closed = true) });
    for await (const [event] of serverSentEvents(endless, 60_000)) if (event) break;
    expect(closed).toBe(true);
  });
});
