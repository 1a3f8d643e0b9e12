-- The writing acts of the api: what they do, what they refuse, rehearsals, retries, batches and garbage.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

BEGIN;
SELECT plan(156);

-- a village, dwellings in it, and days that do not depend on the calendar
INSERT INTO registry.dwelling (address, kind, division, let_state, safety_letter_on)
SELECT '接口路' || n || '号', kind, '460105001001', let_state, letter::date
FROM (VALUES (1, 'unit', 'let', '2020-01-01'), (2, 'unit', 'let', '2020-01-01'), (3, 'unit', 'owner_occupied', NULL),
             (4, 'unit', 'prohibited', '2020-01-01'), (5, 'unit', 'demolished', '2020-01-01'), (6, 'unit', 'let', NULL),
             (7, 'bed', 'let', '2020-01-01')) v (n, kind, let_state, letter);
CREATE FUNCTION pg_temp.home(n int) RETURNS bigint LANGUAGE sql
    RETURN (SELECT dwelling_id FROM registry.dwelling WHERE address = '接口路' || n || '号');
CREATE FUNCTION pg_temp.who(name text) RETURNS bigint LANGUAGE sql
    RETURN (SELECT p.person_id FROM registry.person p WHERE p.name = who.name);
CREATE FUNCTION pg_temp.lives(name text) RETURNS bigint LANGUAGE sql
    RETURN (SELECT r.residence_id FROM registry.residence r
            WHERE r.person_id = pg_temp.who(lives.name) AND r.state IN ('reported', 'verifying', 'active'));
CREATE FUNCTION pg_temp.day(back int) RETURNS date LANGUAGE sql STABLE RETURN residency.today() - back;
CREATE FUNCTION pg_temp.rows_now() RETURNS bigint[] LANGUAGE sql AS $$
    SELECT ARRAY[(SELECT count(*) FROM registry.person), (SELECT count(*) FROM registry.identity_document),
                 (SELECT count(*) FROM registry.residence), (SELECT count(*) FROM ledger.request),
                 (SELECT count(*) FROM registry.residence WHERE state IN ('departed', 'moved', 'voided'))] $$;
-- what a refused call raises: code, and whether detail and hint teach
CREATE FUNCTION pg_temp.refusal(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
    EXECUTE call;
    RETURN 'accepted';
EXCEPTION WHEN query_canceled OR OTHERS THEN
    GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
    RETURN SQLSTATE || CASE WHEN d <> '' AND h <> '' THEN '' ELSE ' without teaching' END;
END $$;

-- register_person
SELECT results_eq(
    $$SELECT accepted, act, person_id = pg_temp.who('甲一'), residence_id, warning, code
      FROM api.register_person('甲一', resident_id => '11010519491231002X')$$,
    $$VALUES (true, 'register_person', true, NULL::bigint, NULL, NULL)$$, 'a person by resident ID');
SELECT results_eq($$SELECT sex COLLATE "default", birth_date FROM registry.person WHERE name = '甲一'$$,
    $$VALUES ('2', date '1949-12-31')$$, 'sex and birth date come from the ID');
SELECT lives_ok($$SELECT api.register_person('乙一', sex => '1', birth_date => '1980-05-05', ethnic_group => '01',
    household_division => '460105', household_address => '海口', phone => '0898-6633',
    documents => '[{"document_type": "414", "document_number": "e 1234567", "issuer": "NIA", "valid_from": "2020-01-01", "valid_to": null}]')$$,
    'a person by passport');
SELECT results_eq($$SELECT document_type COLLATE "default", number_key COLLATE "default", issuer, valid_from, valid_to FROM registry.identity_document
                    WHERE person_id = pg_temp.who('乙一')$$,
    $$VALUES ('414', 'E1234567', 'NIA', date '2020-01-01', NULL::date)$$, 'with the document');
SELECT lives_ok(format('SELECT api.register_person(%L, birth_date => %L)', '丙小', pg_temp.day(3000)), 'a minor');
SELECT lives_ok($$SELECT api.register_person('丁一', birth_date => '1990-01-01')$$, 'and one more');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲三', '11010519491231002x')$$), 'RG002', 'registered by that ID already');
SELECT matches((SELECT detail FROM api.register_person('甲三', '11010519491231002x', dry_run => true)),
    format('^Resident ID 110105\*{8}002X belongs to person %s\.$', pg_temp.who('甲一')), 'which names the person and masks the number');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲三', documents => '[{"document_type": "414", "document_number": "E-1234567"}]')$$),
    'RG007', 'registered by that document already');
