-- Those who listen are told of what happens from now on, not of what happened before they could.
insert into projection_target (name, transaction_id, position, rebuilt_at)
select 'live', coalesce(last.transaction_id, '0'), coalesce(last.position, 0), now()
from (select 1) as one
left join lateral (
  select transaction_id, position from outbox order by transaction_id desc, position desc limit 1
) as last on true
on conflict (name) do nothing;
