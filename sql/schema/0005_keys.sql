-- The one place where a text becomes a key. Whoever changes a form adds a migration
-- with `create or replace macro`; etl/reference.Key is the same in Go, for the faults
-- of reference files.

-- What programs write for "no value" into a column of texts is no key.
create or replace macro meta.known(x) as (
    case
        when x in (
            '', 'nan', 'null', '(null)', '[null]', 'none', '<na>', 'nat', 'nil', '\n', '#n/a', '#n/a!', 'n/a', '#i/t', '#i/t!',
            '#value!', '#værdi!', '#ref!', '#reference!', '#name?', '#navn?', '#null!', '#num!', '#div/0!'
        ) then null
        else x
    end
);

-- A code or name as it is compared: without case, as SQL Server and Power BI compare;
-- in one Unicode form; with single, plain blanks inside and none round it. Most texts
-- are plain ASCII and take the first, fast way.
create or replace macro meta.key(x) as (
    meta.known(case
        when regexp_full_match(x, '[!-~]+( [!-~]+)*') then lower(x)
        else trim(regexp_replace(
            regexp_replace(lower(nfc_normalize(x)), '[\x{00AD}\x{200B}-\x{200F}\x{2060}\x{FEFF}]', '', 'g'),
            '[\s\x{0085}\p{Z}]+', ' ', 'g'
        ))
    end)
);

-- A GUID: lower case with dashes, whether it came with braces, upper case or no dashes.
-- What is no GUID is a key like any other.
create or replace macro meta.guid(x) as (
    case
        when strlen(x) = 36 and not contains(x, ' ') then lower(x)
        else regexp_replace(
            meta.key(x),
            '^[{(]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[)}]?$', '\1-\2-\3-\4-\5'
        )
    end
);

-- The name or code of a municipality, of which many spellings are in use: æ, ø and å
-- as two letters, and letters and digits only. "751.0" is a number from a spreadsheet.
create or replace macro meta.place(x) as (
    regexp_replace(
        replace(replace(replace(replace(replace(
            regexp_replace(meta.key(x), '^([0-9]+)[.,]0+$', '\1'),
            'å', 'aa'), 'æ', 'ae'), 'ä', 'ae'), 'ø', 'oe'), 'ö', 'oe'),
        '[^\p{L}\p{N}]', '', 'g'
    )
);
