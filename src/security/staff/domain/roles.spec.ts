import { describe, expect, it } from '@jest/globals';
import type { Permission } from '../../../kernel/permission.js';
import { builtInRoles, permissionsBeyond } from './roles.js';

const declared: Permission[] = [
  { name: 'order:write', title: 'Place orders', roles: ['agent', 'manager'] },
  { name: 'order:read', title: 'Read orders', roles: ['viewer', 'agent', 'manager', 'integration'] },
  { name: 'user:manage', title: 'Manage users', roles: [] },
];

describe('the built-in roles', () => {
  it('hold what each permission says, and the administrator all', () => {
    const held = Object.fromEntries(builtInRoles(declared).map(({ name, permissions }) => [name, permissions]));
    expect(held).toEqual({
      administrator: ['order:read', 'order:write', 'user:manage'],
      manager: ['order:read', 'order:write'],
      agent: ['order:read', 'order:write'],
      viewer: ['order:read'],
      integration: ['order:read'],
    });
  });

  it('are the same in whatever order contexts declare', () => {
    expect(builtInRoles([...declared].reverse())).toEqual(builtInRoles(declared));
  });
});

describe('what somebody would hand out', () => {
  it('is beyond them where they do not hold it themselves', () => {
    expect(permissionsBeyond(new Set(['a:read', 'b:read']), ['b:read', 'c:write', 'a:write', 'c:write'])).toEqual(['a:write', 'c:write']);
    expect(permissionsBeyond(new Set(['a:read']), ['a:read'])).toEqual([]);
  });
});
