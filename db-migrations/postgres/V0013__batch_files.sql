-- Files whose rows are only to be classified: they stay as they came until they are too old.
alter table upload drop constraint upload_kind_check;
alter table upload add constraint upload_kind_check
  check (kind in ('items', 'labels', 'taxonomy', 'interactions', 'batch'));
