-- Finding a dwelling by what somebody wrote of its address.

-- made outside of a transaction where there were dwellings already
COMMENT ON INDEX registry.dwelling_standard_address_idx IS 'Dwellings of an address and all beneath; doubles';
COMMENT ON INDEX registry.dwelling_clue_idx IS 'Dwellings by road and number, estate or village group, wherever they are';

CREATE OR REPLACE FUNCTION registry.address_meant(address text, division text)
    RETURNS SETOF address
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        within CONSTANT division_code := division::division_code;
        meant  address := normalize_address(address, within);
    BEGIN
        IF meant IS NULL THEN
            PERFORM refuse('RG213', ARRAY[COALESCE(char_length(address), 0)::text], 'registry.dwelling', 'address');
        ELSIF (within <@ division(meant)) IS NOT FALSE AND within IS NOT NULL THEN
            -- what the text leaves open of where it is
            meant := part_address(division_address(within), meant);
        END IF;
        RETURN NEXT meant;
        -- a number that a house had before
        RETURN QUERY
            SELECT DISTINCT renumber_address(meant, instead.address)
            FROM registry.door_plate former
            JOIN registry.door_plate instead ON instead.door_plate_id = door_plate_end(former.door_plate_id)
            WHERE former.address @@ (address_clues(plate_address(meant)))[1] AND former.state = 'replaced'
              AND (address_match(plate_address(meant), former.address)).grade NOT IN ('none', 'community');
    END $$;
COMMENT ON FUNCTION registry.address_meant(text, text) IS
    'What a text may mean as an address in a division (地址含义): the address itself and, where it names a number that a house had before, the same with the number of today. RG213 no address';

CREATE OR REPLACE FUNCTION registry.dwelling_like(meant address, most integer)
    RETURNS TABLE (dwelling_id bigint, grade text, score real)
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 20
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    -- planned while the table is small, a plan would be kept that walks along an index
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        clues CONSTANT address[] := address_clues(meant);
        clue  address;
        good  boolean;
    BEGIN
        IF clues = '{}' AND level(division(meant)) = 5 THEN
            -- neither road nor estate nor group: a village knows its numbers without
            RETURN QUERY
                SELECT d.dwelling_id, m.grade, m.score
                FROM registry.dwelling d
                CROSS JOIN LATERAL address_match(meant, d.standard_address) AS m
                WHERE d.standard_address <@ meant AND acts_in(d.division)
                ORDER BY m.score DESC, d.dwelling_id
                LIMIT most;
        END IF;
        FOREACH clue IN ARRAY clues LOOP
            good := false;
            FOR dwelling_id, grade, score IN
                -- as an expression: called in FROM, a function costs five times as much
                SELECT d.dwelling_id, (d.m).grade, (d.m).score
                FROM (SELECT h.dwelling_id, address_match(meant, h.standard_address) AS m
                      FROM registry.dwelling h WHERE h.standard_address @@ clue AND acts_in(h.division) OFFSET 0) AS d
                WHERE (d.m).grade <> 'none'
                ORDER BY (d.m).score DESC, d.dwelling_id
                LIMIT most
            LOOP
                RETURN NEXT;
                good := good OR grade <> 'community';
            END LOOP;
            -- weaker clues bring what is farther away
            EXIT WHEN good;
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.dwelling_like(address, integer) IS
    'Dwellings that an address may mean, with grade and score (候选房屋): those of its road and number, else of its village group, its estate, its road; of each the best, at most so many, and one perhaps more than once';

CREATE OR REPLACE FUNCTION registry.address_candidate(address text, division text, "limit" integer)
    RETURNS TABLE (dwelling_id bigint, grade text, score real)
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
        SELECT best.* FROM (
            SELECT DISTINCT ON (l.dwelling_id) l.dwelling_id, l.grade, l.score
            FROM registry.address_meant($1, $2) AS meant
            CROSS JOIN LATERAL registry.dwelling_like(meant, $3) AS l
            ORDER BY l.dwelling_id, l.score DESC
        ) AS best
        ORDER BY best.score DESC, best.dwelling_id
        LIMIT $3
    $$;
