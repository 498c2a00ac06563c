-- One row per month, quarter and year from 2010 to 2040, named as everybody names
-- them: 2026-10, 2026K3, 2026.
-- @grain period
-- @build table
-- @column period code 2026-10, 2026K3 or 2026
-- @column period_kind code month, quarter or year
-- @column period_from date first day
-- @column period_to date last day
-- @column label text Danish: oktober 2026, 3. kvartal 2026, 2026
-- @column previous_period code the one before, of the same kind
-- @column same_period_last_year code the same one a year before
-- @column year_from date first day of its year
with starts as (
    select
        day as month_from,
        date_trunc('quarter', day) as quarter_from,
        date_trunc('year', day) as year_from
    from intermediate.int_days
    where day(day) = 1
),

periods as (
    select
        'month' as period_kind,
        month_from as period_from,
        1 as months
    from starts
    union all
    select
        'quarter' as period_kind,
        cast(quarter_from as date) as period_from,
        3 as months
    from starts
    where month_from = quarter_from
    union all
    select
        'year' as period_kind,
        cast(year_from as date) as period_from,
        12 as months
    from starts
    where month_from = year_from
),

neighbours as (
    select
        period_kind,
        period_from,
        cast(period_from + months * interval 1 month - interval 1 day as date) as period_to,
        cast(period_from - months * interval 1 month as date) as previous_from,
        cast(period_from - interval 12 month as date) as last_year_from
    from periods
),

named as (
    select
        n.*,
        case period_kind
            when 'month' then strftime(period_from, '%Y-%m')
            when 'quarter' then strftime(period_from, '%Y') || 'K' || quarter(period_from)
            else strftime(period_from, '%Y')
        end as period,
        case period_kind
            when 'month' then strftime(previous_from, '%Y-%m')
            when 'quarter' then strftime(previous_from, '%Y') || 'K' || quarter(previous_from)
            else strftime(previous_from, '%Y')
        end as previous_period,
        case period_kind
            when 'month' then strftime(last_year_from, '%Y-%m')
            when 'quarter' then strftime(last_year_from, '%Y') || 'K' || quarter(last_year_from)
            else strftime(last_year_from, '%Y')
        end as same_period_last_year
    from neighbours as n
)

select
    period,
    period_kind,
    period_from,
    period_to,
    case period_kind
        when 'month' then
            case month(period_from)
                when 1 then 'januar' when 2 then 'februar' when 3 then 'marts' when 4 then 'april'
                when 5 then 'maj' when 6 then 'juni' when 7 then 'juli' when 8 then 'august'
                when 9 then 'september' when 10 then 'oktober' when 11 then 'november' else 'december'
            end || ' ' || year(period_from)
        when 'quarter' then quarter(period_from) || '. kvartal ' || year(period_from)
        else cast(year(period_from) as varchar)
    end as label,
    previous_period,
    same_period_last_year,
    cast(date_trunc('year', period_from) as date) as year_from
from named
