#!/usr/bin/perl
# variant.pl: writes src/core/variant_table.h, what residency_address_fold() makes of each character.
#   perl src/source/variant.pl >src/core/variant_table.h
# Input: Debian's package unicode-data (Unihan_Variants and Unihan_OtherMappings, Unicode 15, licence Unicode-3.0)
# and Perl's own tables of Unicode. Neither is needed to build the extension.
use strict;
use warnings;
use utf8;
use Unicode::Normalize qw(NFKC NFD);
binmode STDOUT, ':utf8';

use constant { ITSELF => 0, NOISE => 1, BLANK => 2 };
use constant BLOCK => 32;

sub unihan {
    my ($file, $field) = @_;
    my %value;
    open my $in, '-|', "bzcat /usr/share/unicode/$file.txt.bz2" or die;
    while (my $line = <$in>) {
        $value{hex $1} = $2 if $line =~ /^U\+([0-9A-F]+)\t$field\t(.*)/;
    }
    return \%value;
}

# The characters of the Table of General Standard Chinese Characters (通用规范汉字表, 2013) are correct as they are:
# 乾 of 乾县, 於 of 於潜, 徵, 著, 瞭 must stay, whatever they are the traditional form of elsewhere.
my $standard = unihan('Unihan_OtherMappings', 'kTGH');
my @variants = map { unihan('Unihan_Variants', $_) } qw(kSimplifiedVariant kSemanticVariant kZVariant);

# Unihan names several, or none, or one that no address means.
my %by_hand = (
    '鍾' => '钟',    # 鍾村; 锺 is a surname only
    '餘' => '余',    # 餘杭; 馀 is literary
    '邨' => '村',    # 新邨: the same word
    '衖' => '弄', '閎' => '闳', '裏' => '里', '裡' => '里', '衆' => '众',
    '臺' => '台', '颱' => '台', '檯' => '台',
    '○' => '〇', '◯' => '〇', '⚪' => '〇',    # as people write 二○一室
    # in names of places that are written so today
    map({ $_ => $_ } qw(碁 砦 濛 甽 瀂 塚 蔴 乾)),
    '発' => '发', '駅' => '站', '號' => '号', '樓' => '楼', '層' => '层', '棟' => '栋', '橦' => '幢',
    '後' => '后', '鄕' => '乡', '鎭' => '镇', '黃' => '黄', '峯' => '峰', '滙' => '汇', '淸' => '清', '靑' => '青',
    '甯' => '宁', '㙟' => '垌', '呉' => '吴', '戸' => '户', '戶' => '户', '戸' => '户', '麽' => '么',
);

my %brackets = (map({ $_ => '(' } split //, '({[<【〈《「『〔〖﹙﹛﹝“｛［＜（〚〘'), map({ $_ => ')' } split //, ')}]>】〉》」』〕〗﹚﹜﹞”｝］＞）〛〙'));
my %dashes = map { $_ => '-' } split //, "-_~ー－—―‐‑‒–─━﹣−＿～〜﹘～~";
my %separators = map { $_ => ',' } split //, ",，、;；:：。｡､/／\\＼|｜!！?？\x{FE10}\x{FE11}\x{FE12}\x{FE13}\x{FE14}";

sub simplified {
    my ($c) = @_;
    return ord $by_hand{chr $c} if exists $by_hand{chr $c};
    return $c if exists $standard->{$c};
    for my $variant (@variants) {
        my %to = map { hex($_) => 1 } ($variant->{$c} // '') =~ /U\+([0-9A-F]+)/g;
        next if $to{$c};
        # 鷄 is another 雞, and that is 鸡
        $to{$_} = 1 for map { ($variants[0]{$_} // '') =~ /^U\+([0-9A-F]+)$/ ? hex $1 : () } keys %to;
        my @to = grep { $standard->{$_} && $_ < 0x10000 } sort { $a <=> $b } keys %to;
        return $to[0] if @to == 1 || (@to && $variant == $variants[0]);
    }
    return $c;
}

# What a character becomes must stay as it is: fold until it does.
sub settled {
    my ($c) = @_;
    my $to = folded($c);
    return $to <= BLANK || $to == $c ? $to : settled($to);
}

sub folded {
    my ($c) = @_;
    return NOISE if ($c < 0x20 && ($c < 9 || $c > 13)) || ($c >= 0xD800 && $c < 0xF900);
    my $s = chr $c;
    for my $class (\%brackets, \%dashes, \%separators) {
        return ord $class->{$s} if exists $class->{$s};
    }
    return simplified($c) if exists $by_hand{$s};
    my $plain = NFKC($s);
    $plain = $s if length $plain != 1 || ord $plain > 0xFFFF;
    return ord '#' if $plain eq '#';
    return BLANK if $plain =~ /^\s$/ || $s =~ /^\s$/;
    $plain = substr(NFD($plain), 0, 1) if $plain =~ /\p{Latin}/;
    my $capital = uc $plain;
    $plain = $capital if length $capital == 1;
    return simplified(ord $plain) if $plain =~ /^[\p{L}\p{Nd}\p{Nl}]$/;
    # blanks keep two numbers apart, what has no width does not
    return $plain =~ /^[\p{P}\p{S}\p{No}\p{Z}]$/ ? BLANK : NOISE;
}

my (@page, @block, %seen);
for (my $from = 0; $from < 0x10000; $from += BLOCK) {
    my @block_of = map { my $to = settled($_); $to == $_ ? ITSELF : $to } $from .. $from + BLOCK - 1;
    my $key = join ',', @block_of;
    push @block, \@block_of unless exists $seen{$key};
    $seen{$key} //= $#block;
    push @page, $seen{$key};
}

sub rows {
    my ($per_line, @numbers) = @_;
    my @lines;
    push @lines, "\t" . join(', ', splice @numbers, 0, $per_line) while @numbers;
    return join(",\n", @lines);
}

print <<"END";
/*
 * variant_table.h
 *	  What folding makes of a character below U+10000.
 *
 * Made by src/source/variant.pl from Unihan (Unicode 15, licence Unicode-3.0); not to be edited.
 */
#ifndef RESIDENCY_CORE_VARIANT_TABLE_H
#define RESIDENCY_CORE_VARIANT_TABLE_H

#include <stdint.h>

/* What an entry says besides the character that it becomes. */
enum
{
	VARIANT_ITSELF = @{[ITSELF]},
	VARIANT_NOISE = @{[NOISE]},
	VARIANT_BLANK = @{[BLANK]}				/* noise that keeps two numbers apart */
};

#define VARIANT_BLOCK @{[BLOCK]}

/* The block of every @{[BLOCK]} characters. */
static const uint16_t variant_page[@{[scalar @page]}] = {
@{[rows(24, @page)]}
};

static const uint16_t variant_block[@{[scalar @block]}][VARIANT_BLOCK] = {
@{[join ",\n", map { "\t{" . join(', ', @$_) . '}' } @block]}
};

#endif							/* RESIDENCY_CORE_VARIANT_TABLE_H */
END
