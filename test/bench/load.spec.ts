import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { askOnce, closedLoop, quantile } from '../../bench/http/load.js';

let server: Server;

/** A server that answers everything it is sent with these pieces, one after the other. */
async function answering(...pieces: readonly string[]): Promise<number> {
  const say = async (socket: Socket): Promise<void> => {
    for (const piece of pieces) {
      socket.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  server = createServer((socket) => {
    socket.on('data', () => void say(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  server.close();
});

const ASK = { method: 'GET', path: '/' };

describe('the load of the bench', () => {
  it('ends with the first answer that is no success', async () => {
    const port = await answering('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nbusy');
    await expect(closedLoop({ port, connections: 2, seconds: 5, ask: () => ASK })).rejects.toThrow('GET / was answered 503: busy');
  });

  it('puts an answer together that comes in pieces, cut anywhere', async () => {
    const port = await answering('HTTP/1.1 200 O', 'K\r\nContent-Length: 6\r\n\r', '\n', '熟', '客');
    expect(await askOnce(port, ASK)).toMatchObject({ status: 200, body: '熟客' });
  });

  it('counts each answer once, in order of how long it took', async () => {
    const port = await answering('HTTP/1.1 204 No Content\r\n\r\n');
    let asked = 0;
    const { count, latencies } = await closedLoop({ port, connections: 3, seconds: 0.05, ask: () => ({ ...ASK, path: `/${asked++}` }) });
    expect(count).toBe(asked);
    expect(latencies).toHaveLength(asked);
    expect([...latencies]).toEqual([...latencies].sort((one, other) => one - other));
    expect(quantile(latencies, 1)).toBe(latencies.at(-1));
  });
});
