import net from 'node:net';

/** Stands between the app and a server that must go on for other tests, and can be cut like a cable. */
export class Proxy {
  private readonly sockets = new Set<net.Socket>();
  private target = { host: '127.0.0.1', port: 0 };

  private constructor(
    private readonly server: net.Server,
    private readonly port: number,
  ) {
    server.on('connection', (near) => this.carry(near));
  }

  static async open(): Promise<Proxy> {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Proxy(server, (server.address() as net.AddressInfo).port);
  }

  /** The same URL by way of this proxy. */
  before(url: string): string {
    const through = new URL(url);
    this.target = { host: through.hostname, port: Number(through.port) };
    through.host = `127.0.0.1:${this.port}`;
    return through.href;
  }

  /** Ends every connection and takes no more. */
  cut(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  async mend(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  private carry(near: net.Socket): void {
    const far = net.connect(this.target);
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      this.sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
