-- Every inbound call has exactly one outcome, and no figure counts a call twice:
-- the outcomes of a day add up to its calls.
-- @severity error
select
    d.call_date,
    d.calls,
    k.counted
from (
    select call_date, count(*) as calls
    from marts.fct_calls
    group by call_date
) as d
left join (
    select
        call_date,
        calls_answered + calls_abandoned + calls_short_abandoned + calls_callback_ordered + calls_overflow
        + calls_rejected + calls_error + calls_menu_only + calls_outside_hours as counted
    from marts.kpi_daily
    where grouping = 'total' and perspective = 'citizen'
) as k on d.call_date = k.call_date
where d.calls is distinct from k.counted
