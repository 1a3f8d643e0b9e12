# 060_error_coverage.pl: every refusal that the register can utter has been uttered in a test.
# Uttered: the code, or the English message, stands in a file under expected/. Covered are the codes of code.error,
# the errmsg() of the C sources and the RAISE EXCEPTION of the SQL; elog() is for what can't happen.
use strict;
use warnings;
use Residency;
use Test::More;

my $expected = join "\n", map { Residency::file_text($_) } sort glob 'expected/*.out';

# A text with places to be filled in, as a pattern.
sub pattern
{
	my ($text, $place) = @_;
	my @fixed = split /$place/, $text, -1;

	return join '.*?', map { quotemeta } @fixed;
}

my $db = database('coverage');
$db->sql('CALL residency.migrate()');
my @codes = map { [split /\|/, $_, 2] } split /\n/, $db->sql('SELECT code, message FROM code.error ORDER BY code');
my %said;
$said{ $_->[1] }++ for @codes;
cmp_ok(scalar @codes, '>', 10, 'there is a catalogue');
for (@codes)
{
	my ($code, $message) = @$_;
	ok($expected =~ /\b$code\b/ || ($said{$message} == 1 && $expected =~ /(ERROR|caught): +\Q$message\E/), "$code: $message");
}

for my $file (sort glob 'src/*.c src/*/*.c')
{
	my $source = Residency::file_text($file) =~ s{/\*.*?\*/}{}gsr;
	while ($source =~ /\berrmsg\(((?:\s*"(?:[^"\\]|\\.)*")+)/g)
	{
		my $text = join '', $1 =~ /"((?:[^"\\]|\\.)*)"/g;
		$text =~ s/\\"/"/g;
		my $like = pattern($text, qr/%(?:\d+\$)?[-.\d*l]*[a-zA-Z]/);
		ok($expected =~ /$like/, "$file: $text");
	}
}

for my $file (sort glob 'sql/*/*.sql')
{
	next if $file =~ m{^sql/(released|upgrade)/};
	my $source = Residency::file_text($file) =~ s/^\s*--.*$//mgr;
	while ($source =~ /\bRAISE\s+(?:EXCEPTION\s+)?'((?:[^']|'')*)'/g)
	{
		my $text = $1 =~ s/''/'/gr;
		my $like = pattern($text, qr/%/);
		ok($expected =~ /$like/, "$file: $text");
	}
	while ($source =~ /\bMESSAGE\s*=\s*'((?:[^']|'')*)'/g)
	{
		my $text = $1 =~ s/''/'/gr;
		ok($expected =~ /\Q$text\E/, "$file: $text");
	}
}

done_testing();
