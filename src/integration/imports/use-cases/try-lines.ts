import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../../kernel/actor.js';
import { Database } from '../../../platform/database/database.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { LineChange } from '../../../platform/transfer/import-definition.js';
import { LINES_OF_A_TRIAL } from '../domain/trial.js';
import type { RefusedLine } from '../persistence/import-problem.repository.js';
import { applyLines, type Applied } from './apply-lines.js';
import type { Chunk } from './import-chunks.js';
import { ImportReport, PROBLEMS_OF_A_TRIAL, sampleRoom, type Found } from './import-report.js';
import { linesDone, textLines, type ImportWork, type Run } from './import-work.js';

const TRIES_OF_A_CHUNK = 3;
const STARTED_OVER: ReadonlySet<unknown> = new Set(['40001', '40P01']);

/** One process at a time tries an operation out; another that took it for dead waits here. */
const TAKE_TRIAL = sql<never>('import.take_trial', `select pg_advisory_xact_lock(hashtextextended($1, 1))`);

interface Part extends Found {
  readonly lines: number;
  readonly lastLine: number;
}

/** Says what an import would do: does it, in long transactions that are all rolled back. */
@Injectable()
export class TryLines {
  constructor(
    private readonly database: Database,
    private readonly report: ImportReport,
  ) {}

  /** Takes chunks from where the operation stands. A run that is cut off begins its part of the file again. */
  async run(operation: Run, work: ImportWork, chunks: AsyncGenerator<Chunk, void>, onFault: (line: number, error: unknown) => void): Promise<void> {
    for (let part = await this.part(operation, work, chunks, onFault); part.lines > 0; part = await this.part(operation, work, chunks, onFault)) {
      await operation.step(async (tx) => {
        const { line = 0, sampled = 0 } = operation.state;
        // Another process may have tried the same part while this one was taken for dead.
        if (part.lastLine <= line) return { done: operation.done };
        await this.report.keep(tx, operation.id, work, part);
        return { done: linesDone(work.upload, part.lastLine), total: textLines(work.upload), state: { line: part.lastLine, sampled: sampled + part.samples.length } };
      });
    }
  }

  private async part(operation: Run, work: ImportWork, chunks: AsyncGenerator<Chunk, void>, onFault: (line: number, error: unknown) => void): Promise<Part> {
    const part = { lines: 0, lastLine: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, refusedLines: 0, refused: [] as RefusedLine[], samples: [] as LineChange[] };
    await this.takenBack(async (trial) => {
      await trial.query(TAKE_TRIAL, [operation.id]);
      while (part.lines < LINES_OF_A_TRIAL) {
        const { value: chunk } = await chunks.next();
        if (!chunk) break;
        const room = sampleRoom(work.upload, chunk.lastLine, (operation.state.sampled ?? 0) + part.samples.length);
        addTo(part, chunk, await this.tryChunk(trial, work, chunk, room, onFault));
        // Nobody hears of what did not happen, and a long trial must not gather it.
        trial.takePending();
        await operation.step(() => Promise.resolve({ done: linesDone(work.upload, chunk.lastLine), total: textLines(work.upload) }));
      }
    });
    return part;
  }

  /** Somebody else's commit may come between looking and writing; a look again finds it. */
  private async tryChunk(trial: Tx, work: ImportWork, chunk: Chunk, room: number, onFault: (line: number, error: unknown) => void): Promise<Applied[]> {
    for (let left = TRIES_OF_A_CHUNK; ; left -= 1) {
      try {
        return await trial.attempt(() => applyAll(trial, work, chunk, room, onFault));
      } catch (error) {
        if (!STARTED_OVER.has((error as { code?: unknown }).code)) throw error;
        // Not as it came, or the database layer would start the transaction over, whose lines were read already.
        if (left === 1) throw new Error('A trial met others at the same records again and again.', { cause: error });
      }
    }
  }

  private async takenBack(work: (tx: Tx) => Promise<void>): Promise<void> {
    const done = new Error('taken back');
    try {
      await this.database.transaction(SYSTEM, async (tx) => {
        await work(tx);
        throw done;
      });
    } catch (error) {
      if (error !== done) throw error;
    }
  }
}

async function applyAll(trial: Tx, { definition, order }: ImportWork, { mapped }: Chunk, room: number, onFault: (line: number, error: unknown) => void): Promise<Applied[]> {
  const all: Applied[] = [];
  let sampled = 0;
  for (let rest: Applied['rest'] = mapped; rest.length > 0; rest = all.at(-1)!.rest) {
    const applied = await applyLines(trial, definition, rest, { ...order.settings, sampleLimit: room - sampled }, onFault);
    sampled += applied.samples?.length ?? 0;
    all.push(applied);
  }
  return all;
}

function addTo(part: { -readonly [Name in keyof Part]: Part[Name] } & { refused: RefusedLine[]; samples: LineChange[] }, chunk: Chunk, applied: readonly Applied[]): void {
  const refused = [...chunk.refused, ...applied.flatMap((one) => one.refused.map((problem) => ({ ...problem, cells: chunk.cells.get(problem.line) ?? [] })))];
  part.lines += chunk.cells.size;
  part.lastLine = chunk.lastLine;
  part.skipped += chunk.skipped.length;
  for (const { created, updated, unchanged, samples = [] } of applied) {
    part.created += created;
    part.updated += updated;
    part.unchanged += unchanged;
    part.samples.push(...samples);
  }
  part.refusedLines += new Set(refused.map(({ line }) => line)).size;
  part.refused.push(...refused.sort((one, other) => one.line - other.line).slice(0, Math.max(0, PROBLEMS_OF_A_TRIAL - part.refused.length)));
}
