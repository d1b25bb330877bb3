import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../../kernel/actor.js';
import { DomainError } from '../../../kernel/domain-error.js';
import { Database } from '../../../platform/database/database.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { OperationDefinition, Progress } from '../../../platform/jobs/operation.js';
import { RootLogger } from '../../../platform/observability/logger.js';
import type { MappedLine, Told } from '../../../platform/transfer/import-definition.js';
import { IMPORT_RUN } from '../../contract/permissions.js';
import { UploadContent } from '../../files/persistence/upload-content.js';
import { UploadRepository } from '../../files/persistence/upload.repository.js';
import { fileLines } from '../../files/use-cases/file-lines.js';
import { ImportLedger } from '../persistence/import-ledger.js';
import type { RefusedLine } from '../persistence/import-problem.repository.js';
import { ImportRepository } from '../persistence/import.repository.js';
import { applyLines } from './apply-lines.js';
import { CHUNK_LINES, chunksOf, type Chunk } from './import-chunks.js';
import { ImportReport, sampleRoom } from './import-report.js';
import { ImportWorks, linesDone, textLines, type ImportState, type ImportWork, type Run } from './import-work.js';
import { LearnHeaders } from './learn-headers.js';
import { readAhead } from './read-ahead.js';
import { TryLines } from './try-lines.js';

/**
 * Brings a file in chunk by chunk. Each chunk commits with its counts, its refused lines and how far it came, so a run
 * that is cut off goes on behind the last committed chunk, and one that is cancelled keeps what went in.
 */
@Injectable()
export class RunImport implements OperationDefinition<object, ImportState> {
  readonly permission = IMPORT_RUN;

  constructor(
    private readonly database: Database,
    private readonly works: ImportWorks,
    private readonly orders: ImportRepository,
    private readonly uploads: UploadRepository,
    private readonly content: UploadContent,
    private readonly report: ImportReport,
    private readonly ledger: ImportLedger,
    private readonly tryLines: TryLines,
    private readonly learnHeaders: LearnHeaders,
    private readonly logger: RootLogger,
  ) {}

  async run(operation: Run): Promise<void> {
    const work = await this.works.of(operation.id);
    const { order, mapping, upload } = work;
    const lines = fileLines(upload, this.content.read(upload));
    const chunks = readAhead(chunksOf(lines, mapping, operation.state.line ?? 0, () => (order.dryRun ? CHUNK_LINES : operation.portion(CHUNK_LINES))));
    if (order.dryRun) await this.tryLines.run(operation, work, chunks, this.noting(operation));
    else for await (const chunk of chunks) await this.takeAll(operation, work, chunk);
    await operation.step((tx) => this.learnHeaders.run(tx, operation, work));
    const done = await this.orders.get(this.database, operation.id);
    await operation.finish({ resource: order.resource, dryRun: order.dryRun, ...done?.counts });
    // The lines are needed no more once they are in; after a trial they are, for the import proper. If the process ends
    // just here, they go when the upload expires.
    if (!order.dryRun) await this.database.transaction(SYSTEM, (tx) => this.uploads.dropContent(tx, upload.id));
  }

  /** In one transaction, or in several if very many lines fail. */
  private async takeAll(operation: Run, work: ImportWork, chunk: Chunk): Promise<void> {
    do {
      if (work.order.onError === 'stop') await this.takeOrStop(operation, work, chunk);
      else await operation.step((tx) => this.take(tx, operation, work, chunk));
    } while ((operation.state.line ?? 0) < chunk.lastLine);
  }

  /** @throws DomainError rule where a line is wrong; then nothing of the chunk is kept but what is wrong. */
  private async takeOrStop(operation: Run, work: ImportWork, chunk: Chunk): Promise<void> {
    const wrong: RefusedLine[] = [];
    await operation.step(async (tx) => {
      wrong.length = 0;
      try {
        return await tx.attempt(() => this.take(tx, operation, work, chunk));
      } catch (error) {
        if (!(error instanceof WrongLines)) throw error;
        wrong.push(...error.refused);
        await this.report.stop(tx, operation.id, work.upload, operation.state.line ?? 0, wrong);
        return { done: operation.done };
      }
    });
    if (wrong.length > 0) throw importStopped(wrong);
  }

  private async take(tx: Tx, operation: Run, work: ImportWork, chunk: Chunk): Promise<Progress<ImportState>> {
    const { line: from = 0, sampled = 0 } = operation.state;
    const total = textLines(work.upload);
    // Another process may have gone further while this one was taken for dead.
    const mapped = chunk.mapped.filter(({ line }) => line > from);
    const settings = { ...work.order.settings, sampleLimit: sampleRoom(work.upload, chunk.lastLine, sampled) };
    const { rest, samples = [], ...outcome } = await applyLines(tx, work.definition, mapped, settings, this.noting(operation));
    const upTo = rest[0] === undefined ? chunk.lastLine : rest[0].line - 1;
    const unreadable = chunk.refused.filter(({ line }) => line > from && line <= upTo);
    const refused = [...unreadable, ...outcome.refused.map((problem) => ({ ...problem, cells: chunk.cells.get(problem.line) ?? [] }))];
    if (refused.length > 0 && work.order.onError === 'stop') throw new WrongLines(refused);
    const skipped = chunk.skipped.filter((line) => line > from && line <= upTo).length;
    await this.report.keep(tx, operation.id, work, { ...outcome, skipped, refused, refusedLines: new Set(refused.map(({ line }) => line)).size, samples });
    const line = Math.max(from, upTo);
    await this.ledger.add(tx, operation.id, line, outcome.touched, refusedTold(work, mapped, refused));
    return { done: linesDone(work.upload, line), total, state: { line, sampled: sampled + samples.length } };
  }

  private noting({ id }: Run): (line: number, error: unknown) => void {
    return (line, error) => this.logger.pino.error({ operation: id, line, err: error }, 'a line met a fault and was refused');
  }
}

/** Carries the wrong lines out of what is taken back. */
class WrongLines extends Error {
  constructor(readonly refused: readonly RefusedLine[]) {
    super('lines are wrong');
  }
}

function importStopped(wrong: readonly RefusedLine[]): DomainError {
  const line = Math.min(...wrong.map((problem) => problem.line));
  return new DomainError('rule', 'import_stopped', `The import stopped before the part of the file that holds line ${line}, which is wrong; nothing of that part was kept. See its problems, mend the file and import it again: what went in is recognised. Or import it with onError: skip.`);
}

/** What each refused line tells; nothing of one that could not be read at all. */
function refusedTold({ definition, order }: ImportWork, mapped: readonly MappedLine[], refused: readonly RefusedLine[]): Told[] {
  if (refused.length === 0) return [];
  const lines = new Map(mapped.map((line) => [line.line, line]));
  return [...new Set(refused.map(({ line }) => line))].map((line) => {
    const read = lines.get(line);
    return read ? definition.tell(read, order.settings) : {};
  });
}
