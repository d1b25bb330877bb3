import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import { notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { one, type Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { MasterKeys } from '../../../platform/vault/master-key.js';
import { newPersonKey, openText, sealText } from '../../../platform/vault/person-cipher.js';
import type { Delimiter } from '../domain/dialect.js';
import type { Encoding } from '../domain/encoding.js';
import type { UploadRow } from '../../persistence/integration.table.js';
import type { FileAnalysis, FileFacts, ReceivedFile, Upload } from './upload.js';

/** How long a file and what was refused of it are kept. */
export const KEPT_DAYS = 7;
/** An upload that was cut off is swept up after this. */
const UNFINISHED_HOURS = 1;

const OPEN = sql<never>('upload.open', `
  insert into integration.upload (id, bytes, lines, pieces, master_key_id, wrapped_key, created_by_kind, created_by_id, created_at, expires_at)
  values ($1, 0, 0, 0, $2, $3, $4, $5, $6, $6::timestamptz + make_interval(hours => $7))`);

const FINISH = sql<{ id: Id }>('upload.finish', `
  update integration.upload
     set format = $2, delimiter = $3, encoding = $4, described = $5, analysis = $6, bytes = $7, lines = $8, pieces = $9, sha256 = $10,
         received_at = $11, expires_at = $11::timestamptz + make_interval(days => $12)
   where id = $1
  returning id`);

const GET = sql<UploadRow>('upload.get', `
  select id, format, delimiter, encoding, bytes, lines, pieces, sha256, master_key_id, wrapped_key, described,
         created_by_kind, created_by_id, created_at, received_at, content_deleted_at, expires_at
    from integration.upload where id = $1 and received_at is not null`);

const KEEP = sql<never>('upload.keep', `
  update integration.upload set expires_at = $2::timestamptz + make_interval(days => $3) where id = $1`);

const DROP_PIECES = sql<never>('upload.drop_pieces', `delete from integration.upload_piece where upload_id = $1`);
const MARK_DROPPED = sql<never>('upload.mark_dropped', `update integration.upload set content_deleted_at = $2 where id = $1`);
const DELETE = sql<never>('upload.delete', `delete from integration.upload where id = $1`);

const EXPIRED = sql<{ id: Id }>('upload.expired', `
  select id from integration.upload where expires_at <= $1 order by expires_at limit $2 for update skip locked`);

const ANALYSIS = sql<{ analysis: Buffer }>('upload.analysis', `select analysis from integration.upload where id = $1 and received_at is not null`);

/** What a file says of itself: names of its columns are its first record if it has no header, and a sheet may bear the name of a person. */
type Described = Pick<Upload, 'name' | 'columns' | 'sheets' | 'sheet' | 'quote' | 'header' | 'headerGrounds' | 'encodingGrounds'>;

/** Files brought for import, each under a random key of its own that the master key wraps. */
@Injectable()
export class UploadRepository {
  constructor(private readonly masterKeys: MasterKeys) {}

  /** Begins an upload. @returns its key */
  async open(tx: Tx, id: Id): Promise<Buffer> {
    const key = newPersonKey();
    const { masterKeyId, wrappedKey } = await this.masterKeys.wrap(key);
    await tx.query(OPEN, [id, masterKeyId, wrappedKey, tx.actor.kind, tx.actor.id, tx.startedAt, UNFINISHED_HOURS]);
    return key;
  }

  async finish(tx: Tx, { id, key, name, facts, analysis }: ReceivedFile): Promise<Upload> {
    const described = sealText(key, id, JSON.stringify(describedBy(name, facts)));
    const finished = await tx.query(FINISH, [
      id, facts.format, facts.delimiter, facts.encoding, described, sealText(key, boundAnalysis(id), JSON.stringify(analysis)), facts.bytes, facts.lines, facts.pieces, facts.sha256, tx.startedAt, KEPT_DAYS,
    ]);
    if (finished.length === 0) throw notFound('upload', id);
    tx.audit({ action: 'upload.received', subjectType: 'upload', subjectId: id, details: { format: facts.format, bytes: facts.bytes } });
    return (await this.get(tx, id))!;
  }

  /** A file that is wholly here, if it is this caller's own; others do not learn that it exists. */
  async find(door: Sql, owner: Pick<Actor, 'kind' | 'id'>, id: Id): Promise<Upload | undefined> {
    const row = await one(door, GET, [id]);
    return row && row.created_by_kind === owner.kind && row.created_by_id === owner.id ? this.toUpload(row) : undefined;
  }

  /** For the product itself, which acts on what a caller was allowed to start. */
  async get(door: Sql, id: Id): Promise<Upload | undefined> {
    const row = await one(door, GET, [id]);
    return row && this.toUpload(row);
  }

  /** What its first lines hold; undefined once it is gone. */
  async analysis(door: Sql, { id, key }: Pick<Upload, 'id' | 'key'>): Promise<FileAnalysis | undefined> {
    const row = await one(door, ANALYSIS, [id]);
    return row && (JSON.parse(openText(key, boundAnalysis(id), row.analysis)) as FileAnalysis);
  }

  /** Counts its days anew. */
  async keep(tx: Tx, id: Id): Promise<void> {
    await tx.query(KEEP, [id, tx.startedAt, KEPT_DAYS]);
  }

  /** Deletes the lines; what was refused of them stays until it expires. */
  async dropContent(tx: Tx, id: Id): Promise<void> {
    await tx.query(DROP_PIECES, [id]);
    await tx.query(MARK_DROPPED, [id, tx.startedAt]);
  }

  /** Deletes the file with its key and what was refused of it. */
  async delete(tx: Tx, id: Id): Promise<void> {
    await tx.query(DELETE, [id]);
    tx.audit({ action: 'upload.deleted', subjectType: 'upload', subjectId: id });
  }

  /** Deletes what came of a file that was refused or cut off. */
  async abandon(tx: Tx, id: Id): Promise<void> {
    await tx.query(DELETE, [id]);
  }

  async expired(tx: Tx, limit: number): Promise<Id[]> {
    const rows = await tx.query(EXPIRED, [tx.startedAt, limit]);
    return rows.map((row) => row.id);
  }

  private async toUpload(row: UploadRow): Promise<Upload> {
    const key = await this.masterKeys.unwrap({ masterKeyId: row.master_key_id, wrappedKey: row.wrapped_key });
    return {
      ...(JSON.parse(openText(key, row.id, row.described!)) as Described),
      id: row.id,
      format: row.format!,
      delimiter: row.delimiter as Delimiter | null,
      encoding: row.encoding as Encoding,
      bytes: row.bytes,
      lines: row.lines,
      pieces: row.pieces,
      sha256: row.sha256!,
      createdBy: { kind: row.created_by_kind as Actor['kind'], id: row.created_by_id },
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      hasContent: row.content_deleted_at === null,
      key,
    };
  }
}

function describedBy(name: string | null, { columns, sheets, sheet, quote, header, headerGrounds, encodingGrounds }: FileFacts): Described {
  return { name, columns, sheets, sheet, quote, header, headerGrounds, encodingGrounds };
}

/** Sealed under the same key as the description, so bound to another name. */
function boundAnalysis(id: Id): string {
  return `${id}/analysis`;
}
