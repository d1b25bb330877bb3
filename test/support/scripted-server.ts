import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the server does with one request: an answer, `cut` for a connection that breaks, or anything by hand. */
export type Turn = { readonly status?: number; readonly headers?: Record<string, string>; readonly json?: unknown; readonly text?: string } | 'cut' | ((response: ServerResponse, request: ReceivedRequest) => void);

/** A peer that misbehaves as told: request after request takes the next turn, and the last one stays. */
export class ScriptedServer {
  readonly requests: ReceivedRequest[] = [];
  private turns: Turn[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ScriptedServer> {
    const server = createServer();
    const scripted = new ScriptedServer(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', () => {
        const received = { method: request.method!, url: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString() };
        scripted.requests.push(received);
        scripted.take(response, received);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Begins anew with these turns. */
  plays(...turns: Turn[]): this {
    this.turns = turns;
    this.requests.length = 0;
    return this;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(response: ServerResponse, request: ReceivedRequest): void {
    const turn = this.turns.length > 1 ? this.turns.shift()! : this.turns[0]!;
    if (turn === 'cut') response.destroy();
    else if (typeof turn === 'function') turn(response, request);
    else {
      const type = turn.json === undefined ? 'text/plain' : (turn.status ?? 200) < 400 ? 'application/json' : 'application/problem+json';
      response.writeHead(turn.status ?? 200, { 'Content-Type': type, ...turn.headers });
      response.end(turn.json === undefined ? turn.text : JSON.stringify(turn.json));
    }
  }
}

/** An answer in problem+json. */
export function refusal(status: number, code: string, headers: Record<string, string> = {}): Turn {
  return { status, headers, json: { type: `/docs/problems#${code}`, title: code, status, detail: `Refused: ${code}.`, code, requestId: 'request-1' } };
}
