import { Injectable } from '@nestjs/common';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { readApiKey } from '../domain/api-key.js';
import { ApiKeys } from '../persistence/api-keys.js';
import { fingerprint, sameFingerprint } from './secrets.js';

/** Is this a key we issued? Whether it still works, and what it may do, is asked with every request. */
@Injectable()
export class CheckApiKey {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeys,
  ) {}

  async run(text: string): Promise<Id | undefined> {
    const parts = readApiKey(text);
    if (!parts) return undefined;
    const stored = await this.keys.hashOf(this.database, parts.id);
    return stored && sameFingerprint(stored, fingerprint(parts.secret)) ? parts.id : undefined;
  }
}
