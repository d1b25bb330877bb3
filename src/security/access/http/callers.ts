import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Soon } from '../../../platform/vault/master-key.js';
import { NoteKeyUse } from '../use-cases/note-key-use.js';
import { Principals, type Credential, type Principal } from '../views/principals.js';
import { Recent } from '../views/recent.js';
import { ask } from './passport.js';
import { AccessTokenStrategy, ApiKeyStrategy } from './strategies.js';

const CAPACITY = 20_000;

/**
 * Who sends a token or API key. That one is genuine never changes, so it is found out once (by Passport) and remembered under the
 * token's hash; whether it still opens anything is asked every time.
 */
@Injectable()
export class Callers {
  private readonly genuine = new Recent<Credential>(CAPACITY);

  constructor(
    private readonly accessToken: AccessTokenStrategy,
    private readonly apiKey: ApiKeyStrategy,
    private readonly principals: Principals,
    private readonly noteKeyUse: NoteKeyUse,
  ) {}

  /** @returns undefined, or a promise of it, for what is not genuine, expired, ended or revoked. */
  of(token: string, request: FastifyRequest): Soon<Principal | undefined> {
    const name = hash('sha256', token, 'base64');
    const credential = this.genuine.get(name);
    return credential ? this.principalOf(credential) : this.verify(name, request);
  }

  private async verify(name: string, request: FastifyRequest): Promise<Principal | undefined> {
    const credential = await ask<Credential>([this.accessToken, this.apiKey], request);
    if (!credential) return undefined;
    this.genuine.put(name, credential);
    return this.principalOf(credential);
  }

  private principalOf(credential: Credential): Soon<Principal | undefined> {
    const principal = this.principals.of(credential);
    if (credential.kind === 'session') return principal;
    return principal instanceof Promise ? principal.then((found) => this.noted(found)) : this.noted(principal);
  }

  private noted(principal: Principal | undefined): Principal | undefined {
    if (principal) this.noteKeyUse.run(principal.id);
    return principal;
  }
}
