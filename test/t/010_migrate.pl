# 010_migrate.pl: CALL residency.migrate() brings a database in step: once, by one caller at a time, resumably.
use strict;
use warnings;
use Residency;
use Test::More;

my $version = $1 if Residency::file_text('residency.control') =~ /^default_version = '(.*)'/m;

# ship(name, kind, body[, done_when, inside_when]): what an update script would do
sub ship
{
	my ($db, $name, $kind, $body, @when) = @_;
	my ($done, $inside) = map { defined $_ ? "\$w\$$_\$w\$" : 'NULL' } @when[0, 1];

	$db->sql("SELECT residency.ship_step('$name', '$kind', md5(\$b\$$body\$b\$), $done, $inside, \$b\$$body\$b\$)");
}

# --- from nothing to in step
my $db = database('migrate');
my $steps = $db->sql('SELECT count(*) FROM residency.migration_step');
is($db->sql("SELECT count(*) FROM residency.pending() WHERE reason = 'new'"), $steps, 'before: every step is pending');
like($db->sql('SELECT step FROM residency.pending() LIMIT 1'), qr{^schema/0001-}, 'the first is the first');
is($db->sql(q{SELECT bool_and(kind = 'repeatable') FROM (SELECT kind, row_number() OVER () FROM residency.pending()) p
	WHERE row_number > (SELECT count(*) FROM residency.migration_step WHERE kind <> 'repeatable')}), 't', 'views come last');
is($db->sql("SELECT to_regnamespace('registry') IS NULL"), 't', 'CREATE EXTENSION leaves no schema of the register');

is(join("\n", grep { /^CREATE (?!EXTENSION|SCHEMA residency;)/ } split /\n/, $db->dump('-s')), '', '... and nothing else that would be dumped');

