import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../kernel/actor.js';
import { Database } from '../database/database.js';
import { LOCKS, tryLock } from '../database/locks.js';
import { Loop } from '../database/loop.js';
import { Signals } from '../database/signals.js';
import { sql } from '../database/statement.js';
import { RootLogger } from '../observability/logger.js';
import { AuditAnchor } from './audit-anchor.js';

const SEAL = sql<{ sealed: number }>('audit.seal', 'select platform.seal_audit($1) as sealed');

const BATCH = 1000;
const SWEEP_MILLIS = 1000;
/** New rows are gathered this long: to seal a hundred at once costs each of them less than half of what it costs ten, and one commit instead of ten. */
const GATHER_MILLIS = 100;

/** Links new audit rows into the hash chain, one process at a time, and anchors the chain's head outside the database. */
@Injectable()
export class AuditSealer {
  private readonly loop: Loop;
  private off: () => void = () => undefined;
  private gathering: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly signals: Signals,
    private readonly anchor: AuditAnchor,
    logger: RootLogger,
  ) {
    this.loop = new Loop('audit.seal', () => this.step(), SWEEP_MILLIS, logger.pino);
  }

  start(): void {
    this.off = this.signals.on('audit', () => this.sealSoon());
    this.loop.start();
  }

  async stop(): Promise<void> {
    this.off();
    clearTimeout(this.gathering);
    await this.loop.stop();
    await this.anchor.write();
  }

  private sealSoon(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      this.loop.wake();
    }, GATHER_MILLIS);
  }

  /** Seals one batch. @returns true if there may be more. */
  async step(): Promise<boolean> {
    const sealed = await this.database.transaction(SYSTEM, async (tx) => {
      if (!(await tryLock(tx, LOCKS.seal))) return 0;
      const [row] = await tx.query(SEAL, [BATCH]);
      return row?.sealed ?? 0;
    });
    if (sealed > 0) await this.anchor.writeIfDue();
    return sealed === BATCH;
  }
}
