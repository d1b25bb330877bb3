import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';

/** A request may be on its way on a connection that is younger. */
const GRACE_MILLIS = 1_000;

/**
 * Connections on which nothing was asked yet. Browsers and Node open some ahead of need, and a server that closes takes them
 * for busy: it would wait until their headers are late.
 */
@Injectable()
export class UnusedConnections {
  private readonly openedAt = new Map<Socket, number>();

  listenTo(server: Server): void {
    server.on('connection', (socket) => {
      this.openedAt.set(socket, performance.now());
      socket.once('close', () => this.openedAt.delete(socket));
    });
    server.on('request', ({ socket }) => this.openedAt.delete(socket));
  }

  /** Closes those that were open for a second. */
  close(): void {
    for (const [socket, openedAt] of this.openedAt) if (performance.now() - openedAt > GRACE_MILLIS) socket.destroy();
  }
}
