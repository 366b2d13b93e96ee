-- Items, their labels per taxonomy, and every change of a label.

-- What a search sees of a text: words only. PostgreSQL's own parser reads 'usb-c', 'a/b' or '-13' as
-- compounds, paths and signed numbers, so that a search for a part of them would find nothing.
create function catalog_words(value text) returns text
  language sql immutable parallel safe
  return translate(coalesce(value, ''), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32));

-- A deleted item keeps its row, without its texts: the version must go on counting when the sku comes
-- back, or an ETag of the deleted item would match the new one.
create table item (
  id                bigint generated always as identity primary key,
  sku               text collate "C" not null unique check (length(sku) between 1 and 128),
  title             text not null,
  brand             text,
  description       text,
  supplier_category text,
  url               text,
  attributes        jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'),
  in_stock          boolean not null default true,
  hidden            boolean not null default false,
  version           bigint not null check (version >= 1),
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  deleted_at        timestamptz,
  search            tsvector not null generated always as (
    setweight(to_tsvector('simple', catalog_words(title)), 'A')
    || setweight(to_tsvector('simple', catalog_words(sku)), 'A')
    || setweight(to_tsvector('simple', catalog_words(brand)), 'B')
    || setweight(to_tsvector('simple', catalog_words(left(description, 20000))), 'D')
  ) stored,
  check (title <> '' or deleted_at is not null)
);
create index item_search on item using gin (search) where deleted_at is null;

create table label (
  taxonomy_id    bigint not null references taxonomy (id),
  item_id        bigint not null references item (id),
  category_code  text collate "C" not null,
  source         text not null check (source in ('editor', 'feedback', 'import', 'sample')),
  set_by         text not null,
  set_at         timestamptz not null,
  primary key (taxonomy_id, item_id)
);
create index label_item on label (item_id);
create index label_category on label (taxonomy_id, category_code, item_id);

-- category_code is null where the label was taken away.
create table label_change (
  id             bigint generated always as identity primary key,
  taxonomy_id    bigint not null references taxonomy (id) on delete cascade,
  item_id        bigint not null references item (id),
  category_code  text collate "C",
  source         text not null,
  changed_by     text not null,
  changed_at     timestamptz not null
);
create index label_change_item on label_change (item_id, taxonomy_id, id);
