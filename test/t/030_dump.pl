# 030_dump.pl: what a site has added of its own survives dump and restore; the extension can't be dropped by accident.
use strict;
use warnings;
use Residency;
use File::Temp 'tempdir';
use Test::More;

my $dir = tempdir(CLEANUP => 1);
my $host = $ENV{PGHOST};

my $db = database('site');
$db->sql('CALL residency.migrate()');
$db->sql(Residency::file_text('test/t/lib/data.sql'));
# permits in force, one replaced, a draft, and an attempt to reach somebody
$db->sql(Residency::file_text('test/t/lib/permit.sql') =~ s/:permits/20/gr);
$db->sql(<<'SQL');
INSERT INTO registry.permit_event (permit_id, event, happened_on, evidence)
VALUES (900000001, 'report_lost', '2025-06-01', '{}'), (900000001, 'replace', '2025-06-02', '{}');
INSERT INTO registry.permit (person_id) VALUES (900000002);
INSERT INTO registry.contact (residence_id, kind, happened_on, reached) VALUES (900000003, 'visit', '2025-06-01', false);
SQL
for my $role (qw(test_clerk test_owner))
{
	$db->sql("DO \$\$ BEGIN CREATE ROLE $role LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$");
}

# a point of a phone: converted once, and not again on the way
$db->sql(q{UPDATE registry.dwelling SET location = 'SRID=4490;POINT(110.31 20.005)', location_datum = 'gcj02' WHERE address = '测试路2号'});
is($db->sql(q{SELECT location_datum || ' ' || ST_AsText(location, 6) FROM registry.dwelling WHERE address = '测试路2号'}),
	'from_gcj02 POINT(110.305685 20.007074)', 'a point given in GCJ-02');

# months of access events, made at run time: some counted, some not
$db->sql(q{INSERT INTO registry.access_device (device_code) VALUES ('HK-1'); SELECT registry.due_access_months(residency.today(), 1)});
$db->sql(q{INSERT INTO registry.access_event (happened_at, device_code) VALUES (now(), 'HK-1'), (now() - interval '1 hour', 'HK-1'); SELECT registry.due_presence(residency.today(), 1)});
$db->sql(q{INSERT INTO registry.access_event (happened_at, device_code) VALUES ('1970-01-01', 'HK-1'), (now() + interval '1 day', 'HK-1')});

# --- the site makes it its own
$db->sql(<<'SQL');
ALTER TABLE registry.person ADD COLUMN site_note text DEFAULT 'none';
COMMENT ON COLUMN registry.person.site_note IS 'the site''s own';
UPDATE registry.person SET site_note = 'note ' || person_id;
CREATE INDEX site_person_note ON registry.person (site_note);
ALTER TABLE registry.dwelling ADD CONSTRAINT site_area CHECK (usable_area < 10000);
ALTER TABLE registry.residence ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.residence FORCE ROW LEVEL SECURITY;
CREATE POLICY site_policy ON registry.residence TO test_clerk USING (division OPERATOR(residency.<@) '4601');
CREATE TABLE public.site_log (what text);
CREATE FUNCTION public.site_log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.site_log VALUES (TG_OP); RETURN NULL; END';
CREATE TRIGGER site_trigger AFTER INSERT OR UPDATE OR DELETE ON registry.residence FOR EACH ROW EXECUTE FUNCTION public.site_log();
CREATE PUBLICATION site_publication FOR TABLE registry.person (person_id, name) WHERE (name <> ''), registry.dwelling;
UPDATE code.error SET hint = 'Ask the site''s help desk.' WHERE code = 'RG001';
INSERT INTO policy.setting (key, division, period, value, legal_basis)
SELECT key, '4601', '[2025-01-01,)', value, 'the site''s own' FROM policy.setting WHERE division IS NULL ORDER BY key LIMIT 1;
DELETE FROM code.value WHERE (list, code) IN (SELECT list, code FROM code.value v
	WHERE NOT EXISTS (SELECT FROM code.value g WHERE g.parent_list = v.list AND g.parent = v.code) ORDER BY list, code LIMIT 1);
GRANT USAGE ON SCHEMA registry TO test_clerk;
GRANT SELECT (person_id, name), UPDATE (phone) ON registry.person TO test_clerk;
GRANT SELECT ON registry.residence TO test_clerk;
ALTER DEFAULT PRIVILEGES IN SCHEMA registry GRANT SELECT ON TABLES TO test_clerk;
CREATE VIEW public.site_view AS SELECT person_id, residency.mask(resident_id) FROM registry.person;
CREATE TABLE public.site_card (resident_id residency.resident_id PRIMARY KEY, division residency.division_code, home residency.address);
INSERT INTO public.site_card SELECT resident_id, residency.division(resident_id), '海南省 海口市 路:一横 栋:12 402 (460106003)' FROM registry.person WHERE resident_id IS NOT NULL;
CREATE TABLE public.site_address (address residency.address PRIMARY KEY);
INSERT INTO public.site_address SELECT DISTINCT residency.normalize_address(address, division) FROM registry.dwelling;
INSERT INTO public.site_address VALUES ('番禺区南村镇里仁洞村三坊大街12号之一302房(近公园)'), ('儋州市那大镇中兴大街西12-3-402');
SQL
my ($contents, $schema) = ($db->contents, $db->dump('-s'));
my $logged = $db->sql('SELECT count(*) FROM public.site_log');

