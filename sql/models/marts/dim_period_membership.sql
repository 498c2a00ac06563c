-- One row per period and municipality that was a member of the contact centre on
-- any of its days. A municipality that joined or left in the middle is partial: its
-- figures are not to be compared with those of a whole period. A change of network
-- is no change of membership.
-- @grain period, municipality_code
-- @build table
-- @check member_days between 1 and period_days
-- @column period code 2026-10, 2026K3 or 2026
-- @column municipality_code code member
-- @column first_day date first day of membership in the period
-- @column last_day date last day of membership in the period
-- @column member_days count days of membership in the period
-- @column period_days count days of the period
-- @column is_partial flag the membership does not cover the whole period
with stretches as (
    select
        p.period,
        b.municipality_code,
        greatest(b.valid_from, p.period_from) as first_day,
        least(b.valid_to, p.period_to) as last_day,
        p.period_to - p.period_from + 1 as period_days
    from marts.dim_period as p
    inner join marts.dim_membership as b on b.valid_from <= p.period_to and b.valid_to >= p.period_from
),

summed as (
    select
        period,
        municipality_code,
        period_days,
        min(first_day) as first_day,
        max(last_day) as last_day,
        sum(last_day - first_day + 1) as member_days
    from stretches
    group by period, municipality_code, period_days
)

select
    period,
    municipality_code,
    first_day,
    last_day,
    cast(member_days as integer) as member_days,
    cast(period_days as integer) as period_days,
    member_days < period_days as is_partial
from summed
