import { Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

/** The process's pino logger, as something that can be injected. */
@Injectable()
export class RootLogger {
  constructor(readonly pino: Logger) {}
}
