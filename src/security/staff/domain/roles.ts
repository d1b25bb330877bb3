import type { BuiltInRole, Permission } from '../../../kernel/permission.js';

/** May do everything, whatever contexts declare later. */
export const ADMINISTRATOR = 'administrator';

const TITLES: Readonly<Record<BuiltInRole, string>> = {
  manager: 'Manager: runs the shop and its people',
  agent: 'Agent: serves customers',
  viewer: 'Viewer: looks, changes nothing',
  integration: 'Integration: a foreign system',
};

export interface Role {
  readonly name: string;
  readonly title: string;
  readonly permissions: readonly string[];
}

/** The roles every installation has, from what each permission says about itself. Sorted, so that equal declarations give equal roles. */
export function builtInRoles(permissions: readonly Permission[]): Role[] {
  const namesWhere = (holds: (permission: Permission) => boolean) => [...new Set(permissions.filter(holds).map(({ name }) => name))].sort();
  return [
    { name: ADMINISTRATOR, title: 'Administrator: may do everything', permissions: namesWhere(() => true) },
    ...(Object.keys(TITLES) as BuiltInRole[]).map((name) => ({
      name,
      title: TITLES[name],
      permissions: namesWhere(({ roles }) => roles.includes(name)),
    })),
  ];
}

/**
 * What `wanted` holds beyond `own`. Nobody may hand out, or take over an account with, more than they have themselves;
 * otherwise whoever manages users could make themselves administrator.
 */
export function permissionsBeyond(own: ReadonlySet<string>, wanted: Iterable<string>): string[] {
  return [...new Set(wanted)].filter((name) => !own.has(name)).sort();
}
