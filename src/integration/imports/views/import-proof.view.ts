import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../../kernel/actor.js';
import { DomainError, notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { formatAmount } from '../../../kernel/money.js';
import { Database } from '../../../platform/database/database.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { ImportDefinition } from '../../../platform/transfer/import-definition.js';
import { Imports } from '../../../platform/transfer/imports.js';
import { Proof, type ProofRow, type Tally } from '../domain/proof.js';
import { ImportLedger, type ToldRecord } from '../persistence/import-ledger.js';
import { ImportRepository, type Import } from '../persistence/import.repository.js';

export interface TallyView {
  readonly records: number;
  readonly amount: string | null;
}

export interface ProofRowView {
  readonly month: string | null;
  readonly currency: string | null;
  readonly file: TallyView;
  readonly database: TallyView;
  readonly refused: { readonly lines: number; readonly amount: string | null };
  readonly matches: boolean;
}

export interface ImportProof {
  readonly id: Id;
  readonly resource: string;
  readonly timeZone: string;
  readonly matches: boolean;
  readonly lines: { readonly read: number; readonly accepted: number; readonly skipped: number; readonly refused: number; readonly repeated: number };
  readonly rows: readonly ProofRowView[];
}

/** Holds what the lines of a file say against what is stored now, record for record, in sums. */
@Injectable()
export class ImportProofView {
  constructor(
    private readonly database: Database,
    private readonly imports: Imports,
    private readonly orders: ImportRepository,
    private readonly ledger: ImportLedger,
  ) {}

  /** Of an import that still runs, up to its last chunk. @throws DomainError missing, or conflict for a trial. */
  async of(importId: Id): Promise<ImportProof> {
    return this.database.transaction(SYSTEM, async (tx) => {
      const order = await this.orders.get(tx, importId);
      if (!order) throw notFound('import', importId);
      if (order.dryRun) throw new DomainError('conflict', 'nothing_to_prove', `The import ${importId} was a trial and kept nothing. Import the file, then ask for the proof.`);
      const definition = this.imports.get(order.resource);
      if (!definition) throw new DomainError('conflict', 'unknown_resource', `This release imports no "${order.resource}", so what is stored of it cannot be measured.`);
      const proof = new Proof();
      const records = await this.measure(tx, order, definition, proof);
      for (const { month, currency, lines, minor } of await this.ledger.refused(tx, importId)) {
        proof.add('refused', { month, currency }, { records: lines, minor: minorOf(minor) });
      }
      return present(order, proof, records);
    });
  }

  private async measure(tx: Tx, { operationId, settings }: Import, definition: ImportDefinition, proof: Proof): Promise<number> {
    let records = 0;
    for await (const told of this.ledger.records(tx, operationId)) {
      records += told.length;
      for (const { month, currency, minor } of told) proof.add('file', { month, currency }, { records: 1, minor: minor === null ? undefined : BigInt(minor) });
      for (const { month, currency, records: count, minor } of await definition.measure(tx, told.map(asked), settings.timeZone)) {
        proof.add('database', { month, currency }, { records: count, minor: minorOf(minor) });
      }
    }
    return records;
  }
}

function asked({ id, part, month, minor }: ToldRecord) {
  return { id, part, dated: month !== null, priced: minor !== null };
}

function minorOf(digits: string | null): bigint | undefined {
  return digits === null ? undefined : BigInt(digits);
}

function present({ operationId: id, resource, settings, counts }: Import, proof: Proof, records: number): ImportProof {
  const { created, updated, unchanged, skipped, refused } = counts;
  const accepted = created + updated + unchanged;
  return {
    id, resource, timeZone: settings.timeZone, matches: proof.matches,
    lines: { read: accepted + skipped + refused, accepted, skipped, refused, repeated: accepted - records },
    rows: proof.rows.map(presentRow),
  };
}

function presentRow({ month, currency, file, database, refused, matches }: ProofRow): ProofRowView {
  const tally = ({ records, minor }: Tally): TallyView => ({ records, amount: minor === undefined || currency === null ? null : formatAmount(minor, currency) });
  const { records: lines, amount } = tally(refused);
  return { month, currency, file: tally(file), database: tally(database), refused: { lines, amount }, matches };
}
