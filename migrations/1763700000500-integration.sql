-- Files brought for import, the lines of them that were refused, and files taken out. All hold personal data, so they lie sealed
-- under a key of the upload's or export's own and are deleted after use; no process keeps a file on its own disk.
-- Undo: drop schema integration cascade

create schema integration;

-- `described` holds the names of the file and of its columns: of a file without a header these are its first record.
create table integration.upload (
  id                  uuid primary key,
  format              text,
  delimiter           text,
  encoding            text,
  bytes               bigint not null,
  lines               bigint not null,
  pieces              int not null,
  sha256              bytea,
  master_key_id       text not null,
  wrapped_key         bytea not null,
  described           bytea,
  created_by_kind     text not null,
  created_by_id       uuid not null,
  created_at          timestamptz not null,
  received_at         timestamptz,
  content_deleted_at  timestamptz,
  expires_at          timestamptz not null,
  constraint upload_format check (format in ('csv', 'ndjson')),
  constraint upload_delimiter check (delimiter in (',', ';', E'\t', '|')),
  constraint upload_encoding check (encoding in ('utf-8', 'utf-16le', 'utf-16be')),
  constraint upload_received check (received_at is null or (format is not null and encoding is not null and sha256 is not null and described is not null))
);
create index upload_expiry on integration.upload (expires_at);

-- The text in order, in pieces that open on their own. Sealed bytes do not compress, so PostgreSQL need not try.
create table integration.upload_piece (
  upload_id  uuid not null,
  seq        int not null,
  sealed     bytea not null,
  primary key (upload_id, seq),
  constraint upload_piece_upload foreign key (upload_id) references integration.upload (id) on delete cascade
);
alter table integration.upload_piece alter column sealed set storage external;

-- What an import was asked to do, and what it has done so far: written with each chunk, so it can be read at any time.
create table integration.import (
  operation_id  uuid primary key,
  upload_id     uuid not null,
  resource      text not null,
  mapping       jsonb not null,
  time_zone     text not null,
  currency      text not null,
  dry_run       boolean not null,
  created       bigint not null,
  updated       bigint not null,
  unchanged     bigint not null,
  refused       bigint not null
);

-- `sealed` holds what was wrong in words, and the line's own cells.
create table integration.import_problem (
  operation_id  uuid not null,
  line          bigint not null,
  ordinal       int not null,
  upload_id     uuid not null,
  column_name   text,
  code          text not null,
  sealed        bytea not null,
  primary key (operation_id, line, ordinal),
  constraint import_problem_upload foreign key (upload_id) references integration.upload (id) on delete cascade
);
create index import_problem_of_upload on integration.import_problem (upload_id);

-- What was asked to be taken out. `columns` is settled when the export begins; of `filters` none takes what tells who somebody is.
create table integration.export (
  operation_id     uuid primary key,
  resource         text not null,
  format           text not null constraint export_format check (format in ('csv', 'xlsx', 'ndjson')),
  compress         boolean not null,
  filters          jsonb not null,
  columns          text[] not null,
  time_zone        text not null,
  lines            bigint not null,
  bytes            bigint not null,
  master_key_id    text not null,
  wrapped_key      bytea not null,
  created_by_kind  text not null,
  created_by_id    uuid not null,
  created_at       timestamptz not null,
  completed_at     timestamptz,
  expires_at       timestamptz not null
);
create index export_expiry on integration.export (expires_at);

-- The file, in pieces that open on their own; `start` is where in the file a piece begins.
create table integration.export_piece (
  operation_id  uuid not null,
  start         bigint not null,
  sealed        bytea not null,
  primary key (operation_id, start),
  constraint export_piece_export foreign key (operation_id) references integration.export (operation_id) on delete cascade
);
alter table integration.export_piece alter column sealed set storage external;

grant usage on schema integration to shuke_app;
grant select, insert, update, delete on integration.upload, integration.export to shuke_app;
grant select, insert, update on integration.import to shuke_app;
grant select, insert, delete on integration.upload_piece, integration.import_problem, integration.export_piece to shuke_app;
