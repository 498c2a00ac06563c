-- A target lies where its KPI can: a score between 1 and 9, and nothing below zero. Mend
-- targets.csv; targets of shares are judged when the file is read.
-- @severity error
select
    t.kpi,
    t.target,
    k.unit,
    t.valid_from
from marts.dim_target as t
inner join marts.dim_kpi as k on t.kpi = k.kpi
where k.unit = 'score' and t.target not between 1 and 9 or t.target < 0
