# 095_read.pl: readings of personal data that no commit follows: the session ends, is ended, or the server is stopped.
# They are in ledger.read all the same, and in the server's log. The cluster is the test's own.
use strict;
use warnings;
use Residency;
use Test::More;

my $dir = "tmp/cluster.$$";    # the name by which cluster.sh knows whose it is
my $running = 0;

sub cluster { my (@what) = @_; my $out = `bash test/cluster.sh @what`; die "cluster.sh @what failed" if $?; return $out; }

END { my $status = $?; cluster('stop', $dir) if $running; $? = $status; }
$running = 1;
my ($host) = cluster('start', $dir) =~ /PGHOST=(\S+)/;
$host =~ s/\\(.)/$1/g;
local $ENV{PGHOST} = $host;
my $db = database('read');
$db->sql('CALL residency.migrate()');
$db->sql(q{
	CREATE ROLE clerk LOGIN;
	GRANT residency_clerk TO clerk;
	GRANT USAGE ON SCHEMA api TO clerk;
	GRANT SELECT ON api.current_resident TO clerk;
	GRANT EXECUTE ON FUNCTION registry.withheld_persons() TO clerk;
	INSERT INTO registry.operator (account, name) VALUES ('clerk', 'clerk');
	INSERT INTO registry.operator_scope (operator_id, division, role, period) SELECT operator_id, '460105', 'clerk', '[2020-01-01,)' FROM registry.operator;
	INSERT INTO registry.dwelling (dwelling_id, kind, address, division, let_state, safety_letter_on) OVERRIDING SYSTEM VALUE
	VALUES (1, 'building', '查阅路1号', '460105001001', 'lettable', '2020-01-01');
	INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE SELECT n, '查阅人', '1980-02-03' FROM generate_series(1, 9) n;
	INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state, reason) SELECT n, 1, '2024-01-01', 'reported', '02' FROM generate_series(1, 9) n;
});
my $clerk = $db->as(role => 'clerk');
my $read = q{SET residency.purpose = 'case 9'; BEGIN; SELECT name FROM api.current_resident WHERE person_id = %d;};
# the server goes on for a moment when the client has gone
sub kept { my ($person, $rolled_back) = @_; return $db->wait_until("SELECT count(*) = 1 AND bool_and(rolled_back) = '$rolled_back' FROM ledger.read WHERE persons = ARRAY[$person]::bigint[]"); }

$clerk->sql(sprintf($read, 1) . 'ROLLBACK');
ok(kept(1, 't'), 'rolled back, and the session ended');
$clerk->sql(sprintf $read, 2);
ok(kept(2, 't'), 'the session ended in the middle of the transaction');
ok(!($clerk->try(sprintf($read, 3) . 'SELECT 1 / 0'))[0], 'an error');
ok(kept(3, 't'), '... after it');
my $job = $clerk->start_sql(sprintf($read, 4) . 'SELECT pg_sleep(60)');
ok($db->wait_until("SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), 'a session sleeps in its transaction');
$db->sql(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'});
ok(!$job->finish, '... is ended');
ok(kept(4, 't'), '... and its reading is written');
$clerk->sql(sprintf($read, 5) . 'COMMIT');
ok(kept(5, 'f'), 'one that commits');
is($db->sql(q{SELECT count(*) FROM ledger.read WHERE actor <> 'clerk' OR login <> 'clerk' OR purpose <> 'case 9' OR plain <> '{name}'}), 0, 'each with who and what for');
my $log = Residency::file_text("$dir/server.log");
is(scalar(() = $log =~ /a transaction that read personal data was rolled back: clerk read api\.current_resident, 1 rows, 1 of them plain/g), 4, 'the server\'s log has the four');
unlike($log, qr/查阅人|case 9.*LOG/, '... without a name');

# two at the turn of the month, which has no partition yet: both are written
$db->sql(q{DO $$ DECLARE part regclass; BEGIN
	FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'ledger.read'::regclass LOOP EXECUTE format('DROP TABLE %s', part); END LOOP; END $$});
my @jobs = map { $clerk->start_sql(sprintf($read, $_) . 'SELECT pg_sleep(0.5); COMMIT') } 6 .. 9;
ok($_->finish, 'a reader at the turn of the month') for @jobs;
is($db->sql('SELECT count(*) FROM ledger.read'), 4, 'all are written');
done_testing();
