-- What has changed, written in the transaction of the change and carried to the derived stores later.
-- transaction_id tells which rows may be read: transactions commit in another order than they number
-- their rows, so a reader must not pass a transaction that is still open.
create table outbox (
  position       bigint generated always as identity,
  transaction_id xid8 not null default pg_current_xact_id(),
  kind           text not null,
  key            text collate "C" not null,
  version        bigint not null,
  removed        boolean not null default false,
  payload        jsonb,
  at             timestamptz not null default now()
) partition by range (at);
create index outbox_order on outbox (transaction_id, position);
-- Takes what no day's partition is there for, so that a write never fails for want of one.
create table outbox_rest partition of outbox default;
