# 085_kill.pl: the server is killed outright in the middle of load, KILLS (20) times. Whatever a clerk's screen had acknowledged is there after
# each recovery, under its request number and once; the register is in order, and sealed changes are what they were.
# The cluster is the test's own, with fsync on.
use strict;
use warnings;
use Residency;
use Test::More;
use Time::HiRes 'sleep';

my $dir = "tmp/cluster.$$";    # the name by which cluster.sh knows whose it is
my $running = 0;
my $kills = $ENV{KILLS} // 20;
my $share = 80;                # arrivals of a clerk between two kills, if they come to it
my @clerk = (1 .. 3);

sub cluster { my (@what) = @_; my $out = `bash test/cluster.sh @what`; die "cluster.sh @what failed" if $?; return $out; }

$ENV{EXTRA_CONF} = "fsync = on\ncheckpoint_timeout = 30s";
END { my $status = $?; cluster('stop', $dir) if $running; $? = $status; }
$running = 1;
my ($host) = cluster('start', $dir) =~ /PGHOST=(\S+)/;
$host =~ s/\\(.)/$1/g;
local $ENV{PGHOST} = $host;
my $db = database('kill');
$db->sql('CALL residency.migrate()');
$db->sql(Residency::file_text('test/t/lib/data.sql'));
my $people = $kills * @clerk * $share;
$db->sql(qq{INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE SELECT 700000000 + i, '到达' || i, '1990-01-01' FROM generate_series(1, $people) i});
$db->sql(qq{INSERT INTO registry.dwelling (dwelling_id, address, division, safety_letter_on, usable_area) OVERRIDING SYSTEM VALUE
	SELECT 700000000 + i, '到达路' || i || '号', (SELECT residency.min(division) FROM registry.grid), '2024-01-01', 5000 FROM generate_series(1, $people) i});
$db->sql('ANALYZE');
$db->sql(q{UPDATE policy.setting SET value = '64' WHERE key = 'seal_block_size'; DELETE FROM policy.test_case WHERE key = 'seal_block_size'});
# what is odd about the data themselves, and next year's calendar
my $before = $db->sql('SELECT topic, finding FROM residency.check()');

# A request as a clerk sends it, with a change beside it in the same transaction; the number is acknowledged after its COMMIT.
sub arrival
{
	my ($n) = @_;
	my $request = sprintf '00000000-0000-4000-8000-%012d', $n;
	my $id = 700000000 + $n;

	return <<~SQL;
		BEGIN;
		SELECT FROM api.register_arrival($id, $id, '2024-05-01', request_id => '$request');
		INSERT INTO ledger.change (changed_at, transaction, cluster_id, table_name, key, operation)
		VALUES (clock_timestamp(), pg_current_xact_id(), residency.cluster_id(), 'registry.test', '{"request": $n}', 'D');
		COMMIT;
		\\echo kept $n
		SQL
}

my ($next, @kept, @trouble) = (1);
for my $kill (1 .. $kills)
{
	my @job = map { my $from = $next + ($_ - 1) * $share; $db->start_sql(join '', map { arrival($_) } $from .. $from + $share - 1) } @clerk;
	my $seal = $db->start_sql("CALL residency.seal_changes(50); SELECT pg_sleep(0.01);\n" x 1000);

	$next += $share * @clerk;
	sleep(0.3 + rand 0.7);
	cluster('crash', $dir);
	$_->finish for @job, $seal;
	cluster('restart', $dir);
	push @kept, map { $_->out =~ /^kept (\d+)$/mg } @job;
	my %there = map { $_ => 1 } split /\n/, $db->sql(q{SELECT right(r.request_id::text, 12)::bigint FROM ledger.request r
		JOIN registry.residence e ON e.person_id = 700000000 + right(r.request_id::text, 12)::bigint
		JOIN ledger.change c ON c.key = jsonb_build_object('request', right(r.request_id::text, 12)::bigint) WHERE r.answer IS NOT NULL});
	push @trouble, map { "kill $kill: request $_ is lost" } grep { !$there{$_} } @kept;
	push @trouble, "kill $kill: " . keys(%there) . ' are there, but ' . @kept . ' were acknowledged' if keys(%there) > @kept + $kill * @clerk;
	# in order as far as it is quick to say; in full at the end
	push @trouble, map { "kill $kill: $_" } split /\n/, $db->sql(q{SELECT * FROM residency.verify_ledger()});
	push @trouble, map { "kill $kill: $_" } grep { index($before, $_) < 0 } split /\n/, $db->sql('SELECT topic, finding FROM residency.check()') if $kill % 5 == 0;
}
is(join("\n", @trouble), '', "killed $kills times: nothing acknowledged is lost, all is well");
cmp_ok(scalar @kept, '>', $kills * 5, scalar(@kept) . ' arrivals were acknowledged');
is($db->sql(q{SELECT count(*) FROM (SELECT person_id FROM registry.residence WHERE person_id > 700000000 GROUP BY 1 HAVING count(*) > 1) AS twice}), 0, 'nobody arrived twice');
# the same numbers again are answered from the ledger, or carried out now
my @again = (@kept[0 .. 4], grep { my $n = $_; !grep { $_ == $n } @kept } 1 .. 200);
my ($fine, $out, $err) = $db->try(join '', map { arrival($_) } @again);
ok($fine, 'whoever had no answer asks again under the same number') or diag($err);
is($db->sql('SELECT count(*) FROM ledger.request WHERE right(request_id::text, 12)::bigint IN (' . join(', ', @again) . ')'), scalar(@again), '... and is there once');
my $blocks = $db->sql('SELECT count(*) FROM ledger.block');
cmp_ok($blocks, '>', 5, "$blocks blocks were sealed meanwhile");
$db->sql('CALL residency.seal_changes()');
is($db->sql('SELECT count(*) FROM ledger.change c WHERE NOT EXISTS (SELECT FROM ledger.sealed s WHERE (s.change_id, s.changed_at) = (c.change_id, c.changed_at))'), 0, 'everything is sealed in the end');
is($db->sql('SELECT topic, finding FROM residency.check()'), $before, 'all is well');

done_testing();
