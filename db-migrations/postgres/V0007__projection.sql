-- How far each derived store has come with the outbox, and what it could not take.

-- One row per target. (transaction_id, position) is the last row of the outbox that it has taken; the
-- rest says who carries and what is wrong, for people to read: it decides nothing.
create table projection_target (
  name           text primary key,
  transaction_id xid8 not null default '0',
  position       bigint not null default 0,
  holder         text,
  holder_since   timestamptz,
  trouble        text,
  trouble_since  timestamptz,
  rebuilt_at     timestamptz
);

-- Events that a target refused again and again, kept until somebody retries them.
create table projection_set_aside (
  id          bigint generated always as identity primary key,
  target      text not null references projection_target (name) on delete cascade,
  position    bigint not null,
  kind        text not null,
  key         text collate "C" not null,
  version     bigint not null,
  removed     boolean not null,
  payload     jsonb,
  happened_at timestamptz not null,
  tries       integer not null check (tries >= 1),
  reason      text not null,
  at          timestamptz not null,
  unique (target, position)
);
create index projection_set_aside_key on projection_set_aside (target, kind, key);
