import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../../kernel/actor.js';
import { DomainError, notFound } from '../../../kernel/domain-error.js';
import { Database } from '../../../platform/database/database.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { OperationDefinition, OperationRun, Progress } from '../../../platform/jobs/operation.js';
import { RootLogger } from '../../../platform/observability/logger.js';
import type { ImportDefinition, ImportOutcome, MappedLine, Told } from '../../../platform/transfer/import-definition.js';
import { Imports } from '../../../platform/transfer/imports.js';
import { IMPORT_RUN } from '../../contract/permissions.js';
import { mapLine, UnreadableCell, type ColumnMapping } from '../domain/column-mapping.js';
import { ImportLedger } from '../persistence/import-ledger.js';
import { ImportProblemRepository, type RefusedLine } from '../persistence/import-problem.repository.js';
import { ImportRepository, type Import } from '../persistence/import.repository.js';
import { UploadContent } from '../../files/persistence/upload-content.js';
import type { Upload } from '../../files/persistence/upload.js';
import { UploadRepository } from '../../files/persistence/upload.repository.js';
import { applyLines } from './apply-lines.js';
import { fileLines, type FileLine } from '../../files/use-cases/file-lines.js';
import { textLines } from './start-import.js';

/** Lines of one transaction: enough that its cost is spread thin, few enough that its locks are short. */
export const CHUNK_LINES = 500;
/** A trial says what kind of thing is wrong; the import itself then lists every line. */
export const PROBLEMS_OF_A_TRIAL = 100;

/** How far an import came. Lines up to `line` are dealt with, and no other. */
export interface ImportState {
  readonly line: number;
}

type Run = OperationRun<object, ImportState>;

interface Chunk {
  readonly mapped: MappedLine[];
  readonly refused: RefusedLine[];
  readonly cells: Map<number, readonly string[]>;
  lastLine: number;
}

interface Work {
  readonly order: Import;
  readonly definition: ImportDefinition;
  readonly upload: Upload;
}

/**
 * Brings a file in chunk by chunk. Each chunk commits with its counts, its refused lines and how far it came, so a run
 * that is cut off goes on behind the last committed chunk, and one that is cancelled keeps what went in.
 */
@Injectable()
export class RunImport implements OperationDefinition<object, ImportState> {
  readonly permission = IMPORT_RUN;

  constructor(
    private readonly database: Database,
    private readonly imports: Imports,
    private readonly orders: ImportRepository,
    private readonly uploads: UploadRepository,
    private readonly content: UploadContent,
    private readonly problems: ImportProblemRepository,
    private readonly ledger: ImportLedger,
    private readonly logger: RootLogger,
  ) {}

  async run(operation: Run): Promise<void> {
    const { order, upload, definition } = await this.workOf(operation);
    const lines = fileLines(upload, this.content.read(upload));
    for await (const chunk of chunks(lines, order.mapping, operation.state.line ?? 0)) {
      await operation.step((tx) => this.take(tx, operation, { order, upload, definition }, chunk));
    }
    await operation.step(() => Promise.resolve({ done: textLines(upload), total: textLines(upload) }));
    const done = await this.orders.get(this.database, operation.id);
    await operation.finish({ resource: order.resource, dryRun: order.dryRun, ...done?.counts });
    // The lines are needed no more once they are in; after a trial they are, for the import proper. If the process ends
    // just here, they go when the upload expires.
    if (!order.dryRun) await this.database.transaction(SYSTEM, (tx) => this.uploads.dropContent(tx, upload.id));
  }

  private async workOf(operation: Run): Promise<Work> {
    const order = await this.orders.get(this.database, operation.id);
    if (!order) throw notFound('import', operation.id);
    const upload = await this.uploads.get(this.database, order.uploadId);
    if (!upload) throw new DomainError('rule', 'upload_expired', `The upload ${order.uploadId} has expired. Upload the file and import it again; what went in is recognised.`);
    const definition = this.imports.get(order.resource);
    if (!definition) throw new DomainError('rule', 'unknown_resource', `This release imports no "${order.resource}".`);
    return { order, upload, definition };
  }

