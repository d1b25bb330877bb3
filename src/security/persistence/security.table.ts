import { EntitySchema } from 'typeorm';

const schema = 'security';

export interface RoleRow {
  name: string;
  title: string;
  built_in: boolean;
  permissions: string[];
  updated_at: Date;
}

export const RoleTable = new EntitySchema<RoleRow>({
  name: 'security.role',
  schema,
  tableName: 'role',
  columns: {
    name: { type: 'text', primary: true },
    title: { type: 'text' },
    built_in: { type: 'boolean' },
    permissions: { type: 'text', array: true },
    updated_at: { type: 'timestamptz' },
  },
  checks: [{ name: 'role_name', expression: `name ~ '^[a-z][a-z0-9_]{0,39}$'` }],
});

export interface StaffUserRow {
  id: string;
  version: number;
  sealed: Buffer;
  email_index: Buffer;
  password_hash: string;
  status: 'active' | 'disabled';
  password_changed_at: Date;
  created_at: Date;
  updated_at: Date;
}

export const StaffUserTable = new EntitySchema<StaffUserRow>({
  name: 'security.staff_user',
  schema,
  tableName: 'staff_user',
  columns: {
    id: { type: 'uuid', primary: true },
    version: { type: 'int' },
    sealed: { type: 'bytea' },
    email_index: { type: 'bytea' },
    password_hash: { type: 'text' },
    status: { type: 'text' },
    password_changed_at: { type: 'timestamptz' },
    created_at: { type: 'timestamptz' },
    updated_at: { type: 'timestamptz' },
  },
  uniques: [{ name: 'staff_user_email', columns: ['email_index'] }],
  checks: [{ name: 'staff_user_status', expression: `status in ('active', 'disabled')` }],
});

export interface UserRoleRow {
  user_id: string;
  role: string;
}

export const UserRoleTable = new EntitySchema<UserRoleRow>({
  name: 'security.user_role',
  schema,
  tableName: 'user_role',
  columns: {
    user_id: { type: 'uuid', primary: true },
    role: { type: 'text', primary: true },
  },
  foreignKeys: [
    { name: 'user_role_user', target: 'security.staff_user', columnNames: ['user_id'], referencedColumnNames: ['id'] },
    { name: 'user_role_role', target: 'security.role', columnNames: ['role'], referencedColumnNames: ['name'] },
  ],
  indices: [{ name: 'user_role_by_role', columns: ['role'] }],
});

export interface SessionRow {
  id: string;
  user_id: string;
  sealed: Buffer;
  created_at: Date;
  refreshed_at: Date;
  expires_at: Date;
  ended_at: Date | null;
  ended_by: string | null;
}

export const SessionTable = new EntitySchema<SessionRow>({
  name: 'security.session',
  schema,
  tableName: 'session',
  columns: {
    id: { type: 'uuid', primary: true },
    user_id: { type: 'uuid' },
    sealed: { type: 'bytea' },
    created_at: { type: 'timestamptz' },
    refreshed_at: { type: 'timestamptz' },
    expires_at: { type: 'timestamptz' },
    ended_at: { type: 'timestamptz', nullable: true },
    ended_by: { type: 'text', nullable: true },
  },
  foreignKeys: [{ name: 'session_of_staff', target: 'security.staff_user', columnNames: ['user_id'], referencedColumnNames: ['id'] }],
  indices: [
    { name: 'session_by_user', columns: ['user_id', 'id'] },
    { name: 'session_expiry', columns: ['expires_at'] },
  ],
  checks: [
    { name: 'session_ended', expression: '(ended_at is null) = (ended_by is null)' },
    { name: 'session_ended_by', expression: `ended_by in ('sign_out', 'token_reuse', 'password_change', 'role_change', 'disabled')` },
  ],
});

export interface RefreshTokenRow {
  hash: Buffer;
  session_id: string;
  created_at: Date;
  used_at: Date | null;
}

export const RefreshTokenTable = new EntitySchema<RefreshTokenRow>({
  name: 'security.refresh_token',
  schema,
  tableName: 'refresh_token',
  columns: {
    hash: { type: 'bytea', primary: true },
    session_id: { type: 'uuid' },
    created_at: { type: 'timestamptz' },
    used_at: { type: 'timestamptz', nullable: true },
  },
  foreignKeys: [
    { name: 'refresh_token_session', target: 'security.session', columnNames: ['session_id'], referencedColumnNames: ['id'], onDelete: 'CASCADE' },
  ],
  indices: [{ name: 'refresh_token_of_session', columns: ['session_id'] }],
  checks: [{ name: 'refresh_token_hash', expression: 'octet_length(hash) = 32' }],
});

export interface ApiKeyRow {
  id: string;
  name: string;
  hash: Buffer;
  scopes: string[];
  issued_by: string;
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export const ApiKeyTable = new EntitySchema<ApiKeyRow>({
  name: 'security.api_key',
  schema,
  tableName: 'api_key',
  columns: {
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    hash: { type: 'bytea' },
    scopes: { type: 'text', array: true },
    issued_by: { type: 'uuid' },
    created_at: { type: 'timestamptz' },
    expires_at: { type: 'timestamptz' },
    last_used_at: { type: 'timestamptz', nullable: true },
    revoked_at: { type: 'timestamptz', nullable: true },
  },
  foreignKeys: [{ name: 'api_key_issued_by', target: 'security.staff_user', columnNames: ['issued_by'], referencedColumnNames: ['id'] }],
  indices: [{ name: 'api_key_issuer', columns: ['issued_by'] }],
  checks: [{ name: 'api_key_hash', expression: 'octet_length(hash) = 32' }],
});

export interface PasswordGuessRow {
  key: Buffer;
  wrong: number;
  allowed: number;
  last_at: Date;
  locked_until: Date | null;
}

export const PasswordGuessTable = new EntitySchema<PasswordGuessRow>({
  name: 'security.password_guess',
  schema,
  tableName: 'password_guess',
  columns: {
    key: { type: 'bytea', primary: true },
    wrong: { type: 'int' },
    allowed: { type: 'int' },
    last_at: { type: 'timestamptz' },
    locked_until: { type: 'timestamptz', nullable: true },
  },
  indices: [{ name: 'password_guess_age', columns: ['last_at'] }],
  checks: [{ name: 'password_guess_wrong', expression: 'wrong between 0 and allowed' }],
});

export interface RightsEpochRow {
  one: boolean;
  epoch: number;
  changed_in: number;
}

export const RightsEpochTable = new EntitySchema<RightsEpochRow>({
  name: 'security.rights_epoch',
  schema,
  tableName: 'rights_epoch',
  columns: {
    one: { type: 'boolean', primary: true, default: true },
    epoch: { type: 'bigint' },
    changed_in: { type: 'bigint' },
  },
  checks: [{ name: 'rights_epoch_one', expression: 'one' }],
});

export const securityTables: readonly EntitySchema[] = [
  RoleTable,
  StaffUserTable,
  UserRoleTable,
  SessionTable,
  RefreshTokenTable,
  ApiKeyTable,
  PasswordGuessTable,
  RightsEpochTable,
];
