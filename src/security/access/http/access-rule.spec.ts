import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Public, RequirePermission, SignedIn } from '../../../platform/http/access.js';
import { accessRuleOf } from './access-rule.js';

@Public()
class OpenHouse {
  @RequirePermission('cellar:enter')
  cellar() {}
  hall() {}
}

@RequirePermission('garden:read')
class Garden {
  look() {}
  @Public()
  gate() {}
  @SignedIn()
  bench() {}
}

class Undecorated {
  door() {}
}

describe('who may call a route', () => {
  it.each([
    ['its own permission, though the house is open', OpenHouse, 'cellar', { kind: 'needs', permission: 'cellar:enter' }],
    ['everybody, as the class says', OpenHouse, 'hall', { kind: 'public' }],
    ['the permission of its class', Garden, 'look', { kind: 'needs', permission: 'garden:read' }],
    ['everybody, as the method says', Garden, 'gate', { kind: 'public' }],
    ['whoever is signed in', Garden, 'bench', { kind: 'needs', permission: 'signed_in' }],
    ['nobody where nothing is said', Undecorated, 'door', undefined],
  ])('is %s', (_, controller, method, rule) => {
    const route = (controller.prototype as unknown as Record<string, object>)[method]!;
    expect(accessRuleOf(route, controller)).toEqual(rule);
  });
});
