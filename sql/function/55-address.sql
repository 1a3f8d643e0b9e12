-- address: what can be asked of one.

CREATE OR REPLACE FUNCTION residency.division(residency.address) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_division';
COMMENT ON FUNCTION residency.division(residency.address) IS
    'code of the division that an address lies in, as far as it is known; NULL if it is not (区划代码)';

CREATE OR REPLACE FUNCTION residency.province(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_province';
COMMENT ON FUNCTION residency.province(residency.address) IS
    'the province as the address names it; NULL if there is none (省级)';

CREATE OR REPLACE FUNCTION residency.city(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_city';
COMMENT ON FUNCTION residency.city(residency.address) IS
    'the city as the address names it; of a municipality its name, as province() gives it; NULL if there is none (地级)';

CREATE OR REPLACE FUNCTION residency.county(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_county';
COMMENT ON FUNCTION residency.county(residency.address) IS
    'the county or district as the address names it; NULL if there is none (县级)';

CREATE OR REPLACE FUNCTION residency.devzone(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_devzone';
COMMENT ON FUNCTION residency.devzone(residency.address) IS
    'the development zone, which is no division of its own; NULL if there is none (功能区)';

CREATE OR REPLACE FUNCTION residency.township(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_township';
COMMENT ON FUNCTION residency.township(residency.address) IS
    'the township or street as the address names it; NULL if there is none (乡级)';

CREATE OR REPLACE FUNCTION residency.community(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_community';
COMMENT ON FUNCTION residency.community(residency.address) IS
    'the community or village, without its committee: 玉沙社区, 里仁洞村; NULL if there is none (社区、村)';

CREATE OR REPLACE FUNCTION residency.village_group(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_village_group';
COMMENT ON FUNCTION residency.village_group(residency.address) IS
    'the group or natural village; NULL if there is none (村民小组、自然村)';

CREATE OR REPLACE FUNCTION residency.road(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_road';
COMMENT ON FUNCTION residency.road(residency.address) IS
    'the street or lane; NULL if there is none (街路巷)';

CREATE OR REPLACE FUNCTION residency.road_no(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_road_no';
COMMENT ON FUNCTION residency.road_no(residency.address) IS
    'the number at the street: 12号, 12号之1; NULL if there is none (门牌号)';

CREATE OR REPLACE FUNCTION residency.estate(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_estate';
COMMENT ON FUNCTION residency.estate(residency.address) IS
    'the estate, compound or other named place; NULL if there is none (小区、院落)';

CREATE OR REPLACE FUNCTION residency.building(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_building';
COMMENT ON FUNCTION residency.building(residency.address) IS
    'the building: 3栋, A座, or a bare number; NULL if there is none (楼栋)';

CREATE OR REPLACE FUNCTION residency.unit(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_unit';
COMMENT ON FUNCTION residency.unit(residency.address) IS
    'the unit or staircase: 2单元, or a bare number; NULL if there is none (单元)';

CREATE OR REPLACE FUNCTION residency.floor(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_floor';
COMMENT ON FUNCTION residency.floor(residency.address) IS
    'the storey if it is named: 5层; nothing is concluded from the room; NULL if there is none (楼层)';

CREATE OR REPLACE FUNCTION residency.room(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_room';
COMMENT ON FUNCTION residency.room(residency.address) IS
    'the room: 302房, 1503室, or a bare number; NULL if there is none (户室)';

CREATE OR REPLACE FUNCTION residency.detail(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_detail';
COMMENT ON FUNCTION residency.detail(residency.address) IS
    'what else says where it is: remarks, and words such as 旁; NULL if there is none (附加)';

CREATE OR REPLACE FUNCTION residency.level(residency.address) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_depth';
COMMENT ON FUNCTION residency.level(residency.address) IS
    'number of the deepest level that is known, by an element or by the division: 1 province, 2 city, 3 county, 4 development zone, 5 township, 6 community, 7 village group, 8 road, 9 road number, 10 estate, 11 building, 12 unit, 13 floor, 14 room; NULL if only a detail is (地址级别)';

CREATE OR REPLACE FUNCTION residency.parent(residency.address) RETURNS residency.address
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_above';
COMMENT ON FUNCTION residency.parent(residency.address) IS
    'the smallest address around one: without its last element beyond the division, or in the division above; NULL if there is none (上级地址)';

CREATE OR REPLACE FUNCTION residency.lineage(residency.address) RETURNS residency.address[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_lineage';
COMMENT ON FUNCTION residency.lineage(residency.address) IS
    'the addresses that contain one, by parent(): outermost first, itself last (地址路径)';

CREATE OR REPLACE FUNCTION residency.last_within(residency.address) RETURNS residency.address
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_last';
COMMENT ON FUNCTION residency.last_within(residency.address) IS
    'the highest address inside one, which is none of a place: the end of its range, as the address itself is the start (地址区间)';

CREATE OR REPLACE FUNCTION residency.full_address(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_full';
COMMENT ON FUNCTION residency.full_address(residency.address) IS
    'an address as it is printed on a letter: its elements run together, a detail in brackets (地址全称)';

CREATE OR REPLACE FUNCTION residency.elements(residency.address) RETURNS TABLE (level integer, element text, value text)
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 8 AS 'MODULE_PATHNAME', 'residency_address_elements';
COMMENT ON FUNCTION residency.elements(residency.address) IS
    'the elements of an address from the outside in: number of the level, its English name as parse_address() has it, value (地址要素)';
