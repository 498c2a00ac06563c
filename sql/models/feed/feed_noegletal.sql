-- Nøgletal: the published KPIs per month, quarter and year for everything but
-- single agents, exactly as ddh kpi and the reports show them.
-- @grain periode, perspektiv, gruppering, noegle, noegletal
-- @build view
-- @column periode code 2026-10, 2026K3 eller 2026
-- @column periodetype code month, quarter eller year
-- @column perspektiv code citizen: borgerens kommune; agent: medarbejderens kommune
-- @column gruppering code total, municipality, network, region, guide, queue, topic eller transfer_number
-- @column noegle text Gruppen
-- @column navn text Gruppens navn
-- @column noegletal code Nøgletallets id
-- @column betegnelse text Nøgletallets navn
-- @column vaerdi ratio Værdi i nøgletallets enhed
-- @column taeller count Tæller
-- @column naevner count Nævner
-- @column n count Antal bag tallet
-- @column nedre ratio Nedre grænse for 95 %-intervallet
-- @column oevre ratio Øvre grænse for 95 %-intervallet
-- @column maal ratio Mål på periodens sidste dag
-- @column status code met, missed, no_target, no_data eller suppressed
select
    v.period as periode,
    v.period_kind as periodetype,
    v.perspective as perspektiv,
    v.grouping as gruppering,
    v.key as noegle,
    v.label as navn,
    v.kpi as noegletal,
    k.label as betegnelse,
    v.value as vaerdi,
    v.numerator as taeller,
    v.denominator as naevner,
    v.n,
    v.lower as nedre,
    v.upper as oevre,
    v.target as maal,
    v.status
from marts.kpi_values as v
inner join marts.dim_kpi as k on v.kpi = k.kpi
where v.municipality_code = 'all' and v.grouping <> 'agent'
