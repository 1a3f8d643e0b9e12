-- address: texts read as addresses, through the gazetteer.

CREATE OR REPLACE FUNCTION residency.parse_address(text, scheme text DEFAULT 'residency')
    RETURNS TABLE (element text, value text, "from" integer, "to" integer)
    LANGUAGE c STABLE STRICT PARALLEL SAFE ROWS 8 AS 'MODULE_PATHNAME', 'residency_parse_address';
COMMENT ON FUNCTION residency.parse_address(text, text) IS
    'Cuts a text into the elements of an address (地址切分): what each is, the stretch of the text as it stands, and its first and last character, from 1. Signs between the pieces belong to none. scheme residency: province to detail, country, subroad, subroad_no, subestate, assist, person, phone, label, redundant, other; naacl2019: the labels of that corpus. Of a text of more than 512 characters the rest is one piece. Errors: 22023 no such scheme, 55000 no gazetteer';

CREATE OR REPLACE FUNCTION residency.normalize_address(text, context residency.division_code DEFAULT NULL)
    RETURNS residency.address
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_normalize_address';
COMMENT ON FUNCTION residency.normalize_address(text, residency.division_code) IS
    'The address that a text means, in its one form (地址标准化): official names of divisions with the levels that follow from them, numbers in digits, remarks in the detail, no persons and no telephone numbers. context: the division that it is known to lie in or near. Where the text does not decide between divisions, what they share is taken; residency.explain_address() lists them. NULL for a text without any element. Errors: RG200 too long, 55000 no gazetteer. Shows the gazetteer as committed now';

CREATE OR REPLACE FUNCTION residency.address_reading(
        text, context residency.division_code,
        OUT rank integer, OUT division residency.division_code, OUT address residency.address, OUT score real,
        OUT inferred text[], OUT shortened boolean, OUT renamed boolean)
    RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL SAFE ROWS 2 AS 'MODULE_PATHNAME', 'residency_address_reading';
COMMENT ON FUNCTION residency.address_reading(text, residency.division_code) IS
    'The divisions that a text may name, best first (地址的可能解读), for residency.explain_address(): score from 0 to 1, levels that follow without being named, whether a short form or a former or other name was read. Errors: RG200 too long, 55000 no gazetteer';

CREATE OR REPLACE FUNCTION residency.explain_address(text, context residency.division_code DEFAULT NULL)
    RETURNS TABLE (rank integer, division residency.division_code, division_name text, address residency.address,
                   score real, inferred text[], why text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, residency, pg_temp
    AS $$
    DECLARE
        chinese constant boolean := COALESCE(current_setting('residency.language', true) = 'zh', false);
    BEGIN
        RETURN QUERY
            SELECT r.rank, r.division, division_name(r.division), r.address, r.score, r.inferred,
                   CASE WHEN r.division IS NULL
                            THEN CASE WHEN chinese THEN '未写明已知的行政区划' ELSE 'names no division that the gazetteer knows' END
                        WHEN r.readings = 1
                            THEN CASE WHEN chinese THEN '唯一符合的行政区划' ELSE 'the only division that fits' END
                        WHEN r.score = r.best AND r.equals > 1
                            THEN format(CASE WHEN chinese THEN '有 %s 个行政区划同样符合,请写明所属市县,或提供所在区划'
                                             ELSE 'one of %s divisions that fit equally well: name the city or county, or give a context' END, r.equals)
                        WHEN r.score = r.best
                            THEN CASE WHEN chinese THEN '最符合的行政区划' ELSE 'the division that fits best' END
                        ELSE CASE WHEN chinese THEN '符合程度较低' ELSE 'fits less well' END
                   END
                   || CASE WHEN NOT r.renamed THEN '' WHEN chinese THEN ';按别名或曾用名' ELSE '; by another or a former name' END
                   || CASE WHEN NOT r.shortened THEN '' WHEN chinese THEN ';按简称' ELSE '; by a short form' END
            FROM (
                SELECT a.*, count(*) OVER () AS readings, max(a.score) OVER () AS best,
                       count(*) OVER (PARTITION BY a.score) AS equals
                FROM address_reading($1, $2) a
            ) r
            ORDER BY r.rank;
    END $$;
COMMENT ON FUNCTION residency.explain_address(text, residency.division_code) IS
    'The candidates of a text, best first (地址解读说明): division, the address it would be, score from 0 to 1, levels that follow without being named, and why it is there, in the language of residency.language. normalize_address() takes what the candidates of the best score share. Errors: RG200 too long, 55000 no gazetteer';
