import { Inject, Injectable, Module, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import type { Actor } from '../../src/kernel/actor.js';
import { DomainError } from '../../src/kernel/domain-error.js';
import type { Permission } from '../../src/kernel/permission.js';
import { PERMISSION, PERMISSIONS, PUBLIC, SIGNED_IN } from '../../src/platform/http/access.js';

const ROLES = ['administrator', 'manager', 'agent', 'viewer', 'integration'];

/** Until the security context stands: `Bearer <role>` is somebody of that role. */
@Injectable()
class StandInGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(PERMISSIONS) private readonly permissions: readonly Permission[],
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride(PUBLIC, places)) return true;
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; id: string; ip: string; actor?: Actor }>();
    const role = /^Bearer (\w+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
    const index = ROLES.indexOf(role);
    if (index < 0) throw new DomainError('unauthenticated', 'unauthenticated', 'Sign in first.');
    const held = this.permissions.filter(({ roles }) => role === 'administrator' || roles.some((one) => one === role)).map(({ name }) => name);
    request.actor = { kind: 'user', id: `00000000-0000-7000-8000-00000000000${index + 1}`, permissions: new Set(held), requestId: request.id, address: request.ip };
    const needed = this.reflector.getAllAndOverride<string>(PERMISSION, places);
    if (needed !== SIGNED_IN && !request.actor.permissions.has(needed)) throw new DomainError('forbidden', 'forbidden', `You need ${needed}.`);
    return true;
  }
}

@Module({ providers: [{ provide: APP_GUARD, useClass: StandInGuard }] })
export class StandInAccess {}