SELECT is((SELECT count(*) FROM registry.person WHERE name = '甲三'), 0::bigint, 'and nothing of a refused call stays');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲三', documents => '[{"document_type": "414", "document_number": "Q1"}, {"document_type": "414", "document_number": "q-1"}]')$$),
    'RG007', 'the same document twice in one call: the constraint, in the words of the catalogue');
SELECT is(pg_temp.refusal($$SELECT api.register_person('')$$), 'RG001', 'no name');
SELECT is(pg_temp.refusal($$SELECT api.register_person(NULL)$$), 'RG001', 'NULL for a name');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲', '11010519491231002X', birth_date => '1950-01-01')$$), 'RG003', 'another birth date');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲', '11010519491231002X', sex => '1')$$), 'RG004', 'another sex');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲', birth_date => '1799-12-31')$$), 'RG005', 'born too long ago');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲', ethnic_group => '77')$$), 'RG006', 'no such ethnic group');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲', documents => '[{"document_type": "111", "document_number": "1"}]')$$), 'RG008', 'the ID card is no other document');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲', documents => '[{"document_type": "414"}]')$$), 'RG009', 'a document without number');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲', phone => 'call me')$$), 'RG013', 'no telephone number');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲', '110105194912310021')$$), '22P02', 'a wrong check character');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲', documents => '{}')$$), 'RG083', 'documents are an array');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲', documents => '[1]')$$), 'RG083', 'of objects');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲', documents => '[{"document_type": "414", "number": "1"}]')$$), 'RG082', 'with known fields');
SELECT is(pg_temp.refusal($$SELECT api.register_person('甲', documents => '[{"document_number": "1"}]')$$), 'RG085', 'and a type');
SELECT results_eq($$SELECT accepted, warning FROM (SELECT '44019919900101123' || c AS number FROM unnest(string_to_array('0123456789X', NULL)) c) n,
                           api.register_person('甲四', number, dry_run => true) WHERE residency.is_resident_id(number)$$,
    $$VALUES (true, 'unknown_region')$$, 'a region that nobody knows is a warning');

-- register_arrival
SELECT results_eq(format(
    $$SELECT accepted, act, person_id, dwelling_id, state, half_year_from = residency.today(), residence_id = pg_temp.lives('甲一')
      FROM api.register_arrival(%s, %s, verified => true, arrived_on => pg_temp.day(300), reason => '02', intended_stay => '3', place_kind => '34')$$,
      pg_temp.who('甲一'), pg_temp.home(1)),
    format($$VALUES (true, 'register_arrival', %s::bigint, %s::bigint, 'active', true, true)$$, pg_temp.who('甲一'), pg_temp.home(1)),
    'an arrival, verified');
