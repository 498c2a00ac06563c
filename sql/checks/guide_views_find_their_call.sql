-- Guide views that no call was found for, in months of the last quarter year: they
-- count as use, but guide_coverage misses them. Views without a call happen; more
-- than one in five says that agents are not recognised or the clocks differ. Look
-- for sb.nu users missing from agents.csv (agent_id is empty in fct_guide_actions),
-- then at the time zone of the delivery, then at guide_grace in ddh.toml.
-- @severity warn
select
    cast(date_trunc('month', action_date) as date) as month_from,
    count(*) filter (where match_quality = 'none') as unmatched,
    count(*) filter (where agent_id is null) as of_unknown_agents,
    count(*) as views
from marts.fct_guide_actions
where action = 'view' and action_date >= (select cast(data_until as date) - 90 from marts.dim_data)
group by cast(date_trunc('month', action_date) as date)
having count(*) filter (where match_quality = 'none') > 0.2 * count(*) + 3
