# 080_seal.pl: sealed blocks with clients that commit when they like: nothing is skipped; two seal at once; proofs are checked without the
# database; a dump restored elsewhere, and pg_upgrade, keep the seal.
# The cluster is the test's own, and so are those that take its data over.
use strict;
use warnings;
use Residency;
use File::Temp 'tempdir';
use IPC::Run 'run';
use Test::More;

my $dir = "tmp/cluster.$$";    # the name by which cluster.sh knows whose it is
my %running;

sub cluster { my (@what) = @_; my $out = `bash test/cluster.sh @what`; die "cluster.sh @what failed" if $?; return $out; }

sub start_cluster
{
	my ($place) = @_;

	$running{$place} = 1;
	my ($host) = cluster('start', $place) =~ /PGHOST=(\S+)/;
	return $host =~ s/\\(.)/$1/gr;
}

END { my $status = $?; cluster('stop', $_) for keys %running; $? = $status; }
my $old_host = start_cluster($dir);
local $ENV{PGHOST} = $old_host;
my $scratch = tempdir(CLEANUP => 1);

my $db = database('seal');
$db->sql('CALL residency.migrate()');
# whatever migrate() itself has left to seal
$db->sql('CALL residency.seal_changes()');
$db->sql(q{UPDATE policy.setting SET value = '100' WHERE key = 'seal_block_size'});

sub change
{
	my ($note, $rows) = @_;
	$rows //= 1;
	return qq{INSERT INTO ledger.change (changed_at, transaction, cluster_id, table_name, key, operation, image, salt)
		SELECT clock_timestamp(), pg_current_xact_id(), residency.cluster_id(), 'registry.test', jsonb_build_object('note', '$note', 'n', n), 'I', jsonb_build_object('note', '$note'), gen_random_uuid() FROM generate_series(1, $rows) n;\n};
}

sub sealed { my ($note) = @_; return $db->sql(qq{SELECT count(*) FROM ledger.change c JOIN ledger.sealed s USING (change_id, changed_at) WHERE c.key ->> 'note' = '$note'}); }
sub findings { my ($of) = @_; return $of->sql(q{SELECT * FROM residency.verify_ledger()}); }