SELECT is((SELECT state FROM api.register_arrival(dwelling_id => pg_temp.home(1), person_id => pg_temp.who('乙一'))), 'reported', 'an arrival, reported');
SELECT results_eq($$SELECT arrived_on = residency.today(), channel COLLATE "default" FROM registry.residence WHERE person_id = pg_temp.who('乙一')$$,
    $$VALUES (true, 'window')$$, 'today and at the window, unless said otherwise');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('甲一'), pg_temp.home(2))$$), 'RG020', 'somewhere else already');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(resident_id => '11010519491231002X', dwelling_id => pg_temp.home(2))$$), 'RG020', 'the same by resident ID');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(1), pg_temp.day(-1))$$), 'RG022', 'tomorrow');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(1), '1989-12-31')$$), 'RG025', 'before birth');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(1), 'infinity')$$), 'RG022', 'infinity');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(1), '-infinity')$$), 'RG025', '-infinity');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(1), '0001-01-01 BC')$$), 'RG025', 'before Christ');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(1), '5874897-12-31')$$), 'RG022', 'the last of days');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(4))$$), 'RG026', 'prohibited');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(5))$$), 'RG027', 'demolished');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(6))$$), 'RG028', 'no safety letter');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丙小'), pg_temp.home(1))$$), 'RG031', 'a minor alone');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丙小'), pg_temp.home(2), guardian_person_id => pg_temp.who('甲一'))$$), 'RG032', 'a guardian elsewhere');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(1), reason => 'zz')$$), 'RG006', 'no such reason');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(1), channel => 'zz')$$), 'RG006', 'no such channel');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(-1, pg_temp.home(1))$$), 'RG010', 'no such person');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), -1)$$), 'RG011', 'no such dwelling');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'))$$), 'RG085', 'no dwelling named');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(dwelling_id => pg_temp.home(1))$$), 'RG085', 'no person named');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(1), resident_id => '11010519491231002X')$$), 'RG086', 'two persons named');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(resident_id => '110105491231003', dwelling_id => pg_temp.home(1))$$), 'RG010', 'nobody with that ID');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(1), reporter_person_id => -1)$$), '23503 without teaching', 'a reporter who is not registered');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(1), reporter_credit_code => '1')$$), '22P02', 'a malformed credit code');
SELECT lives_ok($$SELECT api.register_arrival(pg_temp.who('丁一'), pg_temp.home(7), pg_temp.day(20))$$, 'into a bed');
SELECT lives_ok($$SELECT api.register_person('戊一', birth_date => '1970-01-01')$$, 'somebody');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('戊一'), pg_temp.home(7))$$), 'RG030', 'who finds the bed taken');
SELECT lives_ok($$SELECT api.register_arrival(pg_temp.who('丙小'), pg_temp.home(1), guardian_person_id => pg_temp.who('甲一'))$$, 'a minor with a guardian');

-- change_residence
SELECT is(pg_temp.refusal($$SELECT api.change_residence(pg_temp.who('甲一'), pg_temp.home(1))$$), 'RG039', 'to where one lives');
SELECT is(pg_temp.refusal($$SELECT api.change_residence(pg_temp.who('戊一'), pg_temp.home(1))$$), 'RG040', 'nothing to change');
SELECT is(pg_temp.refusal($$SELECT api.change_residence(-1, pg_temp.home(1))$$), 'RG010', 'nobody to change');
SELECT is(pg_temp.refusal($$SELECT api.change_residence(residence_id => -1, dwelling_id => pg_temp.home(1))$$), 'RG012', 'no such residence');
SELECT is(pg_temp.refusal($$SELECT api.change_residence(dwelling_id => pg_temp.home(1))$$), 'RG085', 'nobody named');
SELECT is(pg_temp.refusal($$SELECT api.change_residence(pg_temp.who('甲一'))$$), 'RG085', 'no dwelling named');
SELECT is(pg_temp.refusal($$SELECT api.change_residence(pg_temp.who('甲一'), pg_temp.home(2), pg_temp.day(301))$$), 'RG023', 'before the arrival');
SELECT is(pg_temp.refusal($$SELECT api.change_residence(pg_temp.who('甲一'), pg_temp.home(2), pg_temp.day(-1))$$), 'RG024', 'tomorrow');
SELECT is(pg_temp.refusal($$SELECT api.change_residence(pg_temp.who('甲一'), pg_temp.home(4))$$), 'RG026', 'to a prohibited dwelling');
SELECT is((SELECT array_agg(state) FROM registry.residence WHERE person_id = pg_temp.who('甲一')), ARRAY['active'], 'the old residence is not closed when the new one is refused');
SELECT pg_temp.lives('甲一') AS old \gset
SELECT results_eq(
    $$SELECT dwelling_id = pg_temp.home(3), state, residence_id = pg_temp.lives('甲一')
      FROM api.change_residence(pg_temp.who('甲一'), pg_temp.home(3), pg_temp.day(100), intended_stay => '4')$$,
    $$VALUES (true, 'reported', true)$$, 'a change of address');
