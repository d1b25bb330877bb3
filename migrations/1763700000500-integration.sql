-- Files brought for import and the lines of them that were refused. Both hold personal data, so they lie sealed under a
-- key of the upload's own and are deleted after use; no process keeps a file on its own disk.
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
  refused       bigint not null,
  -- The operation that last took it back; from then on nothing more of it goes in.
  revert_id     uuid,
  -- Up to which line of the file its ledger lies in import_record.
  folded_line   bigint not null default 0
);

-- What each chunk touched, one entry a record, written with the chunk: side by side the ids, the parts (0 for a whole record),
-- the last line that speaks of it, its version before (0 if the chunk made it) and after, and what the file tells of it.
create table integration.import_chunk (
  operation_id  uuid not null,
  last_line     bigint not null,
  ids           uuid[] not null,
  parts         int[] not null,
  lines         bigint[] not null,
  befores       int[] not null,
  versions      int[] not null,
  told_at       timestamptz[] not null,
  currencies    text[] not null,
  amounts       bigint[] not null,
  primary key (operation_id, last_line)
);

-- What lines that were refused tell, as far as they could be read, so that the file can be added up. Blank for not told.
create table integration.import_refused (
  operation_id  uuid not null,
  month         text not null,
  currency      text not null,
  lines         bigint not null,
  minor         numeric,
  primary key (operation_id, month, currency)
);

-- The ledger by record, filled when an import is taken back: what it made or changed and has not yet been taken back.
-- `before` is that of the first chunk, `version` the last the import gave it, 0 if somebody else changed it in between.
create table integration.import_record (
  operation_id  uuid not null,
  id            uuid not null,
  part          int not null,
  line          bigint not null,
  before        int not null,
  version       int not null,
  reason        text,
  primary key (operation_id, id, part),
  constraint import_record_reason check (reason in ('changed_since', 'in_use', 'erased', 'updated_not_made'))
);
create index import_record_kept on integration.import_record (operation_id, line, id, part) where reason is not null;

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

grant usage on schema integration to shuke_app;
grant select, insert, update, delete on integration.upload to shuke_app;
grant select, insert, update on integration.import, integration.import_refused to shuke_app;
grant select, insert on integration.import_chunk to shuke_app;
grant select, insert, update, delete on integration.import_record to shuke_app;
grant select, insert, delete on integration.upload_piece, integration.import_problem to shuke_app;
