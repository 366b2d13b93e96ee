-- Classifier models, what they decided, and what people said of it.
create table classifier_model (
  id               bigint generated always as identity primary key,
  taxonomy_id      bigint not null references taxonomy (id),
  number           integer not null check (number > 0),
  version          text not null unique,
  status           text not null check (status in ('candidate', 'active', 'retired', 'refused')),
  taxonomy_version integer not null,
  tree_digest      text not null,
  data_digest      text not null,
  examples         bigint not null,
  categories       integer not null,
  size_bytes       bigint not null,
  sha256           bytea not null check (length(sha256) = 32),
  quality          jsonb not null,
  comparison       jsonb,
  trained_at       timestamptz not null,
  trained_by       text not null,
  activated_at     timestamptz,
  activated_by     text,
  unique (taxonomy_id, number)
);
create unique index classifier_model_active on classifier_model (taxonomy_id) where status = 'active';

-- Apart from the row, so that lists do not read megabytes.
create table classifier_model_file (
  model_id bigint primary key references classifier_model (id) on delete cascade,
  content  bytea not null
);

create table decision (
  id                uuid primary key,
  at                timestamptz not null,
  taxonomy_id       bigint not null,
  model_id          bigint not null,
  category_code     text not null,
  confidence        real not null,
  leaf_code         text not null,
  leaf_confidence   real not null,
  accepted          boolean not null,
  sku               text,
  title             text not null,
  brand             text,
  description       text,
  supplier_category text,
  url               text,
  text_hash         bigint not null,
  -- How much a person's answer would teach; present while the decision waits for one.
  usefulness        real
);
create index decision_waiting on decision (taxonomy_id, usefulness desc, id)
  where usefulness is not null;
create index decision_waiting_text on decision (taxonomy_id, text_hash)
  where usefulness is not null;
create index decision_age on decision using brin (at);

create table classification_feedback (
  decision_id   uuid primary key,
  taxonomy_id   bigint not null references taxonomy (id),
  model_id      bigint not null,
  predicted     text not null,
  category_code text not null,
  was_right     boolean not null,
  given_by      text not null,
  given_at      timestamptz not null,
  sku           text
);
create index classification_feedback_model on classification_feedback (model_id);

-- Texts that were labelled by feedback without being items of the catalog.
create table labelled_text (
  decision_id       uuid primary key references classification_feedback (decision_id) on delete cascade,
  taxonomy_id       bigint not null references taxonomy (id),
  category_code     text not null,
  title             text not null,
  brand             text,
  description       text,
  supplier_category text,
  url               text
);
create index labelled_text_taxonomy on labelled_text (taxonomy_id, decision_id);