SELECT results_eq(format(
    $$SELECT o.state COLLATE "default", o.departed_on = pg_temp.day(100), n.arrived_on = pg_temp.day(100), n.follows_id = o.residence_id,
             n.half_year_from = o.half_year_from, n.reason COLLATE "default",
             n.intended_stay COLLATE "default", n.place_kind COLLATE "default"
      FROM registry.residence o, registry.residence n WHERE o.residence_id = %s AND n.residence_id = pg_temp.lives('甲一')$$, :old),
    $$VALUES ('moved', true, true, true, true, '02', '4', NULL::text)$$, 'closes the old, opens the new, and the half-year goes on');

-- verify_residence
SELECT is((SELECT state FROM api.verify_residence(pg_temp.lives('甲一'), 'verifying')), 'verifying', 'accepted for a check');
SELECT is((SELECT state FROM api.verify_residence(pg_temp.lives('甲一'))), 'active', 'verified');
SELECT is(pg_temp.refusal($$SELECT api.verify_residence(pg_temp.lives('甲一'))$$), 'RG034', 'not twice');
SELECT is(pg_temp.refusal($$SELECT api.verify_residence(pg_temp.lives('甲一'), 'rejected', 'no')$$), 'RG034', 'nor rejected afterwards');
SELECT is(pg_temp.refusal($$SELECT api.verify_residence(pg_temp.lives('乙一'), 'departed')$$), 'RG083', 'departed is no outcome');
SELECT is(pg_temp.refusal($$SELECT api.verify_residence(pg_temp.lives('乙一'), 'rejected')$$), 'RG036', 'rejected without a reason');
SELECT is(pg_temp.refusal($$SELECT api.verify_residence(-1)$$), 'RG012', 'no such residence');
SELECT is(pg_temp.refusal($$SELECT api.verify_residence(NULL)$$), 'RG085', 'none named');
SELECT results_eq($$SELECT state, dwelling_id = pg_temp.home(1) FROM api.verify_residence(pg_temp.lives('乙一'), 'rejected', '查无此人')$$,
    $$VALUES ('rejected', true)$$, 'rejected with a reason');

-- register_departure
SELECT is(pg_temp.refusal($$SELECT api.register_departure(pg_temp.who('丁一'), pg_temp.day(21))$$), 'RG023', 'before the arrival');
SELECT is(pg_temp.refusal($$SELECT api.register_departure(pg_temp.who('丁一'), pg_temp.day(-1))$$), 'RG024', 'tomorrow');
SELECT is(pg_temp.refusal($$SELECT api.register_departure(pg_temp.who('丁一'), 'infinity')$$), 'RG024', 'infinity');
SELECT is(pg_temp.refusal($$SELECT api.register_departure(pg_temp.who('戊一'))$$), 'RG040', 'nowhere to leave');
SELECT is(pg_temp.refusal($$SELECT api.register_departure(residence_id => -1)$$), 'RG012', 'no such residence');
SELECT is(pg_temp.refusal($$SELECT api.register_departure()$$), 'RG085', 'nobody named');
SELECT is(pg_temp.refusal($$SELECT api.register_departure(pg_temp.who('甲一'), residence_id => pg_temp.lives('丁一'))$$), 'RG086', 'two persons named');
SELECT pg_temp.lives('丁一') AS residence \gset
SELECT results_eq(format($$SELECT residence_id, state FROM api.register_departure(pg_temp.who('丁一'), pg_temp.day(10), '回乡', residence_id => %s)$$, :residence),
    format($$VALUES (%s::bigint, 'departed')$$, :residence), 'a departure');
SELECT results_eq(format($$SELECT departed_on = pg_temp.day(10), close_reason FROM registry.residence WHERE residence_id = %s$$, :residence),
    $$VALUES (true, '回乡')$$, 'on its day, for its reason');
SELECT is(pg_temp.refusal(format($$SELECT api.register_departure(residence_id => %s)$$, :residence)), 'RG034', 'not twice');
SELECT is((SELECT state FROM api.register_departure(resident_id => '11010519491231002X')), 'departed', 'a departure by resident ID, today');

