import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/tx.js';
import type { Progress } from '../../../platform/jobs/operation.js';
import { learnableHeaders } from '../domain/learnable-headers.js';
import { ImportRepository } from '../persistence/import.repository.js';
import { LearnedHeaderRepository } from '../persistence/learned-header.repository.js';
import { textLines, type ImportState, type ImportWork, type Run } from './import-work.js';

/** The last step of an import: if lines went in, its headers meant what they were taken for. */
@Injectable()
export class LearnHeaders {
  constructor(
    private readonly orders: ImportRepository,
    private readonly learned: LearnedHeaderRepository,
  ) {}

  /** A run that is cut off behind this step comes here again, and teaches no second time. */
  async run(tx: Tx, { id, state }: Run, { order, mapping, upload }: ImportWork): Promise<Progress<ImportState>> {
    const total = textLines(upload);
    if (order.dryRun || state.learned) return { done: total, total };
    const { created = 0, updated = 0, unchanged = 0 } = (await this.orders.get(tx, id))?.counts ?? {};
    const taken = created + updated + unchanged > 0 ? learnableHeaders(upload.columns, mapping) : [];
    if (taken.length > 0) await this.learned.learn(tx, order.resource, taken);
    return { done: total, total, state: { ...state, line: state.line ?? 0, learned: true } };
  }
}
