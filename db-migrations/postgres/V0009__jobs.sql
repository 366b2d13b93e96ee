-- Jobs: priorities, limits per kind, retries, pause, figures of progress, resume points and files.
alter table job drop constraint job_status_check;
alter table job add constraint job_status_check check (status in
  ('queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled', 'dead'));
alter table job
  add column priority     smallint not null default 0,
  add column done         bigint not null default 0,
  add column failed       bigint not null default 0,
  add column total        bigint not null default -1,
  add column rate         real,
  add column counted_at   timestamptz,
  -- Runs that ended with a failure worth repeating, and runs whose instance vanished.
  add column failures     integer not null default 0,
  add column losses       integer not null default 0,
  add column pause_wanted boolean not null default false,
  -- Not to be begun before this moment.
  add column due_at       timestamptz,
  -- Whether it has a place in scheduled_tasks, and the number of that place: <id>/<admission>.
  add column admitted     boolean not null default false,
  add column admission    integer not null default 0;
update job set due_at = created_at;
alter table job alter column due_at set not null;
-- Places of before are named by the id alone.
update job set admitted = true, admission = 1 where status in ('queued', 'running');
update scheduled_tasks set task_instance = task_instance || '/1' where task_name = 'job';

drop index job_under_way;
create unique index job_under_way on job (kind, subject)
  where status in ('queued', 'running', 'paused');
create index job_waiting on job (kind, priority desc, created_at)
  where status = 'queued' and not admitted;
create index job_admitted on job (kind) where admitted;
create index job_not_over on job (status, kind, created_at)
  where status in ('queued', 'running', 'paused', 'dead');
create index job_over on job (ended_at)
  where status in ('succeeded', 'failed', 'cancelled', 'dead');
create index scheduled_tasks_priority on scheduled_tasks (priority desc, execution_time);

-- Apart from the job's row: a chunk and its resume point commit together in a transaction that may
-- take a while, and reports of progress must not wait for it. attempt is the run that may write it.
create table job_checkpoint (
  job_id  uuid primary key references job (id) on delete cascade,
  attempt integer not null,
  state   jsonb
);

-- Without reference to the job: what it works on may be received before it is queued.
create table job_file (
  job_id     uuid not null,
  name       text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
  media_type text not null,
  bytes      bigint not null default 0,
  -- Present once the file is whole.
  sha256     bytea check (length(sha256) = 32),
  created_at timestamptz not null,
  primary key (job_id, name)
);
create index job_file_age on job_file (created_at);
-- place is the offset of the chunk's first byte in the file.
create table job_file_chunk (
  job_id  uuid not null,
  name    text not null,
  place   bigint not null,
  content bytea not null,
  primary key (job_id, name, place),
  foreign key (job_id, name) references job_file (job_id, name)
);
alter table job_file_chunk alter column content set storage external;
