-- One row per cell whose satisfaction is not shown (DOMAIN §4, small numbers): because
-- fewer than five scores are behind it, or because it would give such a cell away. A
-- whole that is shown must have no hidden parts, or at least two with five scores
-- together; a hidden whole must have a hidden part. Where that fails, the smallest part
-- that is still shown is hidden, where no part is shown the whole. Hiding for one sum can
-- spoil or settle another, so this repeats, sums of an earlier turn first, until every
-- sum holds: no hidden cell can be had by taking shown ones from a shown sum, however
-- often. Regions come last and are shown only where none of their municipalities is
-- hidden: regions and networks cross, and a network within a region could be taken from
-- it. So a region that is shown is a sum of shown municipalities of its period; it tells
-- nothing that they do not, and hiding it asks for no other cell to be hidden. A hidden
-- region of five scores or more may well follow from networks and the whole, and tells
-- no more than these. Solving many of the other sums at once is not guarded against: in
-- hotlines as large as the real one it has been seen to give away an agent's or a
-- queue's month, seldom, in very small ones a municipality's. Nor are free ranges of
-- days that differ by a few calls.
-- @grain cell_number
-- @build incremental by year_from
-- @check reason <> 'small' or scores < 5
-- @column cell_number id cell of kpi_score_cells
-- @column year_from date first day of the period's year
-- @column period code 2026-10, 2026K3 or 2026
-- @column perspective code citizen or agent
-- @column grouping code the grouping
-- @column key text the group
-- @column municipality_code code one municipality for groups within one, else all
-- @column scores count valid scores
-- @column reason code small: fewer than five scores; difference: would give another figure away
with recursive rounds as (
    select
        0 as round,
        cell_number
    from marts.kpi_score_cells
    where year_from >= $from and year_from < $to and scores < 5
    union all
    (
        with hidden as (
            select round, cell_number
            from rounds
        ),

        sums as (
            select
                f.parent_number,
                f.family,
                f.turn,
                max(whole.cell_number) is not null as is_whole_hidden,
                count(part.cell_number) as hidden_parts,
                coalesce(sum(f.scores) filter (where part.cell_number is not null), 0) as hidden_scores,
                min(f.child_number) filter (where part.cell_number is null) as smallest_shown
            from marts.kpi_score_families as f
            left join hidden as whole on f.parent_number = whole.cell_number
            left join hidden as part on f.child_number = part.cell_number
            where f.year_from >= $from and f.year_from < $to
            group by f.parent_number, f.family, f.turn
        ),

        open_sums as (
            select *
            from sums
            where
                is_whole_hidden and hidden_parts = 0
                or not is_whole_hidden and hidden_parts > 0
                and (hidden_parts = 1 or hidden_scores < 5 or family = 'region_municipality')
        ),

        newly_hidden as (
            select distinct
                case
                    when is_whole_hidden then smallest_shown
                    when family = 'region_municipality' then parent_number
                    else coalesce(smallest_shown, parent_number)
                end as cell_number
            from open_sums
            where turn = (select min(turn) from open_sums)
        ),

        next_round as (
            select max(round) + 1 as round
            from hidden
        )

        select n.round, h.cell_number
        from hidden as h
        cross join next_round as n
        where exists (select 1 from newly_hidden)
        union all
        select n.round, h.cell_number
        from newly_hidden as h
        cross join next_round as n
    )
),

first_hidden as (
    select cell_number, min(round) as round
    from rounds
    group by cell_number
)

select
    c.cell_number,
    c.year_from,
    c.period,
    c.perspective,
    c.grouping,
    c.key,
    c.municipality_code,
    c.scores,
    case when h.round = 0 then 'small' else 'difference' end as reason
from first_hidden as h
inner join marts.kpi_score_cells as c on h.cell_number = c.cell_number
where c.year_from >= $from and c.year_from < $to
