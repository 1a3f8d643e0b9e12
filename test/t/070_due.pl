# 070_due.pl: residency.run_due() in a cluster of its own: killed half-way and run again, run for a year in one go and month by
# month, always the same in the end; beside clerks; by pg_cron.
use strict;
use warnings;
use Residency;
use Test::More;

my $dir = "tmp/cluster.$$";    # the name by which cluster.sh knows whose it is
my $running = 0;

sub cluster { my (@what) = @_; my $out = `bash test/cluster.sh @what`; die "cluster.sh @what failed" if $?; return $out; }

$ENV{EXTRA_CONF} = "fsync = on\nshared_preload_libraries = 'pg_cron'\ncron.database_name = 'cron_$$'\ncron.use_background_workers = on\ncron.timezone = 'UTC'";
END { my $status = $?; cluster('stop', $dir) if $running; $? = $status; }
$running = 1;
my ($host) = cluster('start', $dir) =~ /PGHOST=(\S+)/;
$host =~ s/\\(.)/$1/g;
local $ENV{PGHOST} = $host;

# 6 000 permits whose anniversaries run through a year
my $permits = Residency::file_text('test/t/lib/permit.sql') =~ s/:permits/6000/gr;
my $state = q{SELECT md5(string_agg(concat_ws(' ', p.permit_id, p.state, p.last_sequence, p.suspended_on, e.event, e.happened_on, e.channel), ',' ORDER BY p.permit_id))
	FROM registry.permit p JOIN registry.permit_event e ON e.permit_id = p.permit_id AND e.sequence = p.last_sequence};
my $half_way = q{SELECT count(*) BETWEEN 1000 AND 5000 FROM registry.permit WHERE state::text = 'suspended'};

sub register { my ($name) = @_; my $db = database($name); $db->sql('CALL residency.migrate()'); $db->sql($permits); return $db; }

# --- in one go: the measure of the others
my $whole = register('whole');
$whole->sql(q{CALL residency.run_due('2026-11-05', 500)});
is($whole->sql(q{SELECT count(*) FROM registry.permit WHERE state::text = 'suspended'}), 6000, 'a year in one go');
is($whole->sql(q{SELECT count(*) FROM registry.permit_event e JOIN registry.permit p USING (permit_id)
	WHERE e.event = 'suspend' AND e.happened_on IS DISTINCT FROM registry.endorse_by(p.endorsed_until, p.division) + 1}), 0, '... each on its own day');
my $end = $whole->sql($state);
$whole->sql(q{CALL residency.run_due('2026-11-05', 500)});
is($whole->sql($state), $end, '... and once');
is($whole->sql(q{SELECT string_agg(task || ' ' || done, ', ' ORDER BY task) FROM ledger.last_due_run}),
	'due_acceptances 0, due_access_months 0, due_alerts 0, due_blocks 0, due_boundaries 0, due_change_months 0, due_closings 0, due_estates 0, due_lapses 0, due_overdue_visits 0, due_presence 0, due_purges 0, due_read_months 0, due_roads 0, due_suspensions 0, due_visits 0', 'the last run is on record');

# --- month by month
my $monthly = register('monthly');
$monthly->sql("CALL residency.run_due('$_', 500)") for map { sprintf '%d-%02d-28', $_ > 12 ? 2026 : 2025, ($_ - 1) % 12 + 1 } 10 .. 22;
$monthly->sql(q{CALL residency.run_due('2026-11-05', 500)});
is($monthly->sql($state), $end, 'month by month it comes to the same');

# --- killed half-way
my $killed = register('killed');
my $job = $killed->start_sql(q{CALL residency.run_due('2026-11-05', 100)});
ok($killed->wait_until($half_way), 'a run is half-way');
like($killed->sql('SELECT task, done > 0 FROM ledger.due_progress'), qr/^due_suspensions\|t$/, 'and shows how far it is');
cluster('crash', $dir);
ok(!$job->finish, 'the server is killed');
cluster('restart', $dir);
is($killed->sql($half_way), 't', 'what it had done is there');
is($killed->sql('SELECT count(*) FROM registry.permit p JOIN registry.permit_event e ON e.permit_id = p.permit_id AND e.sequence = p.last_sequence WHERE e.to_state::text <> p.state::text'), 0,
	'and nothing half');
$killed->sql(q{CALL residency.run_due('2026-11-05', 500)});
is($killed->sql($state), $end, 'run again, it comes to the same');

# --- beside a clerk, who is not made to wait, and whose permit waits for the next run
my $beside = register('beside');
my $clerk = $beside->start_sql(q{BEGIN; SELECT FROM registry.permit WHERE permit_id = (SELECT min(permit_id) FROM registry.permit) FOR UPDATE; SELECT pg_sleep(600); COMMIT;});
ok($beside->wait_until("SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), 'a clerk holds a permit');
$beside->sql(q{SET lock_timeout = '10s'; CALL residency.run_due('2026-11-05', 1000)});
is($beside->sql(q{SELECT count(*) FROM registry.permit WHERE state::text = 'valid'}), 1, 'the run passes by it');
$beside->sql(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'});
$clerk->finish;
$beside->sql(q{CALL residency.run_due('2026-11-05', 1000)});
is($beside->sql($state), $end, 'the next run takes it');

# --- what stops a task is told, the others are done
$beside->sql(q{DELETE FROM policy.test_case WHERE key = 'suspended_lapse'; DELETE FROM policy.setting WHERE key = 'suspended_lapse'});
my ($fine, $out, $err) = $beside->try(q{CALL residency.run_due('2026-11-05')});
ok(!$fine && $err =~ /could not all be done/ && $err =~ /due_lapses: RG090 no policy is set for this The key suspended_lapse/, 'a task that is stopped is named with its cause') or diag($err);
is($beside->sql(q{SELECT count(*) || ' but ' || string_agg(task, ' ') FILTER (WHERE error IS NOT NULL OR finished_at IS NULL) FROM ledger.last_due_run}), '16 but due_lapses', 'the others are done');
($fine, $out, $err) = $beside->try(q{BEGIN; CALL residency.run_due()});
ok(!$fine && $err =~ /cannot run inside a transaction block/, 'not inside a transaction block');
($fine, $out, $err) = $beside->try(q{CALL residency.run_due('2999-01-01')});
ok(!$fine && $err =~ /cannot run for 2999-01-01 before that day/, 'nor for a day to come');

# --- by pg_cron
SKIP: {
	my $cron = bless { name => "cron_$$" }, 'Residency';
	bless({ name => 'postgres' }, 'Residency')->sql("CREATE DATABASE cron_$$ TEMPLATE template0");
	$cron->sql('CREATE EXTENSION residency CASCADE');
	$cron->sql('CALL residency.migrate()');
	$cron->sql($permits);
	($fine, $out, $err) = $cron->try('CREATE EXTENSION pg_cron');
	skip 'pg_cron is not there', 2 unless $fine;
	# every minute here; the documentation says at five past midnight in China
	$cron->sql(q{SELECT cron.schedule('due', '* * * * *', 'CALL residency.run_due(''2026-11-05'')')});
	ok($cron->wait_until(q{SELECT count(*) > 0 FROM cron.job_run_details WHERE status = 'succeeded'}, 150), 'pg_cron runs it')
		or diag($cron->sql('SELECT status, return_message FROM cron.job_run_details'));
	is($cron->sql($state), $end, '... to the same end');
	$cron->sql(q{SELECT cron.unschedule('due')});
}

done_testing();