my ($fine, $out, $err) = $db->try('CALL residency.migrate()');
ok($fine, 'migrate() goes through') or diag($err);
is($db->sql('SELECT count(*) FROM residency.pending()'), 0, 'after: nothing is pending');
is($db->sql("SELECT count(*) FROM ledger.applied_step WHERE extension_version = '$version'
	AND applied_by = 'postgres' AND took > '0' AND applied_at > now() - interval '1 hour'"),
	$steps, 'every step is in the ledger, with version, role, duration and moment');
is($db->sql('SELECT count(*) FROM ledger.applied_step a JOIN residency.migration_step s ON (s.name, s.kind, s.checksum) = (a.step, a.kind, a.checksum)'),
	$steps, 'and with its checksum');
is($db->sql('SELECT count(*) FROM (SELECT DISTINCT xmin::text FROM ledger.applied_step) x'), $steps, 'one step is one transaction');

# --- what the docs say of the dictionaries
my $counts = $db->sql(q{SELECT (SELECT count(*) FROM code.list) || ' lists, ' || (SELECT count(*) FROM code.value) || ' values'});
like(Residency::file_text('docs/dictionary.md'), qr/\| \Q$counts\E \|/, "docs/dictionary.md: $counts");
my $sources = $db->sql('SELECT count(*) FROM code.source');
like(Residency::file_text('docs/dictionary.md'), qr/^\| `code.source` .*\| $sources \|$/m, "... from $sources sources");
like(Residency::file_text('README.md'), qr/\b\Q@{[$db->sql('SELECT count(*) FROM code.list')]}\E code lists/, '... README.md as many');

my $ledger = $db->sql('SELECT md5(string_agg(a::text, chr(10) ORDER BY step)) FROM ledger.applied_step a');
$db->sql('CALL residency.migrate(); CALL residency.migrate()');
is($db->sql('SELECT md5(string_agg(a::text, chr(10) ORDER BY step)) FROM ledger.applied_step a'), $ledger, 'a second call does nothing');

# --- inside a transaction
ship($db, 'schema/8000-test', 'once', 'CREATE TABLE public.test_block ()');
($fine, $out, $err) = $db->try('BEGIN; CALL residency.migrate(); COMMIT');
ok(!$fine, 'refused inside a transaction block');
like($err, qr/transaction/, '... in words that say so');
like($err, qr/HINT: .*outside/i, '... and what to do');
is($db->sql(q{SELECT to_regclass('test_block') IS NULL AND (SELECT count(*) FROM residency.pending()) = 1}), 't', '... and nothing is half done');
$db->sql('CALL residency.migrate()');

# --- the search_path of the caller neither reaches a step nor is lost
$db->sql('CREATE SCHEMA mine');
ship($db, 'schema/8001-test', 'once', q{CREATE TABLE public.test_path AS SELECT current_setting('search_path') AS path});
ship($db, 'schema/8002-test', 'once', q{INSERT INTO public.test_path SELECT current_setting('search_path')});
is($db->sql('SET search_path = mine; CALL residency.migrate(); SHOW search_path'), 'mine', 'the caller keeps the search_path');
is($db->sql('SELECT count(DISTINCT path) || max(path) FROM test_path'), '1pg_catalog, residency, public, pg_temp', 'each step has the same one');

# --- a failure in the middle
ship($db, 'schema/8010-test', 'once', 'CREATE TABLE public.test_first ()');
ship($db, 'schema/8011-test', 'once', 'CREATE TABLE public.test_half (); SELECT 1/0');
ship($db, 'schema/8012-test', 'once', 'CREATE TABLE public.test_last ()');
($fine, $out, $err) = $db->try('CALL residency.migrate()');
ok(!$fine, 'a step fails');
like($err, qr/division by zero/, '... with its own error');
like($err, qr{schema/8011-test}, '... and its name');
is($db->sql(q{SELECT to_regclass('test_first') IS NOT NULL}), 't', 'the step before it is kept');
is($db->sql(q{SELECT to_regclass('test_half') IS NULL}), 't', 'of the step itself nothing is');
is($db->sql(q{SELECT string_agg(step, ',') FROM residency.pending()}), 'schema/8011-test,schema/8012-test', 'pending from there on');
ship($db, 'schema/8011-test', 'once', 'CREATE TABLE public.test_half ()');
$db->sql('CALL residency.migrate()');
is($db->sql(q{SELECT count(*) FROM residency.pending()}), 0, 'repaired: goes on where it stopped');
is($db->sql(q{SELECT to_regclass('test_half') IS NOT NULL AND to_regclass('test_last') IS NOT NULL}), 't', '... to the end');

# --- a repeatable step whose text changes; a once step whose text changes
ship($db, 'view/80-test', 'repeatable', 'CREATE OR REPLACE VIEW public.test_view AS SELECT 1 AS a');
$db->sql('CALL residency.migrate()');
ship($db, 'view/80-test', 'repeatable', 'CREATE OR REPLACE VIEW public.test_view AS SELECT 1 AS a, 2 AS b');
is($db->sql('SELECT * FROM residency.pending()'), 'view/80-test|repeatable|changed', 'a changed view is pending');
my $before = $db->sql(q{SELECT applied_at FROM ledger.applied_step WHERE step = 'view/80-test'});
$db->sql('CALL residency.migrate()');
is($db->sql('SELECT b FROM test_view'), 2, '... and made again');
is($db->sql(qq{SELECT applied_at > '$before' FROM ledger.applied_step WHERE step = 'view/80-test'}), 't', '... and the ledger says when');
ship($db, 'schema/8010-test', 'once', 'SELECT 1/0');
is($db->sql('SELECT count(*) FROM residency.pending()'), 0, 'a step that is built once is not built again');

# --- an outside step
$db->sql('CREATE TABLE public.test_full AS SELECT 1 AS a; CREATE TABLE public.test_empty (a int)');
for my $table (qw(test_empty test_full))
{
	ship($db, "schema/8020-$table", 'outside', "CREATE INDEX CONCURRENTLY ${table}_a ON public.$table (a)",
		"SELECT coalesce((SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('public.${table}_a')), false)",
		"SELECT NOT EXISTS (SELECT FROM public.$table)");
}
ship($db, 'schema/8030-test', 'once', 'CREATE TABLE public.test_after ()');
($fine, $out, $err) = $db->try('CALL residency.migrate()');
ok($fine, 'a step outside is no error') or diag($err);
is($db->sql(q{SELECT indisvalid FROM pg_index WHERE indexrelid = 'test_empty_a'::regclass}), 't', 'on an empty table it runs inside');
is($db->sql(q{SELECT to_regclass('test_full_a') IS NULL}), 't', 'on a full one it does not');
like($err, qr/NOTICE: .*test_full/, '... but is named');
like($err, qr/CREATE INDEX CONCURRENTLY test_full_a ON public.test_full \(a\)/, '... with what to run');
like($err, qr/HINT: .*migrate/, '... and what then');
is($db->sql(q{SELECT to_regclass('test_after') IS NULL}), 't', 'what comes after it waits');
$db->sql('CREATE INDEX CONCURRENTLY test_full_a ON public.test_full (a)');
$db->sql('CALL residency.migrate()');
is($db->sql(q{SELECT to_regclass('test_after') IS NOT NULL AND (SELECT count(*) FROM residency.pending()) = 0}), 't', 'done by hand: goes on');
is($db->sql(q{SELECT kind FROM ledger.applied_step WHERE step = 'schema/8020-test_full'}), 'outside', '... and is recorded');

# --- two at once, on a database of their own
my $two = database('migrate_two');
ship($two, 'schema/8000-slow', 'once', q{SELECT pg_sleep(0.5)});
my @job = map { $two->start_sql('CALL residency.migrate()') } 1 .. 3;
is(scalar(grep { $_->finish } @job), 3, 'three at once: all succeed') or diag(map { $_->err } @job);
is($two->sql('SELECT count(*) FROM ledger.applied_step'), $steps + 1, '... each step once');
is($two->sql('SELECT count(*) FROM residency.pending()'), 0, '... and nothing is pending');

# --- an owner who is nobody special
$db->sql(q{
	DO $$ BEGIN
		CREATE ROLE test_keeper LOGIN NOSUPERUSER;
	EXCEPTION WHEN duplicate_object THEN NULL;
	END $$});
my $plain = database('migrate_plain');
my $keeper = $plain->as(role => 'test_keeper');
($fine, $out, $err) = $keeper->try('CALL residency.migrate()');
ok(!$fine && $err =~ /permission denied/, 'who may not create in the database may not migrate');
$plain->sql("GRANT CREATE ON DATABASE $plain->{name} TO test_keeper");
($fine, $out, $err) = $keeper->try('CALL residency.migrate()');
ok($fine, 'who may create in the database may migrate') or diag($err);
is($keeper->sql('SELECT count(*) FROM residency.pending()'), 0, '... to the end');
is($plain->sql(q{
	SELECT string_agg(DISTINCT o.rolname, ',')
	FROM pg_shdepend d JOIN pg_roles o ON o.oid = d.refobjid
	WHERE d.deptype = 'o' AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())}), 'test_keeper', '... and owns what was built');
is($plain->sql(q{
	SELECT count(*) FROM pg_class c WHERE c.relnamespace::regnamespace::text IN ('code','policy','registry','ledger','api','stat','map')
	AND c.relowner <> 'test_keeper'::regrole}), 0, '... all of it');
($fine, $out, $err) = $keeper->try('INSERT INTO residency.migration_step SELECT * FROM residency.migration_step');
ok(!$fine && $err =~ /permission denied/, '... but ships no steps');
($fine, $out, $err) = $keeper->try(q{SELECT residency.ship_step('x', 'once', 'x', NULL, NULL, 'x')});
ok(!$fine && $err =~ /permission denied/, '... by no way');

done_testing();
