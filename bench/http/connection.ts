import { connect, type Socket } from 'node:net';

export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  /** The header lines as they came. */
  readonly head: string;
  readonly body: string;
}

const END_OF_HEAD = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: (\d+)/i;

/**
 * One kept-alive connection that asks one thing after the other. It knows only what the two servers say (a status line,
 * Content-Length, a body), because the machine's time belongs to them: Node's own client costs more than the floor's whole answer.
 */
export class Connection {
  private received: Buffer[] = [];
  private size = 0;
  /** Bytes of the answer under way, once its head is there. */
  private wanted: number | undefined;
  private waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('The server closed the connection.')));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve(new Connection(socket));
      });
    });
  }

  get isOpen(): boolean {
    return !this.socket.destroyed && !this.socket.readableEnded;
  }

  ask({ method, path, headers = {}, body }: Ask): Promise<Answer> {
    let text = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
    for (const name in headers) text += `${name}: ${headers[name]}\r\n`;
    if (body !== undefined) text += `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
    this.socket.write(`${text}\r\n${body ?? ''}`);
    return new Promise((resolve, reject) => (this.waiting = { resolve, reject }));
  }

  close(): void {
    this.socket.removeAllListeners('close').destroy();
  }

  private take(chunk: Buffer): void {
    this.received.push(chunk);
    this.size += chunk.length;
    this.wanted ??= this.answerSize();
    if (this.wanted === undefined || this.size < this.wanted) return;
    const whole = this.received.length === 1 ? this.received[0]! : Buffer.concat(this.received);
    this.received = [];
    this.size = 0;
    this.wanted = undefined;
    const headEnd = whole.indexOf(END_OF_HEAD);
    const waiting = this.waiting;
    this.waiting = undefined;
    waiting?.resolve({ status: Number(whole.toString('latin1', 9, 12)), head: whole.toString('latin1', 0, headEnd), body: whole.toString('utf8', headEnd + END_OF_HEAD.length) });
  }

  private answerSize(): number | undefined {
    if (this.received.length > 1) this.received = [Buffer.concat(this.received)];
    const headEnd = this.received[0]!.indexOf(END_OF_HEAD);
    if (headEnd < 0) return undefined;
    const length = LENGTH.exec(this.received[0]!.toString('latin1', 0, headEnd))?.[1];
    return headEnd + END_OF_HEAD.length + Number(length ?? 0);
  }

  private fail(error: Error): void {
    const waiting = this.waiting;
    this.waiting = undefined;
    waiting?.reject(error);
  }
}
