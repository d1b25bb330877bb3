import { Injectable } from '@nestjs/common';
import type { Id } from '../../kernel/id.js';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { AuditAnchor, type AnchoredHead } from './audit-anchor.js';

export interface SealedEntry {
  readonly position: number;
  readonly id: Id;
  readonly at: Date;
  readonly actor_kind: string;
  readonly actor_id: Id;
  readonly request_id: string | null;
  readonly address: string | null;
  readonly action: string;
  readonly subject_type: string;
  readonly subject_ids: readonly Id[];
  readonly details: Readonly<Record<string, unknown>>;
  /** 64 hex digits. */
  readonly hash: string;
}

export interface AuditQuery {
  /** Entries before this position; newest come first. */
  readonly before?: number;
  readonly subjectId?: Id;
  readonly actorId?: Id;
  readonly action?: string;
  readonly atGte?: Date;
  readonly atLt?: Date;
  readonly limit: number;
}

export interface Verdict {
  readonly ok: boolean;
  /** Entries whose hash was computed anew. */
  readonly checked: number;
  readonly head: AnchoredHead;
  readonly firstBad?: {
    readonly position: number;
    /** `altered`: content and hash disagree; `missing`: a position is not there; `head`: the chain ends elsewhere than the head says; `anchor`: the chain is not the one that was anchored outside. */
    readonly kind: 'altered' | 'missing' | 'head' | 'anchor';
    readonly detail: string;
  };
}

const LIST = sql<SealedEntry>('audit.list', `
  select position, id, at, actor_kind, actor_id, request_id, address, action, subject_type, subject_ids, details, encode(hash, 'hex') as hash
    from platform.audit_log
   where ($1::bigint is null or position < $1)
     and ($2::uuid is null or subject_ids @> array[$2::uuid])
     and ($3::uuid is null or actor_id = $3)
     and ($4::text is null or action = $4)
     and ($5::timestamptz is null or at >= $5)
     and ($6::timestamptz is null or at < $6)
   order by position desc limit $7`);

/** Recomputes every link of a stretch from the stored hash before it, so an altered row shows at itself. */
const FIRST_BAD = sql<{ checked: number; bad: number | null; expected: number | null }>('audit.first_bad', `
  with links as (
    select l.position,
           lag(l.position, 1, $1::bigint) over (order by l.position) + 1 as expected,
           l.hash <> platform.audit_hash(
             lag(l.hash, 1, $2::bytea) over (order by l.position),
             l.position, l.id, l.at, l.actor_kind, l.actor_id, l.request_id, l.address, l.action, l.subject_type, l.subject_ids, l.details) as altered
      from platform.audit_log l
     where l.position > $1
     order by l.position limit $3
  ), first as (
    select position, expected from links where altered or position <> expected order by position limit 1
  )
  select (select count(*)::int from links) as checked, (select position from first) as bad, (select expected from first) as expected`);

const AT = sql<{ position: number; hash: Buffer }>('audit.at', 'select position, hash from platform.audit_log where position = any($1::bigint[]) order by position');
const LAST = sql<{ position: number; hash: Buffer }>('audit.last', 'select position, hash from platform.audit_log order by position desc limit 1');
const HEAD = sql<{ position: number; hash: Buffer }>('audit.stored_head', 'select position, hash from platform.audit_head');

/** Rows may name 200 records each, and the statement must end in time. */
const STRETCH = 5_000;
const GENESIS: Buffer = Buffer.alloc(32);

/** Reads and verifies the audit chain. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly database: Database,
    private readonly anchor: AuditAnchor,
  ) {}

  list(query: AuditQuery): Promise<SealedEntry[]> {
    return this.database.query(LIST, [
      query.before ?? null,
      query.subjectId ?? null,
      query.actorId ?? null,
      query.action ?? null,
      query.atGte ?? null,
      query.atLt ?? null,
      query.limit,
    ]);
  }

  /** Computes the whole chain anew, in stretches, and holds it against its head and the anchors outside. */
  async verify(): Promise<Verdict> {
    const [stored = { position: 0, hash: GENESIS }] = await this.database.query(HEAD);
    const head = { position: stored.position, hash: stored.hash.toString('hex') };
    let checked = 0;
    let before: { position: number; hash: Buffer } = { position: 0, hash: GENESIS };
    for (;;) {
      const [found] = await this.database.query(FIRST_BAD, [before.position, before.hash, STRETCH]);
      checked += found?.checked ?? 0;
      if (found?.bad) return { ok: false, checked, head, firstBad: describe(found.bad, found.expected ?? found.bad) };
      if (!found || found.checked < STRETCH) break;
      [before = before] = await this.database.query(AT, [[before.position + found.checked]]);
    }
    const firstBad = (await this.wrongHead(head)) ?? (await this.wrongAnchor());
    return { ok: firstBad === undefined, checked, head, ...(firstBad ? { firstBad } : {}) };
  }

  private async wrongHead(head: AnchoredHead): Promise<Verdict['firstBad']> {
    const [last = { position: 0, hash: GENESIS }] = await this.database.query(LAST);
    // Sealing may have gone on while we read: later entries than the head we saw are no fault, earlier ones are.
    if (last.position < head.position) {
      return { position: last.position + 1, kind: 'head', detail: `The chain ends at ${last.position} but its head is ${head.position}: the newest entries were removed.` };
    }
    const [at] = head.position === 0 ? [] : await this.database.query(AT, [[head.position]]);
    if (at && at.hash.toString('hex') !== head.hash) {
      return { position: head.position, kind: 'head', detail: `Entry ${head.position} does not carry the hash its head carries.` };
    }
    return undefined;
  }

  private async wrongAnchor(): Promise<Verdict['firstBad']> {
    const anchors = await this.anchor.read();
    const rows = await this.database.query(AT, [anchors.map(({ position }) => position)]);
    const present = new Map(rows.map((row) => [row.position, row.hash.toString('hex')]));
    const wrong = anchors.find(({ position, hash }) => present.get(position) !== hash);
    return wrong && { position: wrong.position, kind: 'anchor', detail: `Entry ${wrong.position} is not the one anchored in ${this.anchor.file.split('/').at(-1)}: the chain was rewritten at or before it, or cut.` };
  }
}

function describe(bad: number, expected: number): Verdict['firstBad'] {
  return bad === expected
    ? { position: bad, kind: 'altered', detail: `Entry ${bad} was altered, inserted or moved: its content and the entry before it do not give its hash.` }
    : { position: expected, kind: 'missing', detail: `Entry ${expected} is missing: the next one is ${bad}.` };
}
