/** Something a role may allow: `resource:action`, declared by the context that owns the resource. */
export interface Permission {
  readonly name: string;
  readonly title: string;
  /** Built-in roles below administrator that have it from the start. */
  readonly roles: readonly BuiltInRole[];
}

export type BuiltInRole = 'manager' | 'agent' | 'viewer' | 'integration';
