-- What the rules read.

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
    'Every dwelling with itself and everything it is part of (房屋从属关系). There are four kinds, building to bed, and a part is of a lower kind than its whole: so three joins reach everything, by index from either side';
COMMENT ON COLUMN registry.dwelling_part.whole_id IS 'A dwelling';
COMMENT ON COLUMN registry.dwelling_part.dwelling_id IS 'The same, or a part of it';
