-- No satisfaction figure of fewer than five scores can be had from those that are shown:
-- a whole that is shown has no hidden part, or at least two with five scores together,
-- a region none at all, and a hidden whole has a hidden part. If this fails, kpi_hidden is wrong: look at the
-- sum named here.
-- @severity error
with cells as (
    select
        c.cell_number,
        c.scores,
        coalesce(v.status = 'suppressed', h.cell_number is not null) as is_hidden
    from marts.kpi_score_cells as c
    left join marts.kpi_hidden as h on c.cell_number = h.cell_number
    left join marts.kpi_values as v
        on
            c.period = v.period and c.perspective = v.perspective and c.grouping = v.grouping
            and c.key = v.key and c.municipality_code = v.municipality_code and v.kpi = 'satisfaction_mean'
),

sums as (
    select
        whole.cell_number as parent_number,
        f.family,
        whole.is_hidden as is_whole_hidden,
        count(*) filter (where part.is_hidden) as hidden_parts,
        coalesce(sum(part.scores) filter (where part.is_hidden), 0) as hidden_scores
    from marts.kpi_score_families as f
    inner join cells as whole on f.parent_number = whole.cell_number
    inner join cells as part on f.child_number = part.cell_number
    group by whole.cell_number, f.family, whole.is_hidden
)

select parent_number, family, is_whole_hidden, hidden_parts, hidden_scores
from sums
where
    is_whole_hidden and hidden_parts = 0
    or not is_whole_hidden and hidden_parts > 0
    and (hidden_parts = 1 or hidden_scores < 5 or family = 'region_municipality')
