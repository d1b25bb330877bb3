import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a connection breaks: after so many bytes of the request's body, or of the answer's. */
export interface Break {
  readonly ofRequest?: number;
  readonly ofAnswer?: number;
}

/** Stands between a client and the app and breaks connections in the middle of requests and answers, as told. */
export class BreakingProxy {
  /** `METHOD /path range`, in their order. */
  readonly seen: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param breaks asked for each request, the first of all being 1 */
  static async before(appUrl: string, breaks: (request: IncomingMessage, number: number) => Break | undefined): Promise<BreakingProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new BreakingProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      proxy.seen.push(`${request.method} ${request.url} ${request.headers.range ?? ''}`.trimEnd());
      carry(new URL(request.url!, appUrl), request, response, breaks(request, proxy.seen.length) ?? {});
    });
    return proxy;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function carry(to: URL, request: IncomingMessage, response: ServerResponse, { ofRequest = Infinity, ofAnswer = Infinity }: Break): void {
  const onwards = ask(to, { method: request.method, headers: { ...request.headers, connection: 'close' }, agent: false }, (answer) => {
    response.writeHead(answer.statusCode!, answer.headers);
    pass(answer, response, ofAnswer, broken);
  });
  const broken = () => {
    onwards.destroy();
    response.destroy();
  };
  onwards.on('error', broken);
  response.on('close', () => void (response.writableFinished || onwards.destroy()));
  pass(request, onwards, ofRequest, broken);
}

/** At the reader's pace; `broken` is called once so many bytes are on their way. */
function pass(from: IncomingMessage, to: NodeJS.WritableStream, most: number, broken: () => void): void {
  let passed = 0;
  from.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, most - passed);
    passed += part.length;
    const isTaken = to.write(part, () => void (passed >= most && broken()));
    if (!isTaken) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  });
  from.once('end', () => void (passed < most && to.end()));
}