# --- a transaction that takes long: whoever began later waits with it
my $slow = $db->start_sql('BEGIN;' . change('slow', 10) . 'SELECT pg_sleep(600); COMMIT;');
ok($db->wait_until("SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), 'somebody takes long');
$db->sql(change('quick', 250));
$db->sql('CALL residency.seal_changes()');
is(sealed('quick'), 0, 'what may still be preceded is not sealed');
is(findings($db), '', '... which is no finding');
is($db->sql(q{SELECT waiting >= 250 FROM residency.seal_summary()}), 't', '... but waits');
$db->sql(q{SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'});
$slow->finish;
$db->sql('BEGIN;' . change('undone', 5) . 'ROLLBACK');
$db->sql('CALL residency.seal_changes()');
is(sealed('quick'), 250, 'sealed when nobody is before it any more');
is(findings($db), '', 'all is well');

# --- a prepared transaction is at work as well
$db->sql('BEGIN;' . change('prepared', 3) . q{PREPARE TRANSACTION 'seal'});
$db->sql(change('after', 3));
$db->sql('CALL residency.seal_changes()');
is(sealed('after'), 0, 'a prepared transaction is waited for');
$db->sql(q{COMMIT PREPARED 'seal'});
$db->sql('CALL residency.seal_changes()');
is(sealed('prepared') + sealed('after'), 6, '... until it ends');

# --- writers and two who seal
my @writer = map { $db->start_sql(change("writer $_") x 300) } 1 .. 3;
my @sealer = map { $db->start_sql("CALL residency.seal_changes(50);\n" x 40) } 1 .. 2;
is(scalar(grep { !$_->finish } @writer, @sealer), 0, 'three write while two seal') or diag(map { $_->err } @writer, @sealer);
$db->sql('CALL residency.seal_changes()');
is($db->sql(q{SELECT count(*), count(s.change_id) FROM ledger.change c LEFT JOIN ledger.sealed s USING (change_id, changed_at) WHERE c.key ->> 'note' ~ '^writer'}), '900|900', 'each change is sealed once');
is(findings($db), '', 'all is well');

# --- by the nightly run
$db->sql(change('night', 150));
$db->sql('CALL residency.run_due()');
is(sealed('night'), 150, 'run_due() seals');

# --- proofs, checked by a program that knows no database
my $number = $db->sql('SELECT block_id FROM api.ledger_anchor()');
my $hash = $db->sql('SELECT block_hash FROM api.ledger_anchor()');
my $change = $db->sql(q{SELECT min(change_id) FROM ledger.change WHERE key ->> 'note' = 'quick'});
$db->sql(change('later', 120));
$db->sql('CALL residency.seal_changes()');
my ($later, $later_hash) = split /\|/, $db->sql('SELECT block_id, block_hash FROM api.ledger_anchor()');

sub file { my ($name, $text) = @_; open my $out, '>:raw', "$scratch/$name" or die $!; print $out $text; close $out; return "$scratch/$name"; }
sub says { my (@arguments) = @_; my $out = ''; run(['python3', 'docs/verify_proof.py', @arguments], '>', \$out, '2>', \my $err); return $out; }

SKIP:
{
	skip 'python3 is not there', 10 if system('python3 -c 1 2>/dev/null') != 0;
	my $proof = $db->sql("SELECT residency.inclusion_proof($change, $number)");
	like(says('inclusion', file('proof', $proof), $number, $hash), qr/^OK: change $change /, 'a change is proved to stand in the chain');
	# every place in a block that is not a power of two, with the last one
	my @wrong = grep { says('inclusion', file('proof', $db->sql("SELECT residency.inclusion_proof($_)")), $later, $later_hash) !~ /^OK/ }
		split /\n/, $db->sql("SELECT change_id FROM ledger.sealed WHERE block_id = (SELECT max(block_id) FROM ledger.block WHERE changes < 64) ORDER BY position");
	is("@wrong", '', 'from every place of a block');
	like(says('inclusion', file('proof', $proof =~ s/"registry.test"/"registry.person"/r), $number, $hash), qr/^WRONG: the change does not lead to the root/, 'not if it says something else');
	like(says('inclusion', file('proof', $proof =~ s/("position": )(\d+)/$1 . ($2 ^ 1)/er), $number, $hash), qr/^WRONG: the change does not lead to the root/, 'nor at another place');
	like(says('inclusion', file('proof', $proof), $number, $later_hash), qr/^WRONG: block $number is not the one of the anchor/, 'nor up to another anchor');
	like(says('inclusion', file('proof', '{}'), $number, $hash), qr/^WRONG: not readable as a proof/, 'nor is it anything');
	my $headers = file('headers', $db->sql("SELECT api.ledger_headers($number, $later)"));
	like(says('consistency', $headers, $number, $hash, $later, $later_hash), qr/^OK: the chain up to block $later extends/, 'a later chain extends an earlier one');
	like(says('consistency', $headers, $number, $later_hash, $later, $later_hash), qr/^WRONG: block $number is not the one of the anchor/, 'not one that was another');
	like(says('consistency', file('headers', $db->sql("SELECT api.ledger_headers($number, $later) #- '{0}'")), $number, $hash, $later, $later_hash), qr/^WRONG/, 'nor one with a block left out');
	my $altered = $db->sql("SELECT jsonb_set(api.ledger_headers($number, $later), '{0,6}', '\"2000-01-01T00:00:00.000000Z\"')");
	like(says('consistency', file('headers', $altered), $number, $hash, $later, $later_hash), qr/^WRONG: block \d+ does not follow block $number/, 'nor one with another header');
}

# --- dumped, with changes that wait, and restored into another cluster
$db->sql(change('waiting', 30));
$db->dump('-Fc', '-f', "$scratch/dump");
my $new_host = start_cluster("tmp/cluster.restored.$$");
{
	local $ENV{PGHOST} = $new_host;
	my $copy = $db->as(host => $new_host);
	bless({ name => 'postgres', host => $new_host }, 'Residency')->sql("CREATE DATABASE $db->{name} TEMPLATE template0");
	run_ok('the dump goes into another cluster', 'pg_restore', '-h', $new_host, '--exit-on-error', '-d', $db->{name}, "$scratch/dump");
	isnt($copy->sql('SELECT residency.cluster_id()'), $db->as(host => $old_host)->sql('SELECT residency.cluster_id()'), 'which it is');
	is(findings($copy), '', 'the seal holds');
	is($copy->sql("SELECT * FROM residency.verify_anchor($later, '$later_hash')"), '', '... up to the anchor');
	$copy->sql(change('new home', 7));
	is(findings($copy), '', 'changes that wait are no finding, in whichever cluster they were written');
	$copy->sql('CALL residency.seal_changes()');
	is($copy->sql(q{SELECT count(*) FROM ledger.change c JOIN ledger.sealed s USING (change_id, changed_at) WHERE c.key ->> 'note' IN ('waiting', 'new home')}), 37, 'both are sealed');
	is(findings($copy), '', 'all is well');
	is($copy->sql("SELECT * FROM residency.verify_anchor($later, '$later_hash')"), '', 'the chain goes on from the anchor');
	$copy->sql(q{SET session_replication_role = replica; UPDATE ledger.change SET actor = 'x' WHERE key ->> 'note' = 'waiting' AND key ->> 'n' = '7'});
	like(findings($copy), qr/^\d+\|\d+\|changed\|it is not what was sealed$/, 'and tampering is found');
}

# --- pg_upgrade: the same transactions, another cluster
$db->sql('CALL residency.run_due()');
my $identity = $db->sql('SELECT residency.cluster_id(), count(*) FROM ledger.change');
my $upgraded_host = start_cluster("tmp/cluster.upgraded.$$");
cluster('halt', $dir);
cluster('halt', "tmp/cluster.upgraded.$$");
run_ok('pg_upgrade', 'bash', 'test/cluster.sh', 'upgrade', $dir, "tmp/cluster.upgraded.$$");
cluster('restart', "tmp/cluster.upgraded.$$");
$ENV{PGHOST} = $upgraded_host;
my $upgraded = $db->as(host => $upgraded_host);
isnt($upgraded->sql('SELECT residency.cluster_id(), count(*) FROM ledger.change'), $identity, 'another cluster');
is(findings($upgraded), '', 'the seal holds');
$upgraded->sql(change('upgraded', 12));
$upgraded->sql('CALL residency.seal_changes()');
is($upgraded->sql(q{SELECT count(*) FROM ledger.change c LEFT JOIN ledger.sealed s USING (change_id, changed_at) WHERE s.change_id IS NULL}), 0, 'everything is sealed');
is(findings($upgraded), '', 'all is well');
is($upgraded->sql("SELECT * FROM residency.verify_anchor($later, '$later_hash')"), '', 'the chain goes on from the anchor');

done_testing();
