import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { RootLogger } from '../../../platform/observability/logger.js';
import { ApiKeys } from '../persistence/api-keys.js';

const MINUTE = 60_000;

/** Keeps when a key was used last, to the minute, so that forgotten keys can be found. No request waits for it. */
@Injectable()
export class NoteKeyUse {
  /** Grows with the keys in use, which are few. */
  private readonly notedAt = new Map<Id, number>();

  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeys,
    private readonly clock: Clock,
    private readonly logger: RootLogger,
  ) {}

  run(id: Id): void {
    const now = this.clock.now();
    if (now.getTime() - (this.notedAt.get(id) ?? Number.NEGATIVE_INFINITY) < MINUTE) return;
    this.notedAt.set(id, now.getTime());
    this.keys.used(this.database, id, now).catch((error: unknown) => {
      this.notedAt.delete(id);
      this.logger.pino.warn({ err: error }, 'could not note the use of an API key');
    });
  }
}
