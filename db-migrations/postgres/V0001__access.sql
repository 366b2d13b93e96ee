-- Who may call, what was done by whom, and which writes were already answered.
create table api_client (
  id          uuid primary key,
  name        text not null check (length(name) between 1 and 200),
  role        text not null check (role in ('reader', 'editor', 'administrator')),
  key_hash    bytea not null unique check (length(key_hash) = 32),
  key_hint    text not null,
  created_at  timestamptz not null,
  created_by  text not null,
  revoked_at  timestamptz
);

create table audit_entry (
  id       bigint generated always as identity primary key,
  at       timestamptz not null,
  actor    text not null,
  action   text not null,
  subject  text not null,
  detail   jsonb not null
);
create index audit_entry_subject on audit_entry (subject, id);

create table idempotent_answer (
  client_id    uuid not null,
  key          text not null check (length(key) between 1 and 255),
  fingerprint  bytea not null,
  status       smallint,
  headers      jsonb,
  body         text,
  created_at   timestamptz not null,
  primary key (client_id, key)
);
create index idempotent_answer_age on idempotent_answer (created_at);
