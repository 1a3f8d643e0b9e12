-- address_match: is it one place? And what a part, a door plate and a search make of an address.

CREATE OR REPLACE FUNCTION residency.address_match(a residency.address, b residency.address, OUT grade text, OUT score real)
    RETURNS record
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_match_sql';
COMMENT ON FUNCTION residency.address_match(residency.address, residency.address) IS
    'How far two addresses are one place (地址匹配): grade exact (every element of each is in the other; a zone and a detail may be missing), room (the same room, written another way or without the region), building, road_no, community (one community, road or estate) or none; score from 0 to 1, higher for every better grade. Regions must not contradict each other; what one leaves out is no contradiction';

CREATE OR REPLACE FUNCTION residency.part_address(whole residency.address, part residency.address)
    RETURNS residency.address
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_part_sql';
COMMENT ON FUNCTION residency.part_address(residency.address, residency.address) IS
    'Address of a part within its whole, or of a text within a division (下属地址): regions are those of the whole as far as its division is known; below, what the part leaves out is as the whole has it, unless both name an element of one level and differ';

CREATE OR REPLACE FUNCTION residency.renumber_address(address residency.address, plate residency.address)
    RETURNS residency.address
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_renumber_sql';
COMMENT ON FUNCTION residency.renumber_address(residency.address, residency.address) IS
    'An address with the region, village group, road and house number of a door plate (变更门牌后的地址)';

CREATE OR REPLACE FUNCTION residency.plate_address(address residency.address)
    RETURNS residency.address
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_plate_sql';
COMMENT ON FUNCTION residency.plate_address(residency.address) IS
    'An address down to its house number, as its door plate has it (门牌地址); NULL without a house number';

CREATE OR REPLACE FUNCTION residency.address_clues(address residency.address)
    RETURNS residency.address[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_clues_sql';
COMMENT ON FUNCTION residency.address_clues(residency.address) IS
    'Fragments by which to look with @@ for what an address may mean, the most telling first (检索线索): road and number, village group and number, estate, road, village group, those that it names';
