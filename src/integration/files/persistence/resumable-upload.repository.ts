import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/id.js';
import { one, type Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { MasterKeys } from '../../../platform/vault/master-key.js';
import { openText, sealText } from '../../../platform/vault/person-cipher.js';
import type { ReadingSettings } from './upload.js';

/** A file whose sender is not heard of is swept up after this. */
export const WAITS_HOURS = 24;

const BEGIN = sql<never>('resumable_upload.begin', `
  insert into integration.resumable_upload (upload_id, total_bytes, received_bytes, sealed) values ($1, $2, 0, $3)`);

const WAIT = sql<{ expires_at: Date }>('resumable_upload.wait', `
  update integration.upload set expires_at = $2::timestamptz + make_interval(hours => $3) where id = $1 returning expires_at`);

interface Row {
  readonly upload_id: Id;
  readonly total_bytes: number;
  readonly received_bytes: number;
  readonly sealed: Buffer;
  readonly operation_id: Id | null;
  readonly master_key_id: string;
  readonly wrapped_key: Buffer;
  readonly created_by_kind: string;
  readonly created_by_id: string;
  readonly created_at: Date;
  readonly received_at: Date | null;
  readonly expires_at: Date;
}

const GET = sql<Row>('resumable_upload.get', `
  select r.upload_id, r.total_bytes, r.received_bytes, r.sealed, r.operation_id, u.master_key_id, u.wrapped_key,
         u.created_by_kind, u.created_by_id, u.created_at, u.received_at, u.expires_at
    from integration.resumable_upload r join integration.upload u on u.id = r.upload_id
   where r.upload_id = $1`);

/** Of several senders of the same bytes one moves the offset, and the others find it moved. */
const ADVANCE = sql<{ upload_id: Id }>('resumable_upload.advance', `
  update integration.resumable_upload set received_bytes = $3 where upload_id = $1 and received_bytes = $2 returning upload_id`);

const LOOK_INTO = sql<never>('resumable_upload.look_into', `update integration.resumable_upload set operation_id = $2 where upload_id = $1`);

/** What the sender says of the file when it begins. */
export interface ResumableFile {
  readonly name: string | null;
  readonly mediaType: string;
  readonly settings: ReadingSettings;
}

/** A file that comes in chunks. */
export interface ResumableUpload extends ResumableFile {
  readonly id: Id;
  readonly totalBytes: number;
  /** Bytes that are here, and so where the next chunk begins. */
  readonly receivedBytes: number;
  /** What looks into it once it is wholly here. */
  readonly operationId: Id | null;
  /** It is an upload like others. */
  readonly isReady: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly key: Buffer;
}

/** Files that come in chunks: how much of them is here, and how they are to be read. */
@Injectable()
export class ResumableUploadRepository {
  constructor(private readonly masterKeys: MasterKeys) {}

  /** @param key of the upload, which was opened in the same transaction */
  async begin(tx: Tx, id: Id, key: Buffer, totalBytes: number, file: ResumableFile): Promise<void> {
    await tx.query(BEGIN, [id, totalBytes, sealText(key, boundTo(id), JSON.stringify(file satisfies ResumableFile))]);
    await this.wait(tx, id);
    tx.audit({ action: 'upload.begun', subjectType: 'upload', subjectId: id, details: { bytes: totalBytes } });
  }

  /** One of the caller's own; others do not learn that it exists. */
  async find(door: Sql, owner: Pick<Actor, 'kind' | 'id'>, id: Id): Promise<ResumableUpload | undefined> {
    const row = await one(door, GET, [id]);
    return row && row.created_by_kind === owner.kind && row.created_by_id === owner.id ? this.toResumable(row) : undefined;
  }

  /** For the product itself, which acts on what a caller was allowed to start. */
  async get(door: Sql, id: Id): Promise<ResumableUpload | undefined> {
    const row = await one(door, GET, [id]);
    return row && this.toResumable(row);
  }

  /** Counts bytes in, and the hours of waiting anew. @returns false if somebody else moved the offset first */
  async advance(tx: Tx, id: Id, from: number, to: number): Promise<boolean> {
    const moved = await tx.query(ADVANCE, [id, from, to]);
    if (moved.length === 0) return false;
    await this.wait(tx, id);
    return true;
  }

  async isLookedInto(tx: Tx, id: Id, operationId: Id): Promise<void> {
    await tx.query(LOOK_INTO, [id, operationId]);
  }

  private async wait(tx: Tx, id: Id): Promise<void> {
    await tx.query(WAIT, [id, tx.startedAt, WAITS_HOURS]);
  }

  private async toResumable(row: Row): Promise<ResumableUpload> {
    const key = await this.masterKeys.unwrap({ masterKeyId: row.master_key_id, wrappedKey: row.wrapped_key });
    return {
      ...(JSON.parse(openText(key, boundTo(row.upload_id), row.sealed)) as ResumableFile),
      id: row.upload_id,
      totalBytes: row.total_bytes,
      receivedBytes: row.received_bytes,
      operationId: row.operation_id,
      isReady: row.received_at !== null,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      key,
    };
  }
}

function boundTo(id: Id): string {
  return `${id}/resumable`;
}
