# 040_crash.pl: the server dies as in a power cut, in the middle of migrate() and of arrivals. What it had acknowledged
# is there afterwards, what it was at is as if never begun, and migrate() goes on where it stopped.
# The cluster is the test's own, with fsync on.
use strict;
use warnings;
use Residency;
use Test::More;

my $dir = "tmp/cluster.$$";    # the name by which cluster.sh knows whose it is
my $running = 0;

sub cluster { my (@what) = @_; my $out = `bash test/cluster.sh @what`; die "cluster.sh @what failed" if $?; return $out; }

$ENV{EXTRA_CONF} = "fsync = on\ncheckpoint_timeout = 30s";
END { my $status = $?; cluster('stop', $dir) if $running; $? = $status; }
$running = 1;
my ($host) = cluster('start', $dir) =~ /PGHOST=(\S+)/;
$host =~ s/\\(.)/$1/g;
local $ENV{PGHOST} = $host;
my $db = database('crash');

# --- in the middle of migrate()
my $third = $db->sql('SELECT step FROM residency.pending() OFFSET 5 LIMIT 1');
$db->sql("UPDATE residency.migration_step SET body = body || '; SELECT pg_sleep(60)' WHERE name = '$third'");
my $steps = $db->sql('SELECT count(*) FROM residency.migration_step');
my $job = $db->start_sql('CALL residency.migrate()');
ok($db->wait_until("SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), 'migrate() is in the middle of a step');
my $taken = $db->sql('SELECT step, checksum, applied_at FROM ledger.applied_step ORDER BY step');
cluster('crash', $dir);
ok(!$job->finish, 'the server is killed');
cluster('restart', $dir);
is($db->sql('SELECT step, checksum, applied_at FROM ledger.applied_step ORDER BY step'), $taken, 'the steps taken are there');
is($db->sql('SELECT step FROM residency.pending() LIMIT 1'), $third, 'the one it was at is pending');
$db->sql("UPDATE residency.migration_step SET body = replace(body, '; SELECT pg_sleep(60)', '') WHERE name = '$third'");
my ($fine, $out, $err) = $db->try('CALL residency.migrate()');
ok($fine, 'migrate() goes on') or diag($err);
is($db->sql('SELECT count(*) FROM ledger.applied_step'), $steps, '... to the end, each step once');
is($db->sql('SELECT count(*) FROM residency.pending()'), 0, '... and nothing is pending');

# --- in the middle of arrivals: each clerk's screen shows what was acknowledged
$db->sql(Residency::file_text('test/t/lib/data.sql'));
$db->sql(q{INSERT INTO registry.person (name, birth_date) SELECT '到达' || i, '1990-01-01' FROM generate_series(1, 20000) i});
$db->sql(q{INSERT INTO registry.dwelling (address, division, safety_letter_on, usable_area)
	SELECT '到达路' || i || '号', (SELECT residency.min(division) FROM registry.grid), '2024-01-01', 5000 FROM generate_series(1, 20000) i});
$db->sql('CREATE SEQUENCE public.next');
my $arrive = <<'SQL';
WITH n AS (SELECT nextval('public.next') AS n)
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on)
SELECT p.person_id, d.dwelling_id, '2024-05-01'
FROM n JOIN registry.person p ON p.name = '到达' || n.n
JOIN registry.dwelling d ON d.address = '到达路' || n.n || '号'
RETURNING residence_id, person_id, dwelling_id;
SQL
$db->sql('CREATE INDEX ON registry.dwelling (address); ANALYZE registry.person, registry.dwelling');
my @clerk = map { $db->start_sql($arrive x 8000) } 1 .. 4;
my $known = $db->sql('SELECT count(*) FROM registry.residence');
ok($db->wait_until("SELECT count(*) > $known + 1000 FROM registry.residence"), 'clerks register arrivals');
cluster('crash', $dir);
is(scalar(grep { $_->finish } @clerk), 0, 'the server is killed under all of them');
cluster('restart', $dir);
my @seen = map { grep { /^\d+\|\d+\|\d+$/ } split /\n/, $_->out =~ s/[^\n]*\z//r } @clerk;
cmp_ok(scalar @seen, '>', 500, scalar(@seen) . ' arrivals were acknowledged');
my %kept = map { $_ => 1 } split /\n/, $db->sql('SELECT residence_id, person_id, dwelling_id FROM registry.residence');
is(scalar(grep { !$kept{$_} } @seen), 0, 'every one of them is there');
cmp_ok(keys(%kept) - $known - @seen, '<=', 4, '... and at most one more for each clerk, committed but not yet said');
is($db->sql(q{SELECT count(*) FROM (SELECT person_id FROM registry.residence WHERE departed_on IS NULL GROUP BY 1 HAVING count(*) > 1) x}), 0,
	'nobody lives in two places');
($fine, $out, $err) = $db->try($arrive);
ok($fine, 'arrivals go on') or diag($err);

done_testing();
