#!/usr/bin/perl
# address_word.pl: writes src/core/address_word_table.h, the words of src/source/address_word.txt as a trie that is
# read from a word's last symbol backwards.  Run it from the project's root after each change of the words:
#     perl src/source/address_word.pl >src/core/address_word_table.h
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));

my %root = (child => {});
my %class_of;
open my $words, '<', 'src/source/address_word.txt' or die "address_word.txt: $!\n";
while (<$words>) {
    next if /^\s*(#.*)?$/;
    my ($class, @word) = split;
    for my $word (@word) {
        # the first line that names a word gives its class
        next if $class_of{$word}++;
        my $node = \%root;
        $node = $node->{child}{$_} //= { child => {} } for reverse map { ord } split //, $word;
        $node->{class} = 'WORD_' . uc $class;
    }
}

# breadth first, so that the children of a node stand together; node 0 is no node
my @node = ({ symbol => 0, child => {} });
my @queue = (\%root);
while (my $parent = shift @queue) {
    my @symbol = sort { $a <=> $b } keys %{ $parent->{child} };
    $parent->{first} = @node;
    for my $symbol (@symbol) {
        my $child = $parent->{child}{$symbol};
        $child->{symbol} = $symbol;
        $child->{number} = @node;
        push @node, $child;
        push @queue, $child;
    }
}

# where the words that end in a symbol begin: pages of 64 symbols, the empty page shared
my (@page, @root);
push @root, [ (0) x 64 ];
for my $page (0 .. 1023) {
    my @entry = map { ($root{child}{$_} // { number => 0 })->{number} } $page * 64 .. $page * 64 + 63;
    if (grep { $_ } @entry) { $page[$page] = @root; push @root, \@entry; }
    else { $page[$page] = 0; }
}
die "too many pages\n" if @root > 256;

print <<'HEAD';
/*
 * address_word_table.h
 *	  The words of an address, read backwards.  Made by src/source/address_word.pl
 *	  of src/source/address_word.txt (this project's own, its licence): don't edit.
 */
HEAD
sub rows {
    my ($width, @value) = @_;
    while (my @row = splice @value, 0, $width) { print "\t", join(', ', @row), ",\n"; }
}
print "static const uint8_t word_page[1024] = {\n";
rows(32, @page);
printf "};\n\nstatic const uint16_t word_root[%d][64] = {\n", scalar @root;
for (@root) { print "\t{", join(', ', @$_), "},\n"; }
print "};\n\n/* symbol, class, how many children, the first of them */\nstatic const WordNode word_node[] = {\n";
rows(4, map { sprintf '{0x%04X, %s, %d, %d}', $_->{symbol}, $_->{class} // 'WORD_NONE', scalar keys %{ $_->{child} }, $_->{first} // 0 } @node);
print "};\n";
