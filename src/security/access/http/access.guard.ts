import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { DomainError } from '../../../kernel/domain-error.js';
import { Database } from '../../../platform/database/database.js';
import { SIGNED_IN } from '../../../platform/http/access.js';
import type { AuthenticatedRequest } from '../../../platform/http/call.js';
import type { Principal } from '../views/principals.js';
import { accessRuleOf, type AccessRule } from './access-rule.js';
import { bearerOf } from './bearer.js';
import { Callers } from './callers.js';
import type { StaffActor } from './staff-actor.js';

/**
 * Stands before every route, and lets nobody through a route that says nothing (QUALITY B12). It runs before the body is read, so that
 * who may not come in learns nothing from validation (G23).
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly callers: Callers,
    private readonly database: Database,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rule = accessRuleOf(context.getHandler(), context.getClass());
    if (rule?.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const token = bearerOf(request);
    if (token === undefined) throw unauthenticated();
    if (rule) request.mayStill = () => this.mayStill(token, request, rule.permission);
    const principal = this.callers.of(token, request);
    return principal instanceof Promise ? principal.then((found) => this.admit(request, rule, found)) : this.admit(request, rule, principal);
  }

  private admit(request: AuthenticatedRequest, rule: AccessRule | undefined, principal: Principal | undefined): boolean | Promise<boolean> {
    if (!principal) throw unauthenticated();
    const { kind, id, permissions, sessionId } = principal;
    const actor: StaffActor = { kind, id, permissions, sessionId, requestId: request.id, address: request.ip };
    request.actor = actor;
    if (rule?.kind !== 'needs') return this.refuse(request, actor, 'a permission that the route does not name');
    if (opens(permissions, rule.permission)) return true;
    return this.refuse(request, actor, rule.permission);
  }

  private async mayStill(token: string, request: AuthenticatedRequest, permission: string): Promise<boolean> {
    const principal = await this.callers.of(token, request);
    return principal !== undefined && opens(principal.permissions, permission);
  }

  private async refuse({ method, routeOptions }: AuthenticatedRequest, actor: StaffActor, permission: string): Promise<never> {
    await this.database.transaction(actor, async (tx) => {
      tx.audit({ action: 'access.refused', subjectType: actor.kind, subjectId: actor.id, details: { permission, method, route: routeOptions.url ?? null } });
    });
    throw new DomainError('forbidden', 'forbidden', `This needs the permission ${permission}, which you do not have. GET /v1/me lists yours; an administrator can give you a role that has it.`, {
      facts: { permission },
    });
  }
}

function opens(permissions: ReadonlySet<string>, permission: string): boolean {
  return permission === SIGNED_IN || permissions.has(permission);
}

function unauthenticated(): DomainError {
  return new DomainError('unauthenticated', 'unauthenticated', 'Sign in first: send an access token or API key as Authorization: Bearer. Access tokens live for minutes; POST /v1/sessions/refresh gives the next one.');
}
