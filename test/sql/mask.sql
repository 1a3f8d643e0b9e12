-- Masks: the forms of SQL; the cases themselves are in test/unit/mask_test.c.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
BEGIN;
SET LOCAL search_path = public, residency;
SELECT plan(24);
SELECT is(residency.mask_name(v), m, v || ' is shown as ' || m)
FROM (VALUES ('张三', '张*'), ('欧阳小明', '欧**明'), ('阿依古丽·买买提', '阿依古丽·***'), ('John Smith', 'John *****'), ('', ''), ('１３８', '***')) AS t (v, m);
SELECT is(residency.mask_resident_id('４４０１１３１９９００１０１１２３２'), '440113********1232', 'full-width digits');
SELECT is(residency.mask_public_id('440113199001011232'), '4****************2', 'for public notices');
SELECT is(residency.mask_document('E12345612'), 'E******12', 'a passport');
SELECT is(residency.mask_number('E12345612'), 'E******12', 'by its older name');
SELECT is(residency.mask_phone('+86 138-1234-5678'), '+86 138****5678', 'a mobile');
SELECT is(residency.mask_phone('020-12341234'), '020-****1234', 'a fixed telephone');
SELECT is(residency.mask_email('zhang@x.com'), 'z***@x.com', 'e-mail');
SELECT is(residency.mask_bank_card('6222 0212 3456 1234'), '************1234', 'a bank card');
SELECT is(residency.mask_address('海南省海口市龙华区国贸路5号3栋二单元402'), '海南省海口市龙华区国贸路******', 'an address down to its road');
SELECT is(residency.mask_address('国贸路5号3栋402'), '国贸路******', 'also without its division');
SELECT is(residency.mask_birth_date(d), m, 'born ' || d)
FROM (VALUES ('1985-03-04'::date, '1985-**-**'), ('infinity', '****-**-**'), ('0044-03-15 BC', '****-**-**')) AS t (d, m);
SELECT is(residency.mask_query('王小明'), '王*明', 'words that were searched for');
SELECT is(residency.mask_query('138 1234 5678'), '1**********78', 'and a number');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p
    WHERE p.pronamespace = 'residency'::regnamespace AND p.proname ~ '^mask' AND NOT (p.provolatile = 'i' AND p.proisstrict AND p.proparallel = 's')$$,
    'masks are immutable, strict and safe in parallel');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'residency'::regnamespace AND p.proname ~ '^mask' AND p.prorettype <> 'text'::regtype$$,
    'and all answer text');
-- whatever is masked as an address gives a part of it away at most
SELECT is_empty($$SELECT d FROM (SELECT n || '号路' || n || '栋' AS d FROM generate_series(1, 200) n) AS t
    WHERE residency.mask_address(d) !~ '\*' $$, 'numbers do not pass for roads');
SELECT * FROM finish();
ROLLBACK;