  private async take(tx: Tx, operation: Run, work: Work, chunk: Chunk): Promise<Progress<ImportState>> {
    const from = operation.state.line ?? 0;
    const total = textLines(work.upload);
    // Another process may have gone further while this one was taken for dead.
    const isNew = ({ line }: { readonly line: number }): boolean => line > from;
    const mapped = chunk.mapped.filter(isNew);
    const outcome = work.order.dryRun ? await this.tryOut(tx, operation, work, mapped) : await this.apply(tx, operation, work, mapped);
    const refused = [...chunk.refused.filter(isNew), ...outcome.refused.map((problem) => ({ ...problem, cells: chunk.cells.get(problem.line) ?? [] }))];
    const refusedHere = new Set(refused.map(({ line }) => line)).size;
    const counts = await this.orders.count(tx, operation.id, { ...outcome, refused: refusedHere });
    await this.problems.add(tx, operation.id, work.upload, work.order.dryRun ? refused.slice(0, Math.max(0, PROBLEMS_OF_A_TRIAL - counts.refused + refusedHere)) : refused);
    const line = Math.max(from, chunk.lastLine);
    if (!work.order.dryRun) await this.ledger.add(tx, operation.id, line, outcome.touched, this.refusedTold(work, mapped, refused));
    return { done: Math.min(line - (work.upload.format === 'csv' ? 1 : 0), total), total, state: { line } };
  }

  private apply(tx: Tx, { id }: Run, { definition, order }: Work, lines: readonly MappedLine[]): Promise<ImportOutcome> {
    return applyLines(tx, definition, lines, order.settings, (line, error) => {
      this.logger.pino.error({ operation: id, line, err: error }, 'a line met a fault and was refused');
    });
  }

  /** What each refused line tells; nothing of one that could not be read at all. */
  private refusedTold({ definition, order }: Work, mapped: readonly MappedLine[], refused: readonly RefusedLine[]): Told[] {
    if (refused.length === 0) return [];
    const lines = new Map(mapped.map((line) => [line.line, line]));
    return [...new Set(refused.map(({ line }) => line))].map((line) => {
      const read = lines.get(line);
      return read ? definition.tell(read, order.settings) : {};
    });
  }

  /** Applies the lines, takes the effects back and keeps what they came to. */
  private async tryOut(tx: Tx, operation: Run, work: Work, lines: readonly MappedLine[]): Promise<ImportOutcome> {
    try {
      await tx.attempt(async () => {
        throw new TakenBack(await this.apply(tx, operation, work, lines));
      });
    } catch (error) {
      if (error instanceof TakenBack) return error.outcome;
      throw error;
    }
    throw new Error('A trial of lines came to an end without being taken back.');
  }
}

class TakenBack extends Error {
  constructor(readonly outcome: ImportOutcome) {
    super('taken back');
  }
}

async function* chunks(lines: AsyncIterable<FileLine>, mapping: ColumnMapping, after: number): AsyncGenerator<Chunk> {
  let chunk = emptyChunk();
  for await (const line of lines) {
    if (line.line <= after) continue;
    sortIn(chunk, line, mapping);
    if (chunk.cells.size === CHUNK_LINES) {
      yield chunk;
      chunk = emptyChunk();
    }
  }
  if (chunk.cells.size > 0) yield chunk;
}

function emptyChunk(): Chunk {
  return { mapped: [], refused: [], cells: new Map(), lastLine: 0 };
}

function sortIn(chunk: Chunk, { line, cells, broken, cellOf }: FileLine, mapping: ColumnMapping): void {
  chunk.cells.set(line, cells);
  chunk.lastLine = line;
  if (broken) {
    chunk.refused.push({ line, cells, ...broken });
    return;
  }
  try {
    chunk.mapped.push({ line, values: mapLine(mapping, cellOf) });
  } catch (error) {
    if (!(error instanceof UnreadableCell)) throw error;
    chunk.refused.push({ line, cells, column: error.column, code: error.code, detail: error.message });
  }
}
