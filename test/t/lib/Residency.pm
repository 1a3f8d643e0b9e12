# Residency.pm: what the TAP tests share. They run inside a throwaway cluster (test/cluster.sh, which sets PGHOST);
# each database is made for its test and gone with it.
package Residency;

use strict;
use warnings;
use Exporter 'import';
use File::Temp;
use IPC::Run qw(run start finish);
use Test::More;

our @EXPORT = qw(database run_ok file_text);

$SIG{$_} = sub { exit 130 } for qw(INT TERM HUP);

my @databases;

# A new database; with the extension unless told otherwise: database('name', bare => 1, owner => 'role').
sub database
{
	my ($name, %option) = @_;
	my $self = bless { name => "${name}_$$" }, __PACKAGE__;
	my $owner = $option{owner} ? "OWNER $option{owner}" : '';

	push @databases, $self;
	bless({ name => 'postgres' }, __PACKAGE__)->sql("CREATE DATABASE $self->{name} TEMPLATE template0 $owner");
	$self->sql('CREATE EXTENSION residency CASCADE') unless $option{bare};
	return $self;
}

# psql, without anybody's settings, stopping at the first error
sub command
{
	my ($self) = @_;
	my $host = $self->{host} // $ENV{PGHOST};
	my @role = $self->{role} ? ('-U', $self->{role}) : ();

	return ('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-h', $host, @role, '-d', $self->{name}, '-f', '-');
}

# The same database, seen by another role or through another socket.
sub as { my ($self, %other) = @_; return bless { %$self, %other }, __PACKAGE__; }

# Runs SQL; answers whether it went well, what it gave, and what was said.
sub try
{
	my ($self, $sql) = @_;
	my ($out, $err) = ('', '');
	my $fine = run([$self->command], '<', \$sql, '>', \$out, '2>', \$err);

	chomp($out, $err);
	return ($fine, $out, $err);
}

# Runs SQL that must not fail; answers what it gave.
sub sql
{
	my ($self, $sql) = @_;
	my ($fine, $out, $err) = $self->try($sql);

	die "$err\n in: " . substr($sql, 0, 300) unless $fine;
	return $out;
}

# Starts SQL and leaves it running.
sub start_sql
{
	my ($self, $sql) = @_;
	my $job = bless { map { $_ => File::Temp->new } qw(in out err) }, 'Residency::Job';

	binmode $job->{in}, ':raw';
	print { $job->{in} } $sql;
	close $job->{in};
	# from files: a pipe would be fed while somebody waits only
	$job->{harness} = start([$self->command], map { ($_->[0], $job->{ $_->[1] }->filename) } ['<', 'in'], ['>', 'out'], ['2>', 'err']);
	return $job;
}

# Waits for it; answers whether it went well.
sub Residency::Job::finish { my ($job) = @_; return finish($job->{harness}); }

# What it gave, and what was said.
sub Residency::Job::out { my ($job) = @_; return file_text($job->{out}->filename); }
sub Residency::Job::err { my ($job) = @_; return file_text($job->{err}->filename); }

# Asks until the answer is true.
sub wait_until
{
	my ($self, $query, $seconds) = @_;

	for (1 .. 20 * ($seconds // 30))
	{
		my ($fine, $answer) = $self->try($query);
		return 1 if $fine && $answer eq 't';
		select undef, undef, undef, 0.05;
	}
	return 0;
}

# pg_dump into a file, or as text.
sub dump
{
	my ($self, @options) = @_;
	my ($out, $err) = ('', '');

	run(['pg_dump', '-h', $self->{host} // $ENV{PGHOST}, @options, $self->{name}], '>', \$out, '2>', \$err)
		or die "pg_dump: $err";
	# newer releases put a key of their own into each dump
	$out =~ s/^\\(un)?restrict .*\n//mg;
	return $out;
}

# A fingerprint of the members: whatever the extension made, in words, without what only this database knows.
sub members
{
	my ($self) = @_;

	return $self->sql(file_text('test/t/lib/members.sql'));
}

# name, rows, checksum of every table of the database's own
sub contents
{
	my ($self) = @_;

	return $self->sql(<<~'SQL');
		SELECT format('SELECT %L, count(*), md5(string_agg(md5(t::text), '''' ORDER BY md5(t::text) COLLATE "C")) FROM %s t;', c.oid::regclass, c.oid::regclass)
		FROM pg_class c
		WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
		  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
		ORDER BY c.oid::regclass::text COLLATE "C"
		\gexec
		SQL
}

# Runs a command that must not fail, as one test.
sub run_ok
{
	my ($name, @command) = @_;
	my ($out, $err) = ('', '');
	my $fine = ok(run(\@command, '>', \$out, '2>', \$err), $name);

	diag($err) unless $fine;
	return $out;
}

sub file_text
{
	my ($path) = @_;

	open my $file, '<', $path or die "$path: $!";
	local $/;
	return scalar <$file>;
}

END
{
	my $status = $?;
	bless({ name => 'postgres' }, __PACKAGE__)->try("DROP DATABASE IF EXISTS $_->{name} WITH (FORCE)") for @databases;
	$? = $status;
}

1;
