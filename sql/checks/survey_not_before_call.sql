-- A survey question never goes out before its call began; clocks may differ by two
-- minutes.
-- @severity error
select
    s.call_id,
    s.sent_at,
    c.started_at
from marts.fct_surveys as s
inner join marts.fct_calls as c on s.call_id = c.call_id and s.call_date = c.call_date
where s.sent_at < c.started_at - interval 2 minute