-- void_residence
SELECT is(pg_temp.refusal(format($$SELECT api.void_residence(%s, NULL)$$, :residence)), 'RG085', 'no reason');
SELECT is(pg_temp.refusal(format($$SELECT api.void_residence(%s, E'\n')$$, :residence)), 'RG036', 'an empty reason');
SELECT is(pg_temp.refusal($$SELECT api.void_residence(-1, 'x')$$), 'RG012', 'no such residence');
SELECT is((SELECT state FROM api.void_residence(:residence, '重复登记')), 'voided', 'voided');
SELECT is(pg_temp.refusal(format($$SELECT api.void_residence(%s, 'x')$$, :residence)), 'RG034', 'not twice');
SELECT is((SELECT close_reason FROM registry.residence WHERE residence_id = :residence), '重复登记', 'and the first reason stays');

-- rehearsals change nothing
CREATE TEMP TABLE before AS SELECT pg_temp.rows_now() AS counts;
SELECT results_eq($$SELECT accepted, person_id, code FROM api.register_person('己一', birth_date => '1970-01-01', dry_run => true,
                    request_id => '00000000-0000-0000-0000-000000000001')$$, $$VALUES (true, NULL::bigint, NULL)$$, 'a person, rehearsed');
SELECT results_eq($$SELECT accepted, residence_id, state, dwelling_id = pg_temp.home(1) FROM api.register_arrival(pg_temp.who('戊一'), pg_temp.home(1), dry_run => true)$$,
    $$VALUES (true, NULL::bigint, 'reported', true)$$, 'an arrival');
SELECT results_eq($$SELECT accepted, state FROM api.register_departure(pg_temp.who('丙小'), dry_run => true)$$, $$VALUES (true, 'departed')$$, 'a departure');
SELECT results_eq($$SELECT accepted, code, message, detail, hint FROM api.register_arrival(pg_temp.who('戊一'), pg_temp.home(4), dry_run => true)$$,
    format($$VALUES (false, 'RG026', 'this dwelling must not be let', 'Dwelling %s is prohibited.',
             'Register the person elsewhere; the prohibition is lifted by changing let_state once its reason is gone.')$$, pg_temp.home(4)), 'a refusal is an answer');
SELECT results_eq($$SELECT line, accepted, person_id FROM api.register_persons('[{"name": "己二"}, {"name": ""}]', dry_run => true)$$,
    $$VALUES (1, true, NULL::bigint), (2, false, NULL)$$, 'a batch');
SELECT is(pg_temp.rows_now(), (SELECT counts FROM before), 'and nothing has changed');

-- the same request again
CREATE TEMP TABLE answered AS
    SELECT * FROM api.register_arrival(pg_temp.who('戊一'), pg_temp.home(2), request_id => '00000000-0000-0000-0000-000000000002');
SELECT results_eq($$SELECT * FROM api.register_arrival(pg_temp.who('戊一'), pg_temp.home(2), request_id => '00000000-0000-0000-0000-000000000002')$$,
    'TABLE answered', 'the same request is answered the same');
SELECT is((SELECT count(*) FROM registry.residence WHERE person_id = pg_temp.who('戊一')), 1::bigint, 'and done once');
SELECT results_eq($$SELECT * FROM api.register_arrival(pg_temp.who('戊一'), pg_temp.home(2), request_id => '00000000-0000-0000-0000-000000000002', dry_run => true)$$,
    'TABLE answered', 'rehearsed, it answers the same too');
