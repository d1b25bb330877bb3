-- Files brought for import, the lines of them that were refused, and files taken out. All hold personal data, so they lie sealed
-- under a key of the upload's or export's own and are deleted after use; no process keeps a file on its own disk.
-- Undo: drop schema integration cascade

create schema integration;

-- `described` holds the names of the file, its sheets and its columns (of a file without a header its first record),
-- `analysis` what the first lines hold in each column.
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
  analysis            bytea,
  created_by_kind     text not null,
  created_by_id       uuid not null,
  created_at          timestamptz not null,
  received_at         timestamptz,
  content_deleted_at  timestamptz,
  expires_at          timestamptz not null,
  constraint upload_format check (format in ('csv', 'ndjson', 'xlsx')),
  constraint upload_delimiter check (delimiter in (',', ';', E'\t', '|', ' ')),
  constraint upload_encoding check (encoding in ('utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'big5', 'shift_jis', 'euc-jp', 'euc-kr', 'windows-1250', 'windows-1251', 'windows-1252')),
  constraint upload_received check (received_at is null or (format is not null and encoding is not null and sha256 is not null and described is not null and analysis is not null))
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

-- Bytes as they came, by where in the file they begin, until they are told into text: of workbooks, which are read from
-- their end, and of files that come in chunks. `unpacked` ones came packed by gzip.
create table integration.upload_raw (
  upload_id  uuid not null,
  unpacked   boolean not null,
  at         bigint not null,
  sealed     bytea not null,
  primary key (upload_id, unpacked, at),
  constraint upload_raw_upload foreign key (upload_id) references integration.upload (id) on delete cascade
);
alter table integration.upload_raw alter column sealed set storage external;

-- A file that comes in chunks. `sealed` holds its name and how it is to be read, `operation_id` what looks into it when it
-- is wholly here.
create table integration.resumable_upload (
  upload_id       uuid primary key,
  total_bytes     bigint not null,
  received_bytes  bigint not null,
  sealed          bytea not null,
  operation_id    uuid,
  constraint resumable_upload_upload foreign key (upload_id) references integration.upload (id) on delete cascade,
  constraint resumable_upload_received check (received_bytes between 0 and total_bytes)
);

-- What an import was asked to do, and what it has done so far: written with each chunk, so it can be read at any time.
-- `sealed_mapping` names columns of the file, and opens with the upload's key.
create table integration.import (
  operation_id    uuid primary key,
  upload_id       uuid not null,
  resource        text not null,
  sealed_mapping  bytea not null,
  time_zone       text not null,
  currency        text not null,
  on_error        text not null,
  dry_run         boolean not null,
  created         bigint not null,
  updated         bigint not null,
  unchanged       bigint not null,
  skipped         bigint not null,
  refused         bigint not null,
  -- The operation that last took it back; from then on nothing more of it goes in.
  revert_id       uuid,
  -- Up to which line of the file its ledger lies in import_record.
  folded_line     bigint not null default 0,
  constraint import_on_error check (on_error in ('skip', 'stop'))
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

-- What some lines changed, or would change: `sealed` holds the record's id and its fields before and after.
create table integration.import_change (
  operation_id  uuid not null,
  line          bigint not null,
  upload_id     uuid not null,
  deed          text not null,
  sealed        bytea not null,
  primary key (operation_id, line),
  constraint import_change_upload foreign key (upload_id) references integration.upload (id) on delete cascade
);
create index import_change_of_upload on integration.import_change (upload_id);

-- How files of one kind are imported. `sealed` holds the mapping and the options, under a key that lies with those of
-- persons and is destroyed with the profile.
create table integration.import_profile (
  id          uuid primary key,
  version     int not null,
  name        text not null,
  resource    text not null,
  sealed      bytea not null,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  constraint import_profile_name unique (name)
);

-- How often imports took a header for a column of ours. The header itself is not kept: a file without one has its first
-- record there. `header_index` is a keyed fingerprint of its words.
create table integration.learned_header (
  resource      text not null,
  header_index  bytea not null,
  column_name   text not null,
  uses          int not null,
  last_used_at  timestamptz not null,
  primary key (resource, header_index, column_name)
);

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
grant select, insert, update on integration.resumable_upload to shuke_app;
grant select, insert, update on integration.import, integration.import_refused to shuke_app;
grant select, insert on integration.import_chunk to shuke_app;
grant select, insert, update, delete on integration.learned_header, integration.import_profile, integration.import_record to shuke_app;
grant select, insert, delete on integration.upload_piece, integration.upload_raw, integration.import_problem, integration.import_change, integration.export_piece to shuke_app;