COMMENT ON FUNCTION registry.address_candidate(text, text, integer) IS
    'The dwellings that a text may mean, best first, at most so many (地址候选房屋). RG213 no address, 22P02 no division code';

CREATE OR REPLACE FUNCTION registry.named_dwelling(act text, arguments jsonb)
    RETURNS bigint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        named  CONSTANT bigint := (arguments ->> 'dwelling_id')::bigint;
        sure   bigint[];
        facts  text[];
    BEGIN
        IF NOT arguments ? 'dwelling_address' THEN
            PERFORM registry.require_argument(act, arguments, 'dwelling_id', 'dwelling_address');
            RETURN named;
        END IF;
        SELECT array_agg(c.dwelling_id) FILTER (WHERE c.grade IN ('exact', 'room')),
               ARRAY[count(*)::text, string_agg(format('%s (%s %s)', c.dwelling_id, c.grade, round(c.score::numeric, 2)), ', ')]
        INTO sure, facts
        FROM registry.address_candidate(arguments ->> 'dwelling_address', arguments ->> 'dwelling_division', 10) AS c;
        IF facts[1] = '0' THEN
            PERFORM refuse('RG210', ARRAY[COALESCE(arguments ->> 'dwelling_division', '-')], 'registry.dwelling', 'address');
        ELSIF cardinality(sure) > 1 AND named <> ALL (sure) IS NOT FALSE THEN
            PERFORM refuse('RG211', facts, 'registry.dwelling', 'address');
        ELSIF sure IS NULL OR (named IS NULL AND EXISTS (
                SELECT FROM registry.dwelling d JOIN registry.dwelling part ON part.parent_id = d.dwelling_id
                WHERE d.dwelling_id = sure[1] AND d.kind IN ('building', 'unit'))) THEN
            PERFORM refuse('RG212', facts, 'registry.dwelling', 'address');
        ELSIF named IS NULL AND GREATEST(level(division(normalize_address(arguments ->> 'dwelling_address'))),
                                         level((arguments ->> 'dwelling_division')::division_code)) >= 2 IS NOT TRUE THEN
            -- a road has its name to itself in a city, not in a province
            PERFORM refuse('RG223', facts, 'registry.dwelling', 'address');
        ELSIF named <> ALL (sure) THEN
            PERFORM refuse('RG214', ARRAY[named, sure[1]]::text[], 'registry.dwelling', 'dwelling_id');
        END IF;
        RETURN COALESCE(named, sure[1]);
    END $$;
COMMENT ON FUNCTION registry.named_dwelling(text, jsonb) IS
    'The dwelling that the arguments dwelling_id or dwelling_address, in dwelling_division, name (房屋定位): by its address only if exactly one is found as exact or room, and it is not a building or unit whose parts are registered. RG085 neither is given, RG210 none is found, RG211 several, RG212 no home, RG213 no address, RG214 they name two, RG223 it does not say in which city';

CREATE OR REPLACE FUNCTION api.find_dwelling(address text, context text DEFAULT NULL, "limit" integer DEFAULT 10)
    RETURNS TABLE (dwelling_id bigint, grade text, score real, kind text, address_entered text, standard_address text,
                   division text, let_state text)
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
        SELECT c.dwelling_id, c.grade, c.score, d.kind, d.address, full_address(d.standard_address), d.division::text, d.let_state
        FROM registry.address_candidate($1, $2, $3) AS c
        JOIN registry.dwelling d ON d.dwelling_id = c.dwelling_id
        ORDER BY c.score DESC, c.dwelling_id
    $$;
COMMENT ON FUNCTION api.find_dwelling(text, text, integer) IS
    'The registered dwellings that an address may mean, best first (地址查房). address as somebody wrote it; context: division code in which it lies as far as it does not say so itself; limit. grade: exact, room, building, road_no, community (列表: 完全一致、同户、同楼、同号、同社区); score from 0 to 1. Former house numbers lead to the dwellings of today. Errors: RG213; 22P02 a malformed division code';
