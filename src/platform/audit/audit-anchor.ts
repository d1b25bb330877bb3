import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { AppConfig } from '../config/config.js';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';

const HEAD = sql<AnchoredHead & { chain: string }>('audit.head', `select chain, position, encode(hash, 'hex') as hash from platform.audit_head`);

const EVERY_MILLIS = 60_000;

export interface AnchoredHead {
  readonly position: number;
  /** 64 hex digits. */
  readonly hash: string;
}

/**
 * Writes the head of the audit chain to a file that only grows, outside the database: whoever rewrites the chain or cuts
 * its end with a database owner's rights is found by comparing. One line a minute at the most.
 */
@Injectable()
export class AuditAnchor {
  private lastWrite = Number.NEGATIVE_INFINITY;
  private lastPosition = -1;

  constructor(
    private readonly config: AppConfig,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  get file(): string {
    return resolve(this.config.dataDir, 'audit-anchors.ndjson');
  }

  async writeIfDue(): Promise<void> {
    if (performance.now() - this.lastWrite >= EVERY_MILLIS) await this.write();
  }

  async write(): Promise<void> {
    const [head] = await this.database.query(HEAD);
    if (!head || head.position === 0 || head.position === this.lastPosition) return;
    await mkdir(dirname(this.file), { recursive: true });
    await appendFile(this.file, `${JSON.stringify({ ...head, at: this.clock.now().toISOString() })}\n`, { mode: 0o600 });
    this.lastWrite = performance.now();
    this.lastPosition = head.position;
  }

  /** This database's anchors on this machine, oldest first; a line cut short by a crash is passed over. */
  async read(): Promise<AnchoredHead[]> {
    const [head] = await this.database.query(HEAD);
    const text = await readFile(this.file, 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => {
      const found = /^\{"chain":"([0-9a-f-]{36})","position":(\d+),"hash":"([0-9a-f]{64})"/.exec(line);
      return found && found[1] === head?.chain ? [{ position: Number(found[2]), hash: found[3]! }] : [];
    });
  }
}
