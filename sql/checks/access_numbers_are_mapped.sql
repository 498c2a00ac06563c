-- Access numbers missing from access_numbers.csv: their calls count as unknown.
-- A few non-member calls are normal; more than five in a hundred want a look.
-- @severity warn
select
    call_date,
    count(*) filter (where citizen_municipality_code = 'unknown') as unknown_calls,
    count(*) as calls
from marts.fct_calls
where call_date >= (select cast(data_until as date) - 30 from marts.dim_data)
group by call_date
having count(*) filter (where citizen_municipality_code = 'unknown') > 0.05 * count(*) + 3
