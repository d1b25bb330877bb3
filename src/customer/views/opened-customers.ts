import { Injectable } from '@nestjs/common';
import type { Id } from '../../kernel/id.js';
import { Clock } from '../../kernel/clock.js';
import { Vault } from '../../platform/vault/vault.js';
import { dayOf } from '../domain/calendar-date.js';
import { customerJson, profileText } from '../domain/profile.js';

/** A customer as the views' statements give it: plain members as JSON text, and the blob beside the key that opens it. */
export interface SealedCustomer {
  readonly id: Id;
  readonly plain: string;
  readonly sealed: Buffer | null;
  readonly master_key_id: string;
  readonly wrapped_key: Buffer | null;
}

/** What is left of an erased person's profile. */
const NOTHING = profileText({ bornOn: null, name: null, contactPoints: [], addresses: [], note: null, externalIds: [] });

/** Opens sealed profiles and splices them into the plain members, without parsing either. */
@Injectable()
export class OpenedCustomers {
  constructor(
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /** JSON texts in the order of the rows. */
  async open(rows: readonly SealedCustomer[]): Promise<string[]> {
    const today = dayOf(this.clock.now());
    const profiles = await this.vault.openMany(rows.map((row) => ({ personId: row.id, masterKeyId: row.master_key_id, wrappedKey: row.wrapped_key, sealed: row.sealed })));
    return rows.map((row, index) => customerJson(row.plain, profiles[index] ?? NOTHING, today));
  }
}
