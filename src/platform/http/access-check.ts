import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { Permission } from '../../kernel/permission.js';
import { PERMISSION, PERMISSIONS, PUBLIC, SIGNED_IN } from './access.js';

const PATH_METADATA = 'path';

/** Start-up fails on a route that does not say who may call it, or that asks for a permission nobody can have. */
@Injectable()
export class AccessCheck implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
    @Inject(PERMISSIONS) private readonly permissions: readonly Permission[],
  ) {}

  onApplicationBootstrap(): void {
    const faults = this.discovery.getControllers().flatMap(({ metatype }) => (typeof metatype === 'function' ? this.faultsOf(metatype) : []));
    if (faults.length > 0) throw new Error(`Routes without a clear answer to who may call them:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }

  private faultsOf(controller: Function): string[] {
    const prototype = controller.prototype as Record<string, unknown>;
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const method = prototype[name];
      if (typeof method !== 'function' || !Reflect.hasMetadata(PATH_METADATA, method)) return [];
      const fault = this.faultOf(method, controller);
      return fault === undefined ? [] : [`${controller.name}.${name} ${fault}`];
    });
  }

  private faultOf(method: Function, controller: Function): string | undefined {
    const places = [method, controller];
    const permission = this.reflector.getAllAndOverride<string | undefined>(PERMISSION, places);
    const open = this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, places) === true;
    if (open && permission !== undefined) return 'says both @Public() and that a permission is needed. Keep one of them.';
    if (open || permission === SIGNED_IN) return undefined;
    if (permission === undefined) return 'says nothing. Add @RequirePermission(…), @SignedIn() or, for the whole world, @Public().';
    if (!this.permissions.some(({ name }) => name === permission)) return `asks for "${permission}", which no context declares. Add it to the contract/permissions.ts of its context.`;
    return undefined;
  }
}
