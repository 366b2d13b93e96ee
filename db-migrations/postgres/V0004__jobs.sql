-- Background work that survives a crash: what people see of it, and the queue that hands it out.
create table job (
  id            uuid primary key,
  kind          text not null,
  subject       text not null,
  status        text not null
                check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  parameters    jsonb not null,
  phase         text,
  fraction_done double precision not null default 0 check (fraction_done between 0 and 1),
  result        jsonb,
  problem       text,
  attempts      integer not null default 0,
  cancel_wanted boolean not null default false,
  created_at    timestamptz not null,
  created_by    text not null,
  started_at    timestamptz,
  ended_at      timestamptz
);
create index job_newest on job (created_at desc, id desc);
-- One of a kind at a time for one subject: a second request finds the first one instead.
create unique index job_under_way on job (kind, subject) where status in ('queued', 'running');

-- The table of the db-scheduler library, as its documentation gives it for PostgreSQL.
create table scheduled_tasks (
  task_name            text not null,
  task_instance        text not null,
  task_data            bytea,
  execution_time       timestamptz not null,
  picked               boolean not null,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures integer,
  last_heartbeat       timestamptz,
  version              bigint not null,
  priority             smallint,
  primary key (task_name, task_instance)
);
create index scheduled_tasks_execution_time on scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat on scheduled_tasks (last_heartbeat);