SELECT is(pg_temp.refusal($$SELECT api.register_arrival(pg_temp.who('戊一'), pg_temp.home(1), request_id => '00000000-0000-0000-0000-000000000002')$$), 'RG080', 'other contents under that number');
SELECT is(pg_temp.refusal($$SELECT api.register_departure(pg_temp.who('戊一'), request_id => '00000000-0000-0000-0000-000000000002')$$), 'RG080', 'another act under that number');
SELECT is((SELECT code FROM api.register_departure(pg_temp.who('戊一'), request_id => '00000000-0000-0000-0000-000000000002', dry_run => true)), 'RG080', 'the same rehearsed');
SELECT is(pg_temp.refusal($$SELECT api.register_person('', request_id => '00000000-0000-0000-0000-000000000003')$$), 'RG001', 'a refused request');
SELECT is((SELECT count(*) FROM ledger.request WHERE request_id = '00000000-0000-0000-0000-000000000003'), 0::bigint, 'leaves no trace');
SELECT lives_ok($$SELECT api.register_person('庚一', request_id => '00000000-0000-0000-0000-000000000003')$$, 'and its number can be used');
SELECT results_eq($$SELECT act COLLATE "default", length(digest), answer IS NOT NULL, requested_by = session_user FROM ledger.request WHERE request_id = '00000000-0000-0000-0000-000000000003'$$,
    $$VALUES ('register_person', 32, true, true)$$, 'what is kept of a request');

-- batches
SELECT results_eq($$SELECT line, accepted, act, person_id IS NOT NULL, code, detail FROM api.register_persons('[
        {"name": "辛一", "birth_date": "1980-01-01"},
        {"name": "辛二", "birth_date": "1980-02-30"},
        {"name": "辛三", "shoe_size": 43},
        7,
        {"name": "辛五", "resident_id": "110105194912310021"},
        {"name": {"family": "辛"}},
        {"birth_date": "1980-01-01"},
        {"name": "辛八", "phone": null, "documents": [{"document_type": "414", "document_number": "X8"}]},
        {"name": "辛九", "documents": [{"document_type": "414", "document_number": "X8"}]},
        {"name": "辛十", "documents": "X8"}]') ORDER BY line$$,
    $$VALUES (1, true, 'register_person', true, NULL, NULL),
        (2, false, 'register_person', false, 'RG083', 'Field "birth_date" does not read as date.'),
        (3, false, 'register_person', false, 'RG082', 'The act register_person has no parameter "shoe_size".'),
        (4, false, 'register_person', false, 'RG081', 'What came is number.'),
        (5, false, 'register_person', false, '22P02', 'The check character does not match the other characters (ISO 7064 MOD 11-2).'),
        (6, false, 'register_person', false, 'RG083', 'Field "name" does not read as text.'),
        (7, false, 'register_person', false, 'RG001', 'The name is empty, longer than 100 characters, or holds control or invisible characters.'),
        (8, true, 'register_person', true, NULL, NULL),
        (9, false, 'register_person', false, 'RG007', format('A document of type 414 with the number ** belongs to person %s.', pg_temp.who('辛八'))),
        (10, false, 'register_person', false, 'RG083', 'Field "documents" does not read as an array of objects.')$$,
    'persons, row by row');
SELECT is((SELECT count(*) FROM registry.person WHERE name LIKE '辛%'), 2::bigint, 'the good ones are kept');
SELECT lives_ok(format($$SELECT api.register_person(%L, birth_date => %L)$$, '辛小', pg_temp.day(2000)), 'a child');
SELECT results_eq(format($$SELECT line, accepted, code FROM api.register_arrivals('[
        {"person_id": %1$s, "dwelling_id": %4$s, "guardian_person_id": %2$s},
        {"person_id": %2$s, "dwelling_id": "%4$s", "verified": true},
        {"person_id": %3$s},
        {"person_id": 1.5, "dwelling_id": %4$s},
        {"person_id": 1e300, "dwelling_id": %4$s},
        {"person_id": %3$s, "dwelling_id": %4$s, "arrived_on": "2026-13-01"},
        {"person_id": %3$s, "dwelling_id": %4$s, "reporter_person_id": -1},
        {"person_id": %3$s, "dwelling_id": %4$s, "verified": "perhaps"},
        {"person_id": %3$s, "dwelling_id": %4$s, "request_id": "x"}]')$$,
        pg_temp.who('辛小'), pg_temp.who('辛一'), pg_temp.who('辛八'), pg_temp.home(2)),
    $$VALUES (1, true, NULL), (2, true, NULL), (3, false, 'RG085'), (4, false, 'RG083'), (5, false, 'RG083'), (6, false, 'RG083'),
             (7, false, '23503'), (8, false, 'RG083'), (9, false, 'RG082')$$,
    'arrivals, a child before its guardian');
