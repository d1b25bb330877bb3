import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { LineChange } from '../../../platform/transfer/import-definition.js';
import { ImportChangeRepository } from '../persistence/import-change.repository.js';
import { ImportProblemRepository, type RefusedLine } from '../persistence/import-problem.repository.js';
import { ImportRepository, type ImportCounts } from '../persistence/import.repository.js';
import { linesDone, textLines, type ImportWork } from './import-work.js';

/** Lines of an import that are shown with what they change. */
export const SAMPLES = 100;
/** A trial says what kind of thing is wrong; the import itself then lists every line. */
export const PROBLEMS_OF_A_TRIAL = 100;

/** What became of some lines. */
export interface Found extends Omit<ImportCounts, 'refused'> {
  /** All, or of a trial the first. */
  readonly refused: readonly RefusedLine[];
  readonly refusedLines: number;
  readonly samples: readonly LineChange[];
}

/** Writes down what an import found, so that it can be read while it runs. */
@Injectable()
export class ImportReport {
  constructor(
    private readonly orders: ImportRepository,
    private readonly problems: ImportProblemRepository,
    private readonly changes: ImportChangeRepository,
  ) {}

  async keep(tx: Tx, operationId: Id, { order, upload }: Pick<ImportWork, 'order' | 'upload'>, { refused, refusedLines, samples, ...counts }: Found): Promise<void> {
    const sum = await this.orders.count(tx, operationId, { ...counts, refused: refusedLines });
    const room = order.dryRun ? Math.max(0, PROBLEMS_OF_A_TRIAL - sum.refused + refusedLines) : refused.length;
    await this.problems.add(tx, operationId, upload, refused.slice(0, room));
    await this.changes.add(tx, operationId, upload, samples);
  }

  /** The lines an import stopped at. They are not dealt with: if it is resumed, they are tried again. */
  async stop(tx: Tx, operationId: Id, upload: ImportWork['upload'], after: number, refused: readonly RefusedLine[]): Promise<void> {
    await this.problems.forget(tx, operationId, after);
    await this.problems.add(tx, operationId, upload, refused);
  }
}

/** How many more lines to show up to `line`, so that samples come from the whole file and not from its head. */
export function sampleRoom(upload: ImportWork['upload'], line: number, sampled: number): number {
  return Math.max(0, Math.ceil((SAMPLES * linesDone(upload, line)) / Math.max(1, textLines(upload))) - sampled);
}
