-- The words by which items are found, apart from the items: sorting them in costs several times what
-- storing an item does, so large files have it done afterwards.
create function item_words(title text, sku text, brand text, description text) returns tsvector
  language sql immutable parallel safe
  return setweight(to_tsvector('simple', catalog_words(title)), 'A')
    || setweight(to_tsvector('simple', catalog_words(sku)), 'A')
    || setweight(to_tsvector('simple', catalog_words(brand)), 'B')
    || setweight(to_tsvector('simple', catalog_words(left(description, 20000))), 'D');

-- Of which version of the item these are tells which of two writers at once was the later one.
-- A deleted item keeps its row, without words.
create table item_words (
  item_id bigint primary key references item (id),
  version bigint not null,
  words   tsvector not null
);
create index item_words_search on item_words using gin (words);

-- Items whose words are yet to be gathered, some thousands in a row.
create table item_words_due (
  id       bigint generated always as identity primary key,
  item_ids bigint[] not null,
  at       timestamptz not null default now()
);
insert into item_words_due (item_ids)
  select array_agg(id) from (
    select id, (row_number() over (order by id) - 1) / 2000 as part
    from item where deleted_at is null) numbered
  group by part order by part;

alter table item drop column search;