SELECT results_eq(format($$SELECT accepted, state FROM api.change_residences('[{"person_id": %s, "dwelling_id": %s}]')$$, pg_temp.who('辛一'), pg_temp.home(3)),
    $$VALUES (true, 'reported')$$, 'changes of address');
SELECT results_eq(format($$SELECT accepted, state FROM api.verify_residences('[{"residence_id": %s}]')$$, pg_temp.lives('辛一')),
    $$VALUES (true, 'active')$$, 'verifications');
SELECT results_eq(format($$SELECT accepted, state, code FROM api.register_departures('[{"person_id": %1$s}, {"person_id": %1$s}]')$$, pg_temp.who('辛一')),
    $$VALUES (true, 'departed', NULL), (false, NULL, 'RG040')$$, 'departures, one twice');
SELECT results_eq(format($$SELECT accepted, state FROM api.void_residences('[{"residence_id": %s, "reason": "重复"}]')$$, pg_temp.lives('戊一')),
    $$VALUES (true, 'voided')$$, 'voidings');
CREATE TEMP TABLE batch_answered AS
    SELECT * FROM api.submit('register_person', '[{"name": "壬一"}, {"name": ""}]', '00000000-0000-0000-0000-000000000004');
SELECT results_eq($$SELECT * FROM api.submit('register_person', '[{"name": "壬一"}, {"name": ""}]', '00000000-0000-0000-0000-000000000004')$$,
    'TABLE batch_answered', 'the same batch is answered the same');
SELECT is((SELECT count(*) FROM registry.person WHERE name = '壬一'), 1::bigint, 'and done once');
SELECT is(pg_temp.refusal($$SELECT api.submit('register_person', '[{"name": "壬二"}]', '00000000-0000-0000-0000-000000000004')$$), 'RG080', 'other rows under that number');
SELECT is_empty($$SELECT * FROM api.register_persons('[]')$$, 'an empty batch');
SELECT is(pg_temp.refusal($$SELECT api.register_persons('{"name": "x"}')$$), 'RG081', 'an object is no batch');
SELECT is(pg_temp.refusal($$SELECT api.register_persons(NULL)$$), 'RG081', 'nothing is no batch');
SELECT is(pg_temp.refusal($$SELECT api.register_persons('null')$$), 'RG081', 'null is no batch');
SELECT is(pg_temp.refusal($$SELECT api.submit('drop_everything', '[{}]')$$), 'RG084', 'no such act');
SELECT is(pg_temp.refusal($$SELECT api.submit('submit', '[{}]')$$), 'RG084', 'submit is no act');
SELECT is(pg_temp.refusal($$SELECT api.submit('register_persons', '[{"batch": []}]')$$), 'RG084', 'nor is a batch form');
SELECT is(pg_temp.refusal($$SELECT api.submit(NULL, '[{}]')$$), 'RG084', 'nor is nothing');

-- what ends a batch, and what does not
SELECT ok(ledger.is_refusal('RG020') AND ledger.is_refusal('23505') AND ledger.is_refusal('22P02') AND ledger.is_refusal('42501')
          AND ledger.is_refusal('P0001') AND ledger.is_refusal('QQ123'), 'data, constraints, privileges, rules');
SELECT ok(NOT (ledger.is_refusal('57014') OR ledger.is_refusal('53200') OR ledger.is_refusal('40P01') OR ledger.is_refusal('40001')
               OR ledger.is_refusal('XX000') OR ledger.is_refusal('42P01') OR ledger.is_refusal('55P03') OR ledger.is_refusal('P0004')),
    'not cancellation, memory, deadlock, serialization, faults');

CREATE FUNCTION pg_temp.site_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name ~ '^!' THEN
        RAISE EXCEPTION 'the site says no' USING ERRCODE = substr(NEW.name, 2);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER z_site_rule BEFORE INSERT ON registry.person FOR EACH ROW EXECUTE FUNCTION pg_temp.site_rule();
