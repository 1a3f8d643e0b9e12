-- What the rules read.
-- A dwelling is a building, unit, room or bed, and a part is of a lower kind than its whole:
-- so three joins reach everything that is above it or beneath.

CREATE OR REPLACE VIEW registry.dwelling_standing AS
    SELECT d.dwelling_id,
           ARRAY[d.dwelling_id, d.parent_id, w1.parent_id, w2.parent_id] AS whole_ids,
           CASE 'prohibited' WHEN d.let_state THEN d.dwelling_id WHEN w1.let_state THEN w1.dwelling_id
                             WHEN w2.let_state THEN w2.dwelling_id WHEN w3.let_state THEN w3.dwelling_id END AS prohibited_id,
           CASE 'demolished' WHEN d.let_state THEN d.dwelling_id WHEN w1.let_state THEN w1.dwelling_id
                             WHEN w2.let_state THEN w2.dwelling_id WHEN w3.let_state THEN w3.dwelling_id END AS demolished_id,
           COALESCE(d.safety_letter_on, w1.safety_letter_on, w2.safety_letter_on, w3.safety_letter_on) AS letter_on,
           COALESCE(d.location, w1.location, w2.location, w3.location) AS place
    FROM registry.dwelling d
    LEFT JOIN registry.dwelling w1 ON w1.dwelling_id = d.parent_id
    LEFT JOIN registry.dwelling w2 ON w2.dwelling_id = w1.parent_id
    LEFT JOIN registry.dwelling w3 ON w3.dwelling_id = w2.parent_id;
COMMENT ON VIEW registry.dwelling_standing IS
    'How a dwelling stands together with what it is part of (房屋整体状况)';
COMMENT ON COLUMN registry.dwelling_standing.dwelling_id IS 'Key of registry.dwelling';
COMMENT ON COLUMN registry.dwelling_standing.whole_ids IS 'The dwelling itself and what it is part of, from the inside out; NULL where there is nothing further out';
COMMENT ON COLUMN registry.dwelling_standing.prohibited_id IS 'The innermost of them that must not be let (禁租)';
COMMENT ON COLUMN registry.dwelling_standing.demolished_id IS 'The innermost of them that is demolished (已拆除)';
COMMENT ON COLUMN registry.dwelling_standing.letter_on IS 'Day of the innermost safety letter (治安责任书签订日期)';
COMMENT ON COLUMN registry.dwelling_standing.place IS 'The innermost location (位置), CGCS2000: its grid is that of the dwelling';

CREATE OR REPLACE VIEW registry.dwelling_landlord AS
    SELECT d.dwelling_id,
           CASE WHEN num_nonnulls(d.landlord_person_id, d.landlord_credit_code) > 0 THEN d.landlord_person_id
                WHEN num_nonnulls(w1.landlord_person_id, w1.landlord_credit_code) > 0 THEN w1.landlord_person_id
                WHEN num_nonnulls(w2.landlord_person_id, w2.landlord_credit_code) > 0 THEN w2.landlord_person_id
                ELSE w3.landlord_person_id END AS landlord_person_id,
           CASE WHEN num_nonnulls(d.landlord_person_id, d.landlord_credit_code) > 0 THEN d.landlord_credit_code
                WHEN num_nonnulls(w1.landlord_person_id, w1.landlord_credit_code) > 0 THEN w1.landlord_credit_code
                WHEN num_nonnulls(w2.landlord_person_id, w2.landlord_credit_code) > 0 THEN w2.landlord_credit_code
                ELSE w3.landlord_credit_code END AS landlord_credit_code
    FROM registry.dwelling d
    LEFT JOIN registry.dwelling w1 ON w1.dwelling_id = d.parent_id
    LEFT JOIN registry.dwelling w2 ON w2.dwelling_id = w1.parent_id
    LEFT JOIN registry.dwelling w3 ON w3.dwelling_id = w2.parent_id;
COMMENT ON VIEW registry.dwelling_landlord IS
    'Who lets a dwelling: its own landlord, or that of the innermost of what it is part of that has one (房屋出租人)';
COMMENT ON COLUMN registry.dwelling_landlord.dwelling_id IS 'Key of registry.dwelling';
COMMENT ON COLUMN registry.dwelling_landlord.landlord_person_id IS 'Landlord, where it is a person (出租人)';
COMMENT ON COLUMN registry.dwelling_landlord.landlord_credit_code IS 'Landlord, where it is an organisation (出租单位)';

CREATE OR REPLACE VIEW registry.dwelling_part AS
    SELECT d.dwelling_id AS whole_id, d.dwelling_id
    FROM registry.dwelling d
    UNION ALL
    SELECT a.parent_id, a.dwelling_id
    FROM registry.dwelling a
    WHERE a.parent_id IS NOT NULL
    UNION ALL
    SELECT a.parent_id, b.dwelling_id
    FROM registry.dwelling a
    JOIN registry.dwelling b ON b.parent_id = a.dwelling_id
    WHERE a.parent_id IS NOT NULL
    UNION ALL
    SELECT a.parent_id, c.dwelling_id
    FROM registry.dwelling a
    JOIN registry.dwelling b ON b.parent_id = a.dwelling_id
    JOIN registry.dwelling c ON c.parent_id = b.dwelling_id
    WHERE a.parent_id IS NOT NULL;
COMMENT ON VIEW registry.dwelling_part IS
    'Every dwelling with itself and everything that is part of it (房屋及其下属房屋); ask it by whole_id';
COMMENT ON COLUMN registry.dwelling_part.whole_id IS 'A dwelling';
COMMENT ON COLUMN registry.dwelling_part.dwelling_id IS 'The same, or a part of it';
