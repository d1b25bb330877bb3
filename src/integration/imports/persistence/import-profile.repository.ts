import { Injectable } from '@nestjs/common';
import { concurrencyConflict, DomainError, notFound } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { violates } from '../../../platform/database/database.js';
import { one, type Sql } from '../../../platform/database/sql.js';
import { sql } from '../../../platform/database/statement.js';
import type { Tx } from '../../../platform/database/tx.js';
import { Vault } from '../../../platform/vault/vault.js';
import type { ImportProfile, ProfileContent } from '../domain/import-profile.js';
import type { ImportProfileRow } from '../../persistence/integration.table.js';

type Sealed = Pick<ProfileContent, 'mapping' | 'options'>;

const INSERT = sql<never>('import_profile.insert', `
  insert into integration.import_profile (id, version, name, resource, sealed, created_at, updated_at) values ($1, 1, $2, $3, $4, $5, $5)`);

const GET = sql<ImportProfileRow>('import_profile.get', `
  select id, version, name, resource, sealed, created_at, updated_at from integration.import_profile where id = $1`);

const PAGE = sql<ImportProfileRow>('import_profile.page', `
  select id, version, name, resource, sealed, created_at, updated_at from integration.import_profile
   where ($1::uuid is null or id < $1) and ($2::text is null or resource = $2) order by id desc limit $3`);

const UPDATE = sql<{ id: Id }>('import_profile.update', `
  update integration.import_profile set version = version + 1, name = $3, resource = $4, sealed = $5, updated_at = $6 where id = $1 and version = $2 returning id`);

const DELETE = sql<{ id: Id }>('import_profile.delete', `delete from integration.import_profile where id = $1 and version = $2 returning id`);

/**
 * Profiles, each sealed under a key of its own: a mapping names columns of files, and of a file without a header that is
 * its first record. The keys lie with those of persons, so that they are re-wrapped with them; deleting one destroys its key.
 */
@Injectable()
export class ImportProfileRepository {
  constructor(private readonly vault: Vault) {}

  /** @throws DomainError conflict if another profile has the name. */
  async insert(tx: Tx, id: Id, { name, resource, mapping, options }: ProfileContent): Promise<void> {
    const key = await this.vault.newPerson(id);
    await this.vault.insertKeys(tx, [key]);
    const sealed = await this.vault.seal(key, JSON.stringify({ mapping, options } satisfies Sealed));
    await orNameTaken(name, tx.query(INSERT, [id, name, resource, sealed, tx.startedAt]));
  }

  /** @throws DomainError missing. */
  async get(from: Sql, id: Id): Promise<ImportProfile> {
    const found = await this.find(from, id);
    if (!found) throw notFound('import profile', id);
    return found;
  }

  async find(from: Sql, id: Id): Promise<ImportProfile | undefined> {
    const row = await one(from, GET, [id]);
    return row && toProfile(row, await this.vault.openFor(from, id, row.sealed));
  }

  /** The newest first. */
  async page(from: Sql, after: Id | undefined, resource: string | undefined, limit: number): Promise<ImportProfile[]> {
    const rows = await from.query(PAGE, [after ?? null, resource ?? null, limit]);
    const keys = await this.vault.keysOf(from, rows.map(({ id }) => id));
    const texts = await this.vault.openMany(rows.map((row) => ({ ...keys.get(row.id)!, sealed: row.sealed })));
    return rows.map((row, index) => toProfile(row, texts[index]!));
  }

  /** @throws DomainError stale if it is not at `version`, conflict if another profile has the name. */
  async save(tx: Tx, id: Id, version: number, { name, resource, mapping, options }: ProfileContent): Promise<void> {
    const sealed = await this.vault.sealFor(tx, id, JSON.stringify({ mapping, options } satisfies Sealed));
    const [saved] = await orNameTaken(name, tx.query(UPDATE, [id, version, name, resource, sealed, tx.startedAt]));
    if (!saved) throw concurrencyConflict('import profile', id);
  }

  /** @throws DomainError stale if it is not at `version`. */
  async delete(tx: Tx, id: Id, version: number): Promise<void> {
    const [deleted] = await tx.query(DELETE, [id, version]);
    if (!deleted) throw concurrencyConflict('import profile', id);
    await this.vault.destroy(tx, id, tx.startedAt);
  }
}

function toProfile(row: ImportProfileRow, text: string): ImportProfile {
  const { mapping, options } = JSON.parse(text) as Sealed;
  return { id: row.id, version: row.version, name: row.name, resource: row.resource, mapping, options, createdAt: row.created_at, updatedAt: row.updated_at };
}

async function orNameTaken<T>(name: string, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!violates(error, 'import_profile_name')) throw error;
    throw new DomainError('conflict', 'profile_name_taken', `Another import profile is named "${name}". Choose another name, or change that one.`);
  }
}
