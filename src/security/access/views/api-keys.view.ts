import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { sql } from '../../../platform/database/statement.js';
import { Cursors } from '../../../platform/http/cursor.js';
import { pageOf, type Page } from '../../../platform/http/page.js';
import { apiKeyPrefix } from '../domain/api-key.js';

export interface ApiKeySeen {
  readonly id: Id;
  readonly name: string;
  /** What the key begins with: enough to recognise it. */
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly issuedBy: Id;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface KeysWanted {
  readonly issuedBy?: Id;
  readonly limit: number;
  readonly cursor?: string;
}

const LIST = sql<Omit<ApiKeySeen, 'prefix'>>('security.list_api_keys', `
  select id, name, scopes, issued_by as "issuedBy", created_at as "createdAt", expires_at as "expiresAt",
         last_used_at as "lastUsedAt", revoked_at as "revokedAt"
    from security.api_key
   where ($1::uuid is null or id < $1) and ($2::uuid is null or issued_by = $2)
   order by id desc limit $3`);

const NAME = sql<{ name: string }>('security.api_key_name', 'select name from security.api_key where id = $1');

const CURSOR = 'api-keys:-createdAt';

/** API keys, newest first, revoked and expired ones too. Their secrets are nowhere. */
@Injectable()
export class ApiKeysView {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  async list({ issuedBy, limit, cursor }: KeysWanted): Promise<Page<ApiKeySeen>> {
    const after = cursor === undefined ? null : this.cursors.decode(CURSOR, cursor)[0];
    const rows = await this.database.query(LIST, [after, issuedBy ?? null, limit + 1]);
    const { data, page } = pageOf(rows, limit, ({ id }) => this.cursors.encode(CURSOR, [id]));
    return { data: data.map((key) => ({ ...key, prefix: apiKeyPrefix(key.id) })), page };
  }

  async nameOf(id: Id): Promise<string> {
    const [key] = await this.database.query(NAME, [id]);
    return key?.name ?? '';
  }
}
