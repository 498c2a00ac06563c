-- One row per period, perspective, municipality and network that counts some of its
-- scores. Networks count days of membership, so a municipality that changed network,
-- joined or left inside the period has several parts. Parts are not published; they
-- tie the satisfaction of municipalities and networks together.
-- @grain period, perspective, network, municipality_code
-- @build incremental by year_from, 366 days back
-- @column period code 2026-10, 2026K3 or 2026
-- @column year_from date first day of the period's year
-- @column perspective code citizen or agent
-- @column network text network on the day, else unknown
-- @column municipality_code code the municipality
-- @column scores count valid scores
select
    p.period,
    p.year_from,
    d.perspective,
    coalesce(m.network, 'unknown') as network,
    d.key as municipality_code,
    cast(sum(d.scores) as bigint) as scores
from marts.kpi_daily as d
inner join marts.dim_period_day as p on d.call_date = p.day
left join marts.dim_membership as m
    on d.key = m.municipality_code and d.call_date between m.valid_from and m.valid_to
where
    d.grouping = 'municipality' and d.scores > 0
    and d.call_date >= $from and d.call_date < $to + 366
    and p.year_from >= $from and p.year_from < $to
group by p.period, p.year_from, d.perspective, coalesce(m.network, 'unknown'), d.key
