-- Files on their way in, and faster words for the search.

-- The same words as before. translate() looks every character up in its list and took half of the
-- time that writing an item takes; a regular expression takes a thirtieth of that.
create or replace function catalog_words(value text) returns text
  language sql immutable parallel safe
  return regexp_replace(coalesce(value, ''), '[!-/:-@\[-`{-~]+', ' ', 'g');

-- A file that is being received or loaded. What was received up to received_bytes is safe; parts beyond
-- it are leftovers of a broken request and are written over.
create table upload (
  id             uuid primary key,
  kind           text not null check (kind in ('items', 'labels', 'taxonomy', 'interactions')),
  options        jsonb not null,
  status         text not null check (status in ('receiving', 'received', 'loaded', 'failed', 'refused')),
  total_bytes    bigint check (total_bytes >= 0),
  received_bytes bigint not null default 0 check (received_bytes >= 0),
  -- Only the request that came last may write: an older one whose connection hangs is shut out.
  writer         uuid,
  sha256_wanted  bytea check (length(sha256_wanted) = 32),
  sha256         bytea check (length(sha256) = 32),
  problem        text,
  job_id         uuid,
  created_at     timestamptz not null,
  created_by     text not null,
  changed_at     timestamptz not null
);
create index upload_newest on upload (created_at desc, id desc);

create table upload_part (
  upload_id uuid not null references upload (id) on delete cascade,
  position  bigint not null,
  bytes     bytea not null,
  primary key (upload_id, position)
);
-- Files are packed already or are unpacked once: PostgreSQL need not try to.
alter table upload_part alter column bytes set storage external;

-- Rows that were not taken, written in the transaction of their chunk.
create table upload_rejected (
  upload_id   uuid not null references upload (id) on delete cascade,
  line        bigint not null,
  column_name text,
  reason      text not null
);
create index upload_rejected_line on upload_rejected (upload_id, line);
