-- One row per municipality and count of its inhabitants, with the days on which the
-- count is in force: from its own date to the day before the next, so an old quarter
-- keeps its old count (DOMAIN §4). The earliest also serves the time before it. Counts
-- are those of Danmarks Statistik (FOLK1A) built into the program and those of
-- population.csv, which win where both have the same date.
-- @grain municipality_code, valid_from
-- @build table
-- @check valid_from <= valid_to
-- @column municipality_code code four digits
-- @column valid_from date first day on which the count is in force
-- @column valid_to date last day
-- @column population count inhabitants
-- @column population_date date the count's date
with counts as (
    select municipality_code, population, population_date
    from reference.population
    union all
    select m.municipality_code, m.population, m.population_date
    from seeds.municipalities as m
    left join reference.population as p
        on m.municipality_code = p.municipality_code and m.population_date = p.population_date
    where p.municipality_code is null
),

ordered as (
    select
        c.*,
        lag(c.population_date) over (partition by c.municipality_code order by c.population_date) as previous_date,
        lead(c.population_date) over (partition by c.municipality_code order by c.population_date) as next_date
    from counts as c
)

select
    municipality_code,
    case when previous_date is null then date '1900-01-01' else population_date end as valid_from,
    coalesce(next_date - 1, date '9999-12-31') as valid_to,
    cast(population as bigint) as population,
    population_date
from ordered
