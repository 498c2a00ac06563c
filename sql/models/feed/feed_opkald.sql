-- Opkald: one row per inbound call, with nothing that tells who called.
-- @grain opkald_id
-- @build view by dato
-- @column opkald_id id Puzzels nummer for opkaldet
-- @column dato date Lokal dato
-- @column halvtime count Halvtime på dagen, 0-47
-- @column udfald code Præcis ét udfald
-- @column borger_kommunekode code Kommunen hvis nummer blev ringet op
-- @column koe code Første kø i hotlinen
-- @column er_tilbudt flag I åbningstiden og i en af hotlinens køer
-- @column er_besvaret flag Besvaret
-- @column er_kort_opgivet flag Opgivet inden for 5 sekunder
-- @column ventetid_sekunder s Ventetid, kun opkald besvaret på linjen
-- @column er_stillet_tilbage flag Stillet tilbage til kommunen
-- @column omstillingsnummer text Nummer eller kø der blev stillet tilbage til
-- @column foerste_agent_kommunekode code Arbejdsgiver for den første medarbejder der svarede
-- @column er_genopkald flag Straksafklaret, men borgeren ringede igen inden for 7 dage
-- @column guider_brugt count Brugte guider
-- @column sendt_fra_guider count Sms og mails sendt fra guider
-- @column er_besvaret_paa_linjen flag Besvaret uden tilbagekald: nævneren for ventetid
-- @column er_besvaret_ved_tilbagekald flag Besvaret ved at ringe borgeren op
-- @column ventetid_tilbagekald_sekunder s Fra bestilling, eller det senere tidspunkt der blev bestilt til, til samtale; tom hvor bestillingen ikke er registreret
select
    cast(call_id as varchar) as opkald_id,
    call_date as dato,
    half_hour as halvtime,
    outcome as udfald,
    citizen_municipality_code as borger_kommunekode,
    first_queue_key as koe,
    is_offered as er_tilbudt,
    outcome = 'answered' as er_besvaret,
    outcome = 'short_abandoned' as er_kort_opgivet,
    wait_seconds as ventetid_sekunder,
    is_transferred_back as er_stillet_tilbage,
    transfer_number as omstillingsnummer,
    first_agent_municipality_code as foerste_agent_kommunekode,
    has_repeat_call and not is_transferred_back as er_genopkald,
    guide_use_count as guider_brugt,
    guide_send_count as sendt_fra_guider,
    outcome = 'answered' and not is_answered_by_callback as er_besvaret_paa_linjen,
    is_answered_by_callback as er_besvaret_ved_tilbagekald,
    callback_wait_seconds as ventetid_tilbagekald_sekunder
from marts.fct_calls