SELECT results_eq(
    $$SELECT accepted, code, message, detail FROM api.register_persons('[{"name": "!QQ123"}, {"name": "!P0001"}, {"name": "!23505"}, {"name": "癸一"}]')$$,
    $$VALUES (false, 'QQ123', 'the site says no', NULL), (false, 'P0001', 'the site says no', NULL),
             (false, '23505', 'the site says no', NULL), (true, NULL, NULL, NULL)$$, 'a rule of the site refuses rows too');
SELECT is(pg_temp.refusal(format($$SELECT api.register_persons('[{"name": "癸二"}, {"name": "!%s"}]')$$, code)), code || ' without teaching', code || ' ends the batch')
FROM unnest('{57014,53200,40P01,40001,55P03,XX000}'::text[]) AS code;
SELECT is(pg_temp.refusal($$SELECT api.register_person('!40001', dry_run => true)$$), '40001 without teaching', 'and a rehearsal');
SELECT is((SELECT count(*) FROM registry.person WHERE name = '癸二'), 0::bigint, 'with all its rows');
DROP TRIGGER z_site_rule ON registry.person;

-- garbage
SELECT lives_ok($$SELECT api.register_person('Robert''); DROP TABLE registry.person; --')$$, 'SQL in a name is a name');
SELECT is((SELECT accepted FROM api.register_persons('[{"name": "'' || (SELECT 1) || ''"}]')), true, 'also in a batch');
SELECT is(pg_temp.refusal($$SELECT api.register_person(repeat('长', 350000))$$), 'RG001', 'a name of 1 MB');
SELECT is((SELECT code FROM api.register_persons(jsonb_build_array(jsonb_build_object('name', repeat('x', 1000000))))), 'RG001', 'also in a batch');
SELECT is((SELECT length(detail) < 200 FROM api.register_persons(jsonb_build_array(jsonb_build_object(repeat('x', 1000000), 1)))), true, 'a field name of 1 MB is cut');
SELECT is((SELECT code FROM api.register_persons(jsonb_build_array(jsonb_build_object('name', 'x', 'birth_date', repeat('9', 1000000))))), 'RG083', 'a date of 1 MB');
SELECT is((SELECT code FROM api.register_persons('[{"name": "x", "birth_date": "infinity"}]')), 'RG005', 'born at infinity');
SELECT is((SELECT code FROM api.register_persons('[{"name": "x", "birth_date": "0001-01-01 BC"}]')), 'RG005', 'born before Christ');
SELECT is((SELECT code FROM api.register_persons('[{"name": "a\u0001b"}]')), 'RG001', 'control characters');
SELECT is(pg_temp.refusal($$SELECT api.register_persons('[{"name": "a\u0000b"}]')$$), '22P05 without teaching', 'a NUL is no jsonb');
SELECT is(pg_temp.refusal($$SELECT api.register_person(convert_from('\xff', 'UTF8'))$$), '22021 without teaching', 'invalid bytes are no text');
SELECT is((SELECT code FROM api.register_arrivals('[{"person_id": true, "dwelling_id": "''; --"}]')), 'RG083', 'no numbers');
SELECT is((SELECT array_agg(code) FROM api.register_arrivals('[null, [], "", {}, [[{}]]]')), '{RG081,RG081,RG081,RG085,RG081}', 'no objects');
SELECT is((SELECT array_agg(a.code) FROM jsonb_build_array((SELECT jsonb_object_agg('f' || i, i) FROM generate_series(1, 10000) i)) b,
           api.register_persons(b) a), '{RG082}', 'ten thousand fields');

-- nothing personal in what is said
SELECT is((SELECT count(*) FROM ledger.request WHERE answer::text ~ '甲一|11010519491231002X'), 0::bigint, 'the ledger keeps no names and numbers');

-- every function says what it is
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p
                  WHERE p.pronamespace IN ('api'::regnamespace, 'ledger'::regnamespace) AND obj_description(p.oid, 'pg_proc') IS NULL$$, 'comments');
SELECT * FROM finish();
ROLLBACK;
