-- Taxonomies side by side, each with immutable versions of which one is active.
create table taxonomy (
  id                bigint generated always as identity primary key,
  code              text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name              text not null check (length(name) between 1 and 200),
  review_threshold  double precision not null check (review_threshold between 0 and 1),
  active_version    integer,
  revision          bigint not null,
  created_at        timestamptz not null,
  created_by        text not null,
  changed_at        timestamptz not null
);

create table taxonomy_version (
  taxonomy_id  bigint not null references taxonomy (id) on delete cascade,
  version      integer not null check (version >= 1),
  digest       bytea not null check (length(digest) = 32),
  sample       boolean not null,
  format       text not null,
  per_level    integer[] not null,
  categories   integer not null check (categories >= 1),
  leaves       integer not null check (leaves >= 1),
  imported_at  timestamptz not null,
  imported_by  text not null,
  primary key (taxonomy_id, version),
  unique (taxonomy_id, digest)
);

-- Checked at the end of the transaction, so that a taxonomy and its versions can go together.
alter table taxonomy add foreign key (id, active_version)
  references taxonomy_version (taxonomy_id, version) deferrable initially deferred;

create table category (
  taxonomy_id  bigint not null,
  version      integer not null,
  position     integer not null,
  code         text not null,
  name         text not null,
  parent_code  text,
  path         text[] not null,
  level        integer not null check (level = cardinality(path)),
  leaf         boolean not null,
  primary key (taxonomy_id, version, code),
  foreign key (taxonomy_id, version)
    references taxonomy_version (taxonomy_id, version) on delete cascade,
  check ((parent_code is null) = (level = 1))
);

create function refuse_change_of_version() returns trigger language plpgsql as $$
begin
  raise exception 'a version of a taxonomy is immutable';
end
$$;
create trigger taxonomy_version_is_immutable before update on taxonomy_version
  for each row execute function refuse_change_of_version();
create trigger category_is_immutable before update on category
  for each row execute function refuse_change_of_version();
