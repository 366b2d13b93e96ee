-- What people did with items, what was recommended to whom, and what came of it.

-- No foreign keys: an interaction may name an item that is not in the catalog yet, and a person's
-- past stays when an item goes.
create table interaction (
  id          bigint generated always as identity primary key,
  -- Tells a repetition: a hash of the caller's own id, else of user, item, kind and time.
  event       uuid not null unique,
  user_id     text collate "C" not null check (length(user_id) between 1 and 128),
  sku         text collate "C" not null check (length(sku) between 1 and 128),
  kind        text not null check (kind in ('view', 'cart', 'purchase', 'rating', 'dismissal')),
  value       real,
  at          timestamptz not null,
  received_at timestamptz not null,
  check ((kind = 'rating') = (value is not null))
);
create index interaction_user on interaction (user_id, at desc, id desc);
create index interaction_age on interaction using brin (at);

create table recommendation_shown (
  id            uuid primary key,
  at            timestamptz not null,
  user_id       text collate "C",
  strategy      text not null,
  experiment_id bigint,
  arm           text,
  items         text[] not null
);
create index recommendation_shown_user on recommendation_shown (user_id) where user_id is not null;
create index recommendation_shown_experiment on recommendation_shown (experiment_id, arm)
  where experiment_id is not null;
create index recommendation_shown_age on recommendation_shown using brin (at);

create table recommendation_feedback (
  shown_id uuid not null references recommendation_shown (id) on delete cascade,
  sku      text collate "C" not null,
  kind     text not null check (kind in ('clicked', 'bought', 'dismissed')),
  at       timestamptz not null,
  given_by text not null,
  primary key (shown_id, sku, kind)
);
create index recommendation_feedback_age on recommendation_feedback using brin (at);

create table experiment (
  id              bigint generated always as identity primary key,
  name            text not null unique check (name ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  status          text not null check (status in ('running', 'ended')),
  -- [{"name": …, "strategy": …, "share": …}], the first is what the others are compared with
  arms            jsonb not null check (jsonb_typeof(arms) = 'array'),
  metric          text not null check (metric in ('clicked', 'bought')),
  stop_when_clear boolean not null,
  created_at      timestamptz not null,
  created_by      text not null,
  ended_at        timestamptz,
  ended_by        text,
  winner          text
);
-- One at a time: two would not tell which of them a user's choice came from.
create unique index experiment_running on experiment (status) where status = 'running';

create table recommender_model (
  id           bigint generated always as identity primary key,
  number       integer not null unique check (number > 0),
  version      text not null unique,
  status       text not null check (status in ('candidate', 'active', 'retired', 'refused')),
  size_bytes   bigint not null,
  sha256       bytea not null check (length(sha256) = 32),
  description  jsonb not null,
  quality      jsonb not null,
  why_refused  text,
  trained_at   timestamptz not null,
  trained_by   text not null,
  activated_at timestamptz,
  activated_by text
);
create unique index recommender_model_active on recommender_model (status) where status = 'active';

-- Apart from the row, so that lists do not read megabytes.
create table recommender_model_file (
  model_id bigint primary key references recommender_model (id) on delete cascade,
  content  bytea not null
);
