-- What a spot check draws from and draws, and what its checks say of each dwelling.

CREATE OR REPLACE FUNCTION registry.spot_check_frame(kind text, home residency.division_code, area text, strata_by text, let_states text[])
    RETURNS TABLE (unit_key text, division text, value text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT d.dwelling_id::text,
               (CASE area WHEN 'village' THEN d.division ELSE parent(d.division) END)::text,
               COALESCE(CASE strata_by
                   WHEN 'kind' THEN d.kind
                   WHEN 'let_state' THEN d.let_state
                   WHEN 'category' THEN (SELECT c.category FROM registry.dwelling_category c
                                         WHERE c.dwelling_id = d.dwelling_id AND c.period @> today()) END, '-')
        FROM registry.dwelling d
        WHERE spot_check_frame.kind = 'dwelling' AND d.division <@ home
          AND CASE WHEN let_states IS NULL THEN d.let_state <> 'demolished' ELSE d.let_state = ANY (let_states) END
          AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = d.dwelling_id)
        UNION ALL
        SELECT g.grid_code, (CASE area WHEN 'village' THEN g.division ELSE parent(g.division) END)::text, '-'
        FROM registry.grid g
        WHERE spot_check_frame.kind = 'grid' AND g.division <@ home AND g.kind = 'management' AND g.period @> today()
    $$;
COMMENT ON FUNCTION registry.spot_check_frame(text, residency.division_code, text, text, text[]) IS
    'The units that a spot check draws from, as the register is now (抽样框): dwellings without parts by dwelling_id, or grids by grid_code, each with its stratum. kind, area, strata_by: lists spot_check_kind, spot_check_area, spot_check_strata; let_states NULL: all but demolished';

CREATE OR REPLACE FUNCTION registry.spot_check_sample(
        kind text, home residency.division_code, area text, strata_by text, let_states text[], size bigint, seed text)
    RETURNS TABLE (division text, value text, frame_units bigint, sample_units bigint, unit_keys text[], frame_size bigint, frame_checksum text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
        WITH frame AS MATERIALIZED (
            SELECT f.unit_key, f.division, f.value,
                   row_number() OVER (PARTITION BY f.division, f.value ORDER BY sample_digest(seed, f.unit_key) COLLATE "C") AS turn
            FROM registry.spot_check_frame(kind, home, area, strata_by, let_states) f
        ), stratum AS (
            SELECT f.division, f.value, count(*) AS units, row_number() OVER (ORDER BY f.division COLLATE "C", f.value COLLATE "C") AS place
            FROM frame f GROUP BY f.division, f.value
        ), part AS (
            SELECT a.place, a.units
            FROM (SELECT allocate_sample(array_agg(s.units ORDER BY s.place), size) FROM stratum s) AS allocated (units)
            CROSS JOIN unnest(allocated.units) WITH ORDINALITY AS a (units, place)
        ), whole AS (
            SELECT count(*) AS units,
                   encode(sha256(convert_to(string_agg(concat_ws(' ', f.division, f.value, f.unit_key), E'\n' ORDER BY f.unit_key COLLATE "C"), 'UTF8')), 'hex') AS checksum
            FROM frame f
        )
        SELECT s.division, s.value, s.units, p.units,
               ARRAY(SELECT f.unit_key FROM frame f
                     WHERE f.division = s.division AND f.value = s.value AND f.turn <= p.units ORDER BY f.turn),
               w.units, w.checksum
        FROM stratum s JOIN part p USING (place) CROSS JOIN whole w
        ORDER BY s.place
    $$;
COMMENT ON FUNCTION registry.spot_check_sample(text, residency.division_code, text, text, text[], bigint, text) IS
    'What a seed draws from the register as it is now (抽样): a row for each stratum, the keys of its units in the order of their lottery, residency.sample_digest(); size and checksum of the whole frame. Same frame, same seed, same sample: so whoever doubts it draws again';

CREATE OR REPLACE VIEW registry.spot_check_answer AS
SELECT s.spot_check_dwelling_id, s.spot_check_id, s.spot_check_stratum_id, s.spot_check_grid_id, s.dwelling_id, s.address, s.weight,
       s.registered_let, s.registered_people, r.spot_check_result_id, r.outcome, r.checked_at, r.found_let,
       r.people_counted + found.people AS people_found,
       r.counted_registered + found.registered AS people_registered,
       found.since_draw AS registered_since_draw
FROM registry.spot_check_dwelling s
LEFT JOIN LATERAL (
    SELECT a.*
    FROM registry.spot_check_result a
    WHERE a.spot_check_dwelling_id = s.spot_check_dwelling_id
    ORDER BY spot_check_answers(a.outcome) DESC, a.checked_at DESC, a.spot_check_result_id DESC
    LIMIT 1
) AS r ON true
CROSS JOIN LATERAL (
    SELECT count(*)::integer, (count(*) FILTER (WHERE p.judgement = 'registered'))::integer, (count(*) FILTER (WHERE p.since_draw))::integer
    FROM registry.spot_check_person p
    WHERE p.spot_check_result_id = r.spot_check_result_id
) AS found (people, registered, since_draw);
COMMENT ON VIEW registry.spot_check_answer IS
    'Dwellings of spot checks with the result that counts (抽查房屋与有效结果): the last one with an answer, or else the last one';
COMMENT ON COLUMN registry.spot_check_answer.spot_check_dwelling_id IS 'Key of registry.spot_check_dwelling';
COMMENT ON COLUMN registry.spot_check_answer.spot_check_id IS 'Spot check (抽查)';
COMMENT ON COLUMN registry.spot_check_answer.spot_check_stratum_id IS 'Stratum (分层)';
COMMENT ON COLUMN registry.spot_check_answer.spot_check_grid_id IS 'Grid that was drawn (抽中网格)';
COMMENT ON COLUMN registry.spot_check_answer.dwelling_id IS 'Dwelling, or else (房屋)';
COMMENT ON COLUMN registry.spot_check_answer.address IS 'where something was found that is not registered (未登记房屋地址)';
COMMENT ON COLUMN registry.spot_check_answer.weight IS 'Weight of the draw (权数)';
COMMENT ON COLUMN registry.spot_check_answer.registered_let IS 'Whether it was registered as let at the draw (抽取时是否登记为出租)';
COMMENT ON COLUMN registry.spot_check_answer.registered_people IS 'How many were registered there at the draw (抽取时登记人数)';
COMMENT ON COLUMN registry.spot_check_answer.spot_check_result_id IS 'The result that counts; NULL: nobody has been there (有效抽查记录)';
COMMENT ON COLUMN registry.spot_check_answer.outcome IS 'Its outcome, list spot_check_outcome (结果)';
COMMENT ON COLUMN registry.spot_check_answer.checked_at IS 'When that was (核查时间)';
COMMENT ON COLUMN registry.spot_check_answer.found_let IS 'Whether it is let (实际是否出租)';
COMMENT ON COLUMN registry.spot_check_answer.people_found IS 'People found, named and counted (发现人数)';
COMMENT ON COLUMN registry.spot_check_answer.people_registered IS 'Of them registered there (其中已登记)';
COMMENT ON COLUMN registry.spot_check_answer.registered_since_draw IS 'Of them, as far as they are named, registered only after the draw (抽取后方登记)';