# --- plain and custom
$db->dump('-f', "$dir/plain.sql");
$db->dump('-Fc', '-f', "$dir/custom");
for my $form (qw(plain custom))
{
	my $copy = database("site_$form", bare => 1);
	run_ok("$form: restored without an error",
		$form eq 'plain' ? ('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $copy->{name}, '-f', "$dir/plain.sql")
		: ('pg_restore', '--exit-on-error', '-d', $copy->{name}, "$dir/custom"));
	is($copy->dump('-s'), $schema, "$form: the schema is the same, the site's column, index, check, policy, trigger, publication and grants with it");
	is($copy->contents, $contents, "$form: the rows are the same, the site's with them");
	is($copy->sql('SELECT count(*) FROM public.site_log'), $logged, "$form: no trigger has fired on the way");
	is($copy->sql('SELECT count(*) FROM residency.pending()'), 0, "$form: nothing is pending");
	$copy->sql('CALL residency.migrate()');
	is($copy->sql("SELECT hint FROM code.error WHERE code = 'RG001'"), "Ask the site's help desk.", "$form: migrate() leaves the site's words");
	my ($fine, $out, $err) = $copy->try("INSERT INTO registry.person (name) VALUES ('')");
	like($err, qr/a person needs a name.*Ask the site's help desk/s, "$form: the rules work as before");
}

# --- as another owner
my $other = database('site_owner', bare => 1, owner => 'test_owner');
$other->sql('CREATE EXTENSION residency CASCADE');
my $list = run_ok('what is in the dump', 'pg_restore', '-l', "$dir/custom");
open my $file, '>', "$dir/list" or die $!;
print $file join "\n", grep { !/ (EXTENSION|PUBLICATION( TABLE)?|DEFAULT ACL) | SCHEMA -? ?residency |- SCHEMA residency | TABLE DATA public spatial_ref_sys / } split /\n/, $list;
close $file;
run_ok('restored as another owner, who is not a superuser',
	'pg_restore', '--exit-on-error', '--no-owner', '-U', 'test_owner', '-L', "$dir/list", '-d', $other->{name}, "$dir/custom");
is($other->sql(q{SELECT string_agg(DISTINCT relowner::regrole::text, ',') FROM pg_class WHERE relnamespace = 'registry'::regnamespace}),
	'test_owner', '... who owns the tables then');
is($other->as(role => 'test_owner')->sql('SELECT count(*) FROM residency.pending()'), 0, '... and has nothing to migrate');
my ($before) = grep { /^registry\.person\|/ } split /\n/, $contents;
my ($after) = grep { /^registry\.person\|/ } split /\n/, $other->contents;
is($after, $before, '... with all the persons');

# --- dropped by accident, and on purpose
my ($fine, $out, $err) = $db->try('DROP EXTENSION residency');
ok(!$fine && $err =~ /cannot drop extension residency because other objects depend on it/, 'DROP EXTENSION is refused while tables use it');
is($db->contents, $contents, '... and nothing is lost');
$db->sql('CREATE TABLE public.rescued AS SELECT person_id, resident_id::bigint AS resident_id, household_division::bigint AS division FROM registry.person');
my $persons = $db->sql('SELECT count(*) FROM registry.person');
$db->sql('SET client_min_messages = warning; DROP EXTENSION residency CASCADE');
is($db->sql('SELECT count(*) FROM registry.person'), $persons, 'CASCADE leaves every person');
is($db->sql(q{SELECT count(*) FROM pg_attribute WHERE attrelid = 'registry.person'::regclass AND attname = 'resident_id'}), 0, '... but takes the columns of our types');
is($db->sql(q{SELECT count(*) FROM pg_trigger WHERE tgrelid = 'registry.residence'::regclass AND NOT tgisinternal AND tgname <> 'site_trigger' AND tgfoid::regproc::text !~ '^ledger[.]'}), 0, '... and the rules');
is($db->sql(q{SELECT count(*) FROM pg_class WHERE oid IN ('registry.person'::regclass, 'registry.dwelling'::regclass, 'registry.residence'::regclass,
	'registry.identity_document'::regclass, 'registry.grid'::regclass)}), 5, '... and no table');
($fine, $out, $err) = $db->try('CREATE EXTENSION residency');
ok($fine, 'it can be created again') or diag($err);
is($db->sql('SELECT count(resident_id) FROM public.rescued'), 1, 'what was cast to bigint beforehand is there');

done_testing();
