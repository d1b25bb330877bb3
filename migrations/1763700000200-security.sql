-- Staff, what they may do, and how they prove who they are: users, roles, sessions, API keys, guesses at passwords.
-- Undo: drop schema security cascade

create schema security;

-- Built-in roles are written from the permissions the code declares, at every start.
create table security.role (
  name         text primary key,
  title        text not null,
  built_in     boolean not null,
  permissions  text[] not null,
  updated_at   timestamptz not null,
  constraint role_name check (name ~ '^[a-z][a-z0-9_]{0,39}$')
);

-- Staff are persons too: name and e-mail lie sealed under the user's own key, and sign-in finds the account by a keyed fingerprint.
create table security.staff_user (
  id                   uuid primary key,
  version              int not null,
  sealed               bytea not null,
  email_index          bytea not null,
  password_hash        text not null,
  status               text not null,
  password_changed_at  timestamptz not null,
  created_at           timestamptz not null,
  updated_at           timestamptz not null,
  constraint staff_user_email unique (email_index),
  constraint staff_user_status check (status in ('active', 'disabled'))
);

create table security.user_role (
  user_id  uuid not null,
  role     text not null,
  primary key (user_id, role),
  constraint user_role_user foreign key (user_id) references security.staff_user (id),
  constraint user_role_role foreign key (role) references security.role (name)
);
create index user_role_by_role on security.user_role (role);

-- One sign-in and all that follows from it. A refresh token leads to it; the access tokens name it.
create table security.session (
  id            uuid primary key,
  user_id       uuid not null,
  -- Address and program it was started from, under the user's key.
  sealed        bytea not null,
  created_at    timestamptz not null,
  refreshed_at  timestamptz not null,
  expires_at    timestamptz not null,
  ended_at      timestamptz,
  ended_by      text,
  constraint session_of_staff foreign key (user_id) references security.staff_user (id),
  constraint session_ended check ((ended_at is null) = (ended_by is null)),
  constraint session_ended_by check (ended_by in ('sign_out', 'token_reuse', 'password_change', 'role_change', 'disabled'))
);
create index session_by_user on security.session (user_id, id);
create index session_expiry on security.session (expires_at);

-- Used tokens stay as long as their session, so that one used twice is known for what it is.
create table security.refresh_token (
  hash        bytea primary key,
  session_id  uuid not null,
  created_at  timestamptz not null,
  used_at     timestamptz,
  constraint refresh_token_hash check (octet_length(hash) = 32),
  constraint refresh_token_session foreign key (session_id) references security.session (id) on delete cascade
);
create index refresh_token_of_session on security.refresh_token (session_id);

-- A key belongs to the organisation, not to whoever issued it: integrations outlive staff.
create table security.api_key (
  id            uuid primary key,
  name          text not null,
  hash          bytea not null,
  scopes        text[] not null,
  issued_by     uuid not null,
  created_at    timestamptz not null,
  expires_at    timestamptz not null,
  last_used_at  timestamptz,
  revoked_at    timestamptz,
  constraint api_key_hash check (octet_length(hash) = 32),
  constraint api_key_issued_by foreign key (issued_by) references security.staff_user (id)
);
create index api_key_issuer on security.api_key (issued_by);

-- Wrong passwords in a row, by account (known or not) and by network; both only as keyed fingerprints.
create table security.password_guess (
  key           bytea primary key,
  wrong         int not null,
  allowed       int not null,
  last_at       timestamptz not null,
  locked_until  timestamptz,
  constraint password_guess_wrong check (wrong between 0 and allowed)
);
create index password_guess_age on security.password_guess (last_at);

-- Grows by every change of anybody's rights. Processes keep what callers may do in memory for as long as this number stands
-- (src/security/access/views/rights-epoch.ts). Written by triggers, so that no change can forget it, and at COMMIT, so that its lock is
-- every transaction's last and short; once in a transaction, however many rows it touches.
create table security.rights_epoch (
  one         boolean primary key default true,
  epoch       bigint not null,
  changed_in  bigint not null,
  constraint rights_epoch_one check (one)
);
insert into security.rights_epoch (epoch, changed_in) values (1, 0);

create function security.rights_changed() returns trigger
language plpgsql as $$
begin
  update security.rights_epoch set epoch = epoch + 1, changed_in = pg_current_xact_id()::text::bigint
   where changed_in <> pg_current_xact_id()::text::bigint;
  return null;
end $$;

create constraint trigger role_changed after update of permissions or delete on security.role
  deferrable initially deferred for each row execute function security.rights_changed();
create constraint trigger staff_user_changed after update of status or delete on security.staff_user
  deferrable initially deferred for each row execute function security.rights_changed();
create constraint trigger user_role_changed after insert or update or delete on security.user_role
  deferrable initially deferred for each row execute function security.rights_changed();
create constraint trigger session_changed after update of ended_at, expires_at or delete on security.session
  deferrable initially deferred for each row execute function security.rights_changed();
create constraint trigger api_key_changed after update of revoked_at, scopes, expires_at or delete on security.api_key
  deferrable initially deferred for each row execute function security.rights_changed();

-- Rights -----------------------------------------------------------------------------------------------------------

grant usage on schema security to shuke_app;
grant select, insert, update on security.role, security.staff_user, security.api_key to shuke_app;
grant select, insert, delete on security.user_role to shuke_app;
grant select, insert, update, delete on security.session, security.refresh_token, security.password_guess to shuke_app;
grant select, update on security.rights_epoch to shuke_app;
