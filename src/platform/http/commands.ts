import { createHash, createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import { Database, violates } from '../database/database.js';
import { sql } from '../database/statement.js';
import type { Tx } from '../database/tx.js';
import { MasterKeys } from '../vault/master-key.js';
import { Vault } from '../vault/vault.js';
import type { Call } from './call.js';
import { RawJson, Reply } from './reply.js';

interface StoredAnswer {
  readonly held: boolean;
  /** Null if the key has no answer, false if the answer it has is older than answers are kept. */
  readonly counts: boolean | null;
  readonly fingerprint: Buffer | null;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly person_id: string | null;
  readonly body: Buffer | null;
}

/** One statement takes the key's lock and looks for the answer; a twin in flight fails to get the lock. */
const CLAIM = sql<StoredAnswer>('idempotency.claim', `
  select pg_try_advisory_xact_lock($1::bigint) as held, i.created_at > $4::timestamptz - interval '24 hours' as counts,
         i.fingerprint, i.status, i.headers, i.person_id, i.body
    from (select 1) as always
    left join platform.idempotency i on i.caller = $2 and i.key = $3`);

const ANSWERED = sql<{ answered: boolean }>('idempotency.answered', `
  select exists (select from platform.idempotency where caller = $1 and key = $2 and created_at > now() - interval '24 hours') as answered`);

const STORE = sql<never>('idempotency.store', `
  insert into platform.idempotency (caller, key, fingerprint, status, headers, person_id, body, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8)`);

const FORGET_OLD = sql<never>('idempotency.forget_old', `
  delete from platform.idempotency where caller = $1 and key = $2 and created_at <= $3::timestamptz - interval '24 hours'`);

/**
 * Runs what a POST, PATCH or DELETE does: one transaction for the effect, its events, its audit rows and, where the
 * caller sent an Idempotency-Key, the answer itself. A refusal leaves nothing behind, so a retry decides afresh.
 */
@Injectable()
export class Commands {
  private readonly fingerprintKey: Buffer;

  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    keys: MasterKeys,
  ) {
    this.fingerprintKey = keys.derive('idempotency fingerprints', 32);
  }

  async run<T>(call: Call, work: (tx: Tx) => Promise<Reply<T>>): Promise<Reply<T | RawJson | undefined>> {
    const { idempotencyKey: key } = call;
    if (key === undefined) return this.database.transaction(call.actor, async (tx) => withEventId(await work(tx), tx));
    try {
      return await this.once(call, key, work);
    } catch (error) {
      // A twin committed between our look and our lock; its answer is there now, and what refused us may be its effect.
      const refused = error instanceof DomainError && error.code !== 'idempotency_key_reused';
      if (violates(error, 'idempotency_pkey') || (refused && (await this.isAnswered(call, key)))) return this.once(call, key, work);
      throw error;
    }
  }

  private async isAnswered(call: Call, key: string): Promise<boolean> {
    const [row] = await this.database.query(ANSWERED, [callerOf(call), key]);
    return row?.answered === true;
  }

  private once<T>(call: Call, key: string, work: (tx: Tx) => Promise<Reply<T>>): Promise<Reply<T | RawJson | undefined>> {
    const caller = callerOf(call);
    return this.database.transaction(call.actor, async (tx) => {
      const [found] = await tx.query(CLAIM, [lockOf(caller, key), caller, key, tx.startedAt]);
      if (found?.counts) return this.replay(tx, found, call);
      if (!found?.held) {
        throw new DomainError('conflict', 'idempotency_in_progress', 'A request with this Idempotency-Key is still running. Wait a moment and send it again.', { retryAfterSeconds: 1 });
      }
      const reply = withEventId(await work(tx), tx);
      const body = await this.pack(tx, reply);
      if (found.counts === false) tx.send(FORGET_OLD, [caller, key, tx.startedAt]);
      tx.send(STORE, [caller, key, this.keyed(call.fingerprint), reply.status, JSON.stringify(reply.headers), reply.personId ?? null, body, tx.startedAt]);
      return reply;
    });
  }

  private async replay(tx: Tx, found: StoredAnswer, call: Call): Promise<Reply<RawJson | undefined>> {
    if (!this.keyed(call.fingerprint).equals(found.fingerprint!)) {
      throw new DomainError('rule', 'idempotency_key_reused', 'This Idempotency-Key was used with another request. Use a new key for a new request.');
    }
    const body = found.body === null ? undefined : new RawJson(await this.unpack(tx, found.person_id, found.body));
    return new Reply(found.status, body, { ...found.headers, 'Idempotent-Replayed': 'true' });
  }

  /** Bodies hold passwords and telephone numbers, which a plain hash in a stolen database would let anybody try out. */
  private keyed(fingerprint: Buffer): Buffer {
    return createHmac('sha256', this.fingerprintKey).update(fingerprint).digest();
  }

  private async pack(tx: Tx, reply: Reply): Promise<Buffer | null> {
    if (reply.body === undefined) return null;
    const text = reply.body instanceof RawJson ? reply.body.text : JSON.stringify(reply.body);
    return reply.personId === undefined ? Buffer.from(text) : this.vault.sealFor(tx, reply.personId, text);
  }

  private async unpack(tx: Tx, personId: string | null, body: Buffer): Promise<string> {
    return personId === null ? body.toString('utf8') : this.vault.openFor(tx, personId, body);
  }
}

function callerOf({ actor }: Call): string {
  return `${actor.kind}:${actor.id}`;
}

function withEventId<T>(reply: Reply<T>, tx: Tx): Reply<T> {
  return tx.lastEventId === undefined ? reply : reply.with({ 'Event-Id': tx.lastEventId });
}

/** 64 bits of a hash name the lock; a collision only makes one of two strangers wait for a retry. */
function lockOf(caller: string, key: string): string {
  return createHash('sha256').update(caller).update('\n').update(key).digest().readBigInt64BE().toString();
}
