# 020_upgrade.pl: after every release three databases are equal: made anew, updated from any release, restored from a dump.
# Equal: the members of the extension, what pg_dump says of the schema, and the rows of every table.
use strict;
use warnings;
use Residency;
use File::Temp 'tempdir';
use Test::More;

my $data = Residency::file_text('test/t/lib/data.sql');
my $dir = tempdir(CLEANUP => 1);
my ($version) = Residency::file_text('residency.control') =~ /^default_version = '(.*)'/m;
my @releases = sort map { m{residency--(.*)\.sql$} } glob 'sql/released/residency--*.sql';

# What the DBA does after an update: migrate(), and by hand what cannot run in a transaction.
sub bring_in_step
{
	my ($db) = @_;

	for (1 .. 100)
	{
		$db->sql('CALL residency.migrate()');
		my ($step, $kind) = split /\|/, $db->sql('SELECT step, kind FROM residency.pending() LIMIT 1');
		return if !defined $step;
		die "migrate() stopped at $step" if $kind ne 'outside';
		$db->sql($db->sql("SELECT body FROM residency.migration_step WHERE name = '$step'"));
	}
	die 'pending() never gets empty';
}

# The rows, but for what differs by its nature: when a step was taken, and by which version.
sub rows_of
{
	my ($db) = @_;
	my @lines = grep { !/^ledger\.(applied_step|history|change\w*)\|/ } split /\n/, $db->contents;

	return join "\n", @lines, $db->sql('SELECT step, kind FROM ledger.applied_step ORDER BY step');
}

sub restored
{
	my ($db, $name) = @_;
	my $copy = database($name, bare => 1);

	open my $file, '>', "$dir/$name.sql" or die $!;
	print $file $db->dump;
	close $file;
	run_ok("$name: the dump goes in", 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $copy->{name}, '-f', "$dir/$name.sql");
	return $copy;
}

sub same
{
	my ($got, $expected, $name) = @_;

	return pass($name) if $got eq $expected;
	fail($name);
	my %line = map { $_ => 1 } split /\n/, $expected;
	my %other = map { $_ => 1 } split /\n/, $got;
	diag(map { "- $_\n" } grep { !$other{$_} } split /\n/, $expected);
	diag(map { "+ $_\n" } grep { !$line{$_} } split /\n/, $got);
}

sub equal
{
	my ($db, $fresh, $name) = @_;

	same($db->members, $fresh->members, "$name: the members are those of a new database");
	same($db->dump('-s'), $fresh->dump('-s'), "$name: so is the schema");
}

my $fresh = database('fresh');
bring_in_step($fresh);
my $seed = rows_of($fresh);
is($fresh->sql('SELECT residency.version()'), $version, 'the library says its version');
$fresh->sql($data);

my $restored = restored($fresh, 'restored');
equal($restored, $fresh, 'restored');
same($restored->contents, $fresh->contents, 'restored: so are the rows');
is($restored->sql('SELECT count(*) FROM residency.pending()'), 0, 'restored: nothing is pending');

# --- every release, updated to the version at hand
my $grid_of_parts = q{SELECT d.address, count(*), count(d.grid_id), min(g.grid_code) FROM registry.dwelling d LEFT JOIN registry.grid g USING (grid_id) GROUP BY 1 ORDER BY 1};
like($fresh->sql($grid_of_parts), qr/^测试房间\|2\|1\|\d+/m, 'a room has the grid of its house, where that has one');

for my $release (grep { $_ ne $version } @releases)
{
	my $suffix = $release =~ s/\./_/gr;
	my $old = database("old_$suffix", bare => 1);
	$old->sql("CREATE EXTENSION residency VERSION '$release' CASCADE");
	bring_in_step($old);
	$old->sql($data);
	my $contents = $old->contents;
	my $dump = restored($old, "restored_from_$suffix");

	my $steps = $old->sql('SELECT count(*) FROM ledger.applied_step');
	$old->sql('ALTER EXTENSION residency UPDATE');
	same($old->contents, $contents, "$release: the update touches no row");
	# new code meets old tables: it works, or says what is to be done
	my ($fine, $out, $err) = $old->try("INSERT INTO registry.person (name) VALUES ('测试乙')");
	ok($fine || $err =~ /residency\.migrate\(\)/, "$release: new code on old tables works, or asks for migrate()") or diag($err);
	$old->sql("DELETE FROM registry.person WHERE name = '测试乙'") if $fine;
	bring_in_step($old);
	equal($old, $fresh, "$release updated");
	same($old->sql($grid_of_parts), $fresh->sql($grid_of_parts), "$release updated: parts have the grid of their whole");
	is($old->sql('SELECT count(*) FROM residency.pending()'), 0, "$release updated: nothing is pending");
	is($old->sql(q{SELECT count(*) FROM registry.residence}), $fresh->sql('SELECT count(*) FROM registry.residence'), "$release updated: its registrations are there");
	cmp_ok($old->sql('SELECT count(*) FROM ledger.applied_step'), '>=', $steps, "$release updated: its ledger is");

	# without data of the site: the dictionaries are those of a new database
	my $empty = database("old_empty_$suffix", bare => 1);
	$empty->sql("CREATE EXTENSION residency VERSION '$release' CASCADE");
	bring_in_step($empty);
	$empty->sql('ALTER EXTENSION residency UPDATE');
	bring_in_step($empty);
	same(rows_of($empty), $seed, "$release updated: the dictionaries are those of a new database");

	# a dump that the release made: restored, the code is new and the tables are old
	bring_in_step($dump);
	equal($dump, $fresh, "$release dumped, restored and migrated");
	same($dump->sql($grid_of_parts), $fresh->sql($grid_of_parts), "$release restored: parts have the grid of their whole");
	is($dump->sql('SELECT count(*) FROM registry.residence'), $fresh->sql('SELECT count(*) FROM registry.residence'), "$release restored: its registrations are there");
}

# --- released steps are frozen
my %sum = map { my ($sum, $step) = split; $step => $sum } split /\n/, `sh sql/assemble.sh sums`;
for my $release (@releases)
{
	my @lines = split /\n/, Residency::file_text("sql/released/$release.sums");
	my @changed = grep { my ($sum, $step) = split; $step =~ /^schema/ && ($sum{$step} // '') ne $sum } @lines;
	ok(@lines > 0, "$release: its steps are known");
	is("@changed", '', "$release: none of its schema steps has changed since");
}

done_testing();
