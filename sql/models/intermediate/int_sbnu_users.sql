-- One row per sb.nu user name and stretch of days, with the Puzzel agent behind it:
-- the one agents.csv names, else the one with that work address.
-- @grain sbnu_user, valid_from
-- @build table
-- @column sbnu_user text sb.nu user name, lower case
-- @column valid_from date first day
-- @column valid_to date last day
-- @column agent_id id Puzzel's agent
with named as (
    select
        meta.key(sbnu_user) as sbnu_user,
        valid_from,
        valid_to,
        agent_id
    from reference.agents
    where meta.key(sbnu_user) is not null
),

addressed as (
    select
        email as sbnu_user,
        date '1900-01-01' as valid_from,
        date '9999-12-31' as valid_to,
        max(agent_id) as agent_id
    from intermediate.int_agent_history
    where email is not null and email not in (select n.sbnu_user from named as n)
    group by email
    having count(distinct agent_id) = 1
)

select sbnu_user, valid_from, valid_to, agent_id from named
union all
select sbnu_user, valid_from, valid_to, agent_id from addressed
