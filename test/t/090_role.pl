# Roles and row security where more than one session, or an owner without privileges, is needed.
use strict;
use warnings;
use lib 'test/t/lib';
use Residency;
use Test::More;

my $postgres = database('role', bare => 1);
my @roles = qw(tap_owner tap_clerk tap_pool);
$postgres->sql("DO \$\$ BEGIN EXECUTE (SELECT string_agg(format('DROP ROLE %I;', rolname), ' ') FROM pg_roles WHERE rolname LIKE 'residency\\_%'); EXCEPTION WHEN OTHERS THEN END \$\$");
$postgres->sql("DROP ROLE IF EXISTS $_; CREATE ROLE $_ LOGIN NOINHERIT") for @roles;

# an owner without CREATEROLE, in a cluster that has no group roles: the migration runs, and says what is missing
my $db = database('role_owner', owner => 'tap_owner');
my $owner = $db->as(role => 'tap_owner');
my $had = $db->sql(q{SELECT count(*) FROM pg_roles WHERE rolname IN (SELECT role FROM residency.group_roles())});
$owner->sql('CALL residency.migrate()');
is($owner->sql('SELECT * FROM residency.pending()'), '', 'a plain owner migrates');
SKIP: {
	skip 'other databases of the cluster use the group roles', 3 if $had;
	is($owner->sql(q{SELECT count(*) FROM residency.check() WHERE finding ~ '^group role .* is missing'}), '10', 'check() says that roles are missing');
	is($owner->sql(q{SELECT remedy FROM residency.check() WHERE finding ~ 'residency_dba'}),
		'SELECT residency.make_group_roles(); as a superuser, then SELECT residency.grant_roles(); as the owner', '... and what a superuser runs');
	is($db->sql('SELECT residency.make_group_roles()'), '10', 'who makes them');
}
$owner->sql('SELECT residency.grant_roles()');
is($owner->sql(q{SELECT count(*) FROM residency.check() WHERE topic = 'role'}), '0', 'then all is granted');

# two offices
$db->sql(q{DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET residency.purpose = ''case 1''', current_database()); END $$});
$db->sql('GRANT residency_clerk TO tap_clerk; GRANT tap_clerk TO tap_pool');
$owner->sql(q{
INSERT INTO registry.dwelling (address, division, safety_letter_on) VALUES ('甲路1号', '460105001001', '2020-01-01'), ('乙路1号', '460106003010', '2020-01-01');
INSERT INTO registry.person (name, birth_date) VALUES ('甲', '1990-01-01'), ('乙', '1990-01-01');
SELECT api.register_arrival(1, 1), api.register_arrival(2, 2);
SELECT api.register_operator('tap_clerk', '经办'), api.grant_scope(1, '460105001', 'clerk');
});
my $clerk = $db->as(role => 'tap_clerk');
my ($fine, $out, $err) = $clerk->try('SELECT count(*) FROM api.current_resident');
like($err, qr/permission denied/, 'a NOINHERIT account that is no more than a member has to SET ROLE');
$db->sql('ALTER ROLE tap_clerk INHERIT; GRANT residency_clerk TO tap_clerk');
$db->sql('GRANT residency_clerk TO tap_clerk WITH INHERIT TRUE') if $db->sql('SHOW server_version_num') >= 160000;
is($clerk->sql('SELECT name FROM api.current_resident'), '甲', 'a clerk sees the own town');

# a session that is open learns of a grant, and of its end, with its next statement
my $open = $clerk->start_sql(q{
SELECT count(*) FROM api.current_resident;
SELECT pg_advisory_lock(1); SELECT pg_sleep(0.1) FROM generate_series(1, 1);
DO $$ BEGIN FOR i IN 1..300 LOOP EXIT WHEN (SELECT count(*) FROM api.current_resident) = 2; PERFORM pg_sleep(0.1); COMMIT; END LOOP; END $$;
SELECT count(*) FROM api.current_resident;
SELECT pg_advisory_unlock(1); SELECT pg_advisory_lock(2);
DO $$ BEGIN FOR i IN 1..300 LOOP EXIT WHEN (SELECT count(*) FROM api.current_resident) = 1; PERFORM pg_sleep(0.1); COMMIT; END LOOP; END $$;
SELECT name FROM api.current_resident;
});
$db->wait_until('SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = \'advisory\' AND objid = 1)');
$owner->sql(q{SELECT api.grant_scope(1, '460106003', 'clerk')});
$db->wait_until('SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = \'advisory\' AND objid = 2)');
$owner->sql(q{SELECT api.end_scope(operator_scope_id) FROM registry.operator_scope WHERE division::text = '460106003'});
ok($open->finish, 'an open session goes on') or diag($open->err);
is(join(' ', grep { /\S/ && !/^[tf]?$/ } split /\n/, $open->out), '1 2 甲', '... and sees what was granted, then no more');

# behind a pool: a login that may be nobody but by SET ROLE
my $pool = $db->as(role => 'tap_pool');
($fine, $out, $err) = $pool->try('SELECT count(*) FROM api.current_resident');
like($err, qr/permission denied/, 'the pool itself sees nothing');
is($pool->sql('BEGIN; SET LOCAL ROLE tap_clerk; SELECT name, residency.actor() FROM api.current_resident; COMMIT'), '甲|tap_clerk', 'it acts as an operator for a transaction');
is($pool->sql("SET ROLE tap_clerk; PREPARE p AS SELECT count(*) FROM api.current_resident; EXECUTE p; EXECUTE p; EXECUTE p; EXECUTE p; EXECUTE p; EXECUTE p; EXECUTE p"),
	join("\n", (1) x 7), 'with prepared statements');
($fine, $out, $err) = $pool->try("SET ROLE tap_clerk; PREPARE p AS SELECT count(*) FROM api.current_resident; EXECUTE p; RESET ROLE; EXECUTE p");
like($err, qr/permission denied/, '... which are not lent');
($fine, $out, $err) = $pool->try('SET ROLE tap_owner');
like($err, qr/permission denied/, 'it is not the owner');
is($pool->sql(q{SET ROLE tap_clerk; SELECT (api.register_departure(residence_id => 1)).state; RESET ROLE}) , 'departed', 'acts are done as the operator');
is($owner->sql(q{SELECT count(*) FROM registry.residence WHERE state = 'departed'}), '1', '... and stand');

# what a backup needs: row security is forced upon the owner, too
my $copy = $owner->sql('SELECT count(*) FROM registry.person');
($fine, $out, $err) = $owner->try('SET row_security = off; SELECT count(*) FROM registry.person');
like($err, qr/row-level security/, 'the owner dumps with --enable-row-security');
is($owner->sql('SET row_security = on; SELECT count(*) FROM registry.person'), $copy, '... and gets all of it');

done_testing();
END { if ($postgres) { $db = $owner = $clerk = $pool = undef; } }
