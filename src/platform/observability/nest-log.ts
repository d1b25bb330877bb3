import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** What Nest itself has to say, as lines of our log; its start-up chatter at `debug`. */
export class NestLog implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log(message: unknown, ...rest: readonly unknown[]): void {
    this.pino.debug({ context: rest.at(-1) }, String(message));
  }

  error(message: unknown, ...rest: readonly unknown[]): void {
    if (message instanceof Error) this.pino.error({ err: message }, message.message);
    else this.pino.error({ context: rest.at(-1) }, String(message));
  }

  warn(message: unknown, ...rest: readonly unknown[]): void {
    this.pino.warn({ context: rest.at(-1) }, String(message));
  }
}
