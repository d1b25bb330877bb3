import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Id } from '../../../kernel/id.js';
import { Database } from '../../../platform/database/database.js';
import { sql } from '../../../platform/database/statement.js';
import type { Soon } from '../../../platform/vault/master-key.js';
import { Recent } from './recent.js';
import { RightsEpoch } from './rights-epoch.js';

/** What a token or key that was found genuine stands for. */
export type Credential =
  | { readonly kind: 'session'; readonly id: Id; /** Unix ms, of the access token. */ readonly expiresAt: number }
  | { readonly kind: 'api_key'; readonly id: Id };

/** Who calls, and what they may do at this moment. */
export interface Principal {
  readonly kind: 'user' | 'api_key';
  readonly id: Id;
  readonly sessionId?: Id;
  readonly permissions: ReadonlySet<string>;
  /** Unix ms: end of the session or key. */
  readonly expiresAt: number;
}

interface PrincipalRow {
  readonly id: Id;
  readonly expires_at: Date;
  readonly permissions: string[];
}

interface Known {
  readonly epoch: number;
  readonly principal: Principal | undefined;
}

const OF_SESSION = sql<PrincipalRow>('security.principal_of_session', `
  select u.id, s.expires_at,
         array(select distinct permission
                 from security.user_role ur
                 join security.role r on r.name = ur.role
                cross join unnest(r.permissions) as permission
                where ur.user_id = u.id) as permissions
    from security.session s
    join security.staff_user u on u.id = s.user_id
   where s.id = $1 and s.ended_at is null and u.status = 'active'`);

const OF_KEY = sql<PrincipalRow>('security.principal_of_key', `
  select id, expires_at, scopes as permissions from security.api_key where id = $1 and revoked_at is null`);

const CAPACITY = 20_000;

/** Callers as the database has them, kept in memory for as long as nobody's rights change. */
@Injectable()
export class Principals {
  private readonly known = new Recent<Known>(CAPACITY);
  private readonly looking = new Map<string, Promise<Principal | undefined>>();

  constructor(
    private readonly database: Database,
    private readonly epoch: RightsEpoch,
    private readonly clock: Clock,
  ) {}

  /** @returns undefined, or a promise of it, if the credential opens nothing any more. */
  of(credential: Credential): Soon<Principal | undefined> {
    const epoch = this.epoch.current();
    return epoch instanceof Promise ? epoch.then((number) => this.at(number, credential)) : this.at(epoch, credential);
  }

  private at(epoch: number, credential: Credential): Soon<Principal | undefined> {
    const known = this.known.get(credential.id);
    if (known && known.epoch >= epoch) return this.unlessExpired(known.principal, credential);
    return this.look(epoch, credential).then((principal) => this.unlessExpired(principal, credential));
  }

  private unlessExpired(principal: Principal | undefined, credential: Credential): Principal | undefined {
    const now = this.clock.now().getTime();
    if (!principal || principal.expiresAt <= now) return undefined;
    return credential.kind === 'session' && credential.expiresAt <= now ? undefined : principal;
  }

  /** Requests that need the same caller at the same number share one look. */
  private look(epoch: number, credential: Credential): Promise<Principal | undefined> {
    const question = `${epoch}:${credential.id}`;
    const asked = this.looking.get(question);
    if (asked) return asked;
    const answer = this.load(epoch, credential).finally(() => this.looking.delete(question));
    this.looking.set(question, answer);
    return answer;
  }

  /** What is read here is at least as new as `epoch`, which was read before it. */
  private async load(epoch: number, credential: Credential): Promise<Principal | undefined> {
    const [row] = await this.database.query(credential.kind === 'session' ? OF_SESSION : OF_KEY, [credential.id]);
    const principal = row && principalOf(credential, row);
    this.known.put(credential.id, { epoch, principal });
    return principal;
  }
}

function principalOf(credential: Credential, row: PrincipalRow): Principal {
  const rights = { id: row.id, permissions: new Set(row.permissions), expiresAt: row.expires_at.getTime() };
  return credential.kind === 'session' ? { kind: 'user', sessionId: credential.id, ...rights } : { kind: 'api_key', ...rights };
}
