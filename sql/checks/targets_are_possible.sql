-- A target lies where its KPI can: a share is written as 0.7 for 70 %, not as 70, and
-- a score lies between 1 and 9. Mend targets.csv.
-- @severity error
select
    t.kpi,
    t.target,
    k.unit,
    t.valid_from
from marts.dim_target as t
inner join marts.dim_kpi as k on t.kpi = k.kpi
where
    k.unit = 'share' and t.target not between 0 and 1
    or k.unit = 'score' and t.target not between 1 and 9
    or t.target < 0
