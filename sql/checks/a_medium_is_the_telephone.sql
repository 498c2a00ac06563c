-- Puzzel's media_types names at least one medium that is the telephone, else every call
-- would vanish from the figures. Look at the file: deliver a media_types that names the
-- telephone ("Phone", "Telefon", "Voice"), or delete the file where it is another table's.
-- @severity error
select
    count(*) as media_types,
    min(label) as first_label,
    max(label) as last_label
from staging.stg_puzzel__media_types
having count(*) > 0 and not bool_or(is_phone)
