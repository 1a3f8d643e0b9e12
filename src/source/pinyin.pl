#!/usr/bin/perl
# pinyin.pl: writes src/core/pinyin_table.h from the Unihan database.
#
#   apt-get install unicode-data
#   perl src/source/pinyin.pl > src/core/pinyin_table.h
#
# Which readings a character has: those of kTGHZ2013 (通用规范汉字字典); where there are none, of kXHC1983 (现代汉语词典)
# and kHanyuPinlu; else the first of kMandarin. In which order: by kHanyuPinlu's counts (现代汉语频率词典), then as
# kMandarin prefers, then as listed. kTGHZ2013 lists by the alphabet (无 mó before wú), and kMandarin alone is unusual
# for some (罗 luō): so neither decides by itself. At most three different syllables are kept.
# The words and surnames below are hand-made: what the frequency of single characters gets wrong in a register.
use strict;
use warnings;
use utf8;
use Unicode::Normalize qw(NFD NFC);
binmode STDOUT, ':encoding(UTF-8)';

my ($FROM, $TO, $MOST) = (0x3400, 0x9FFF, 3);
my $unihan = $ARGV[0] // '/usr/share/unicode/Unihan_Readings.txt.bz2';

# In addresses and names these are usual; everywhere else the words decide.
my %usual = map { NFC($_) } qw(长 cháng 曾 zēng 地 dì 都 dū 行 háng 兴 xīng 圩 xū 埔 pǔ 少 shào 得 dé 为 wéi 只 zhī 泊 bó 卜 bǔ 尽 jìn
	藏 zàng);

# Words: place names and what stands in addresses. Each tells how a character reads beside its neighbour.
my @words = map { [split /:/] } split /\s+/, <<'WORDS' =~ s/^\s+|\s+$//gr;
重庆:chóng,qìng 重阳:chóng,yáng 九重:jiǔ,chóng 重华:chóng,huá 厦门:xià,mén 六安:lù,ān 六合:lù,hé
台州:tāi,zhōu 天台:tiān,tāi 番禺:pān,yú 蚌埠:bèng,bù 乐清:yuè,qīng 乐亭:lào,tíng 乐陵:lào,líng
音乐:yīn,yuè 乐器:yuè,qì 丽水:lí,shuǐ 长老:zhǎng,lǎo 村长:cūn,zhǎng 校长:xiào,zhǎng 长官:zhǎng,guān
长者:zhǎng,zhě 长子:zhǎng,zǐ 东阿:dōng,ē 阿房:ē,páng 铅山:yán,shān 会稽:kuài,jī 洪洞:hóng,tóng
繁峙:fán,shì 大埔:dà,bù 涡阳:guō,yáng 浚县:xùn,xiàn 单县:shàn,xiàn
任丘:rén,qiū 任县:rén,xiàn 任城:rén,chéng 莘庄:xīn,zhuāng 尉犁:yù,lí 华山:huà,shān 解州:xiè,zhōu
燕山:yān,shān 燕京:yān,jīng 燕郊:yān,jiāo 燕赵:yān,zhào 柏林:bó,lín 什邡:shí,fāng 枞阳:zōng,yáng
监利:jiàn,lì 泌阳:bì,yáng 中牟:zhōng,mù 牟平:mù,píng 曲江:qǔ,jiāng 曲靖:qǔ,jìng 令狐:líng,hú
龟兹:qiū,cí 大宛:dà,yuān 可汗:kè,hán 会计:kuài,jì 行政:xíng,zhèng 行人:xíng,rén
步行:bù,xíng 自行:zì,xíng 飞行:fēi,xíng 旅行:lǚ,xíng 行知:xíng,zhī 人行:rén,xíng 发行:fā,xíng
都是:dōu,shì 高兴:gāo,xìng 兴趣:xìng,qù 宿舍:sù,shè 农舍:nóng,shè 校舍:xiào,shè 铺路:pū,lù
空调:kōng,tiáo 调剂:tiáo,jì 传记:zhuàn,jì 石头:shí,tou 藏龙:cáng,lóng 收藏:shōu,cáng 湖泊:hú,pō
血泊:xuè,pō 万俟:mò,qí 尉迟:yù,chí 单于:chán,yú 长孙:zhǎng,sūn 澹台:tán,tái 吐谷:tǔ,yù
WORDS

# Surnames that read otherwise than the character does elsewhere, or that frequency gets wrong.
my %surname = qw(单 shàn 仇 qiú 解 xiè 任 rén 区 ōu 查 zhā 盖 gě 华 huà 覃 qín 朴 piáo 繁 pó 缪 miào 乐 yuè 员 yùn
	贠 yùn 召 shào 纪 jǐ 种 chóng 黑 hè 秘 bì 折 shé 燕 yān 訾 zī 宁 nìng 句 gōu 那 nā 撒 sǎ 洗 xiǎn 葛 gě
	哈 hǎ 翟 zhái 占 zhān 能 nài 薄 bó 干 gān 过 guō 观 guàn 拓 tuò 行 xíng 於 yū 藏 zāng 六 lù 钭 tǒu
	肖 xiāo 要 yāo 会 guì 冠 guàn 相 xiàng 炅 guì 郇 xún 祭 zhài 乜 niè);
my %surnames = map { /(.*):(.*)/ } split /\s+/, '万俟:mò,qí 诸葛:zhū,gě 尉迟:yù,chí 澹台:tán,tái 令狐:líng,hú 长孙:zhǎng,sūn 子车:zǐ,jū 乐正:yuè,zhèng
	拓跋:tuò,bá 夹谷:jiá,gǔ 宰父:zǎi,fǔ 段干:duàn,gān 句龙:gōu,lóng 单于:chán,yú 吾丘:yú,qiū 纥干:hé,gān';

# "lǚ" as (lv, 3): typed with a v, the tone 1 to 5
my %mark = ("\x{304}" => 1, "\x{301}" => 2, "\x{30C}" => 3, "\x{300}" => 4);

sub syllable
{
	my ($toned) = @_;
	my ($plain, $tone) = ('', 5);

	for (split //, NFD($toned))
	{
		if ($mark{$_}) { $tone = $mark{$_} }
		elsif ($_ eq "\x{308}") { $plain =~ s/u$/v/ }
		elsif ($_ eq "\x{302}") { return }
		else { $plain .= $_ }
	}
	# interjections (欸 ê̄, 嗯 ńg, 呣 m̀) are no syllables that anybody types
	return if $plain !~ /^[a-z]+$/ || $plain !~ /[aeiouv]/;
	return ($plain, $tone);
}

my (%field, %reading);
open my $in, '-|', 'bzcat', $unihan or die "bzcat: $!";
binmode $in, ':encoding(UTF-8)';
while (<$in>)
{
	next unless /^U\+([0-9A-F]+)\t(kTGHZ2013|kHanyuPinlu|kXHC1983|kMandarin)\t(.*)/;
	my ($code, $name, $value) = (hex $1, $2, $3);
	for (split / /, $value)
	{
		my $read = $_;
		my $count = 0;
		$count = $1 if $read =~ s/\((\d+)\)$//;
		$read =~ s/^.*://;
		push @{ $field{$code}{$name} }, [NFC($read), $count];
	}
}

for my $code (keys %field)
{
	my %of = %{ $field{$code} };
	my $known = $of{kTGHZ2013} // [@{ $of{kXHC1983} // [] }, @{ $of{kHanyuPinlu} // [] }];
	$known = $of{kMandarin} if !@{ $known // [] };
	next unless $known;
	next if $code > 0xFFFF && !$of{kTGHZ2013};
	my %count = map { @$_ } @{ $of{kHanyuPinlu} // [] };
	my $mandarin = ($of{kMandarin} // [['']])->[0][0];
	my $n = 0;
	my %place = map { $_->[0] => $n++ } @$known;
	my @order = sort { ($count{$b} // 0) <=> ($count{$a} // 0) || ($b eq $mandarin) <=> ($a eq $mandarin) || $place{$a} <=> $place{$b} }
		keys %place;
	my $usual = $usual{ chr $code };
	if (defined $usual)
	{
		die 'needless: ' . chr $code if $order[0] eq $usual;
		@order = ($usual, grep { $_ ne $usual } @order);
	}
	# of readings that differ in tone alone the first is kept; a surname's is kept whatever comes before it
	my $extra = $surname{ chr $code };
	my (%seen, @kept);
	for ($order[0], ($extra ? $extra : ()), @order)
	{
		my ($plain) = syllable($_) or next;
		push @kept, $_ unless $seen{$plain}++;
	}
	splice @kept, $MOST if @kept > $MOST;
	$reading{$code} = \@kept if @kept;
}

# a numeral that Unihan has no reading of (八五〇农场)
$reading{0x3007} = ['líng'];

my %number;
for (map { @$_ } values %reading) { my ($plain) = syllable($_); $number{$plain} = 0 }
my @syllables = sort keys %number;
@number{@syllables} = 1 .. @syllables;

# syllable and tone in one number
sub packed { my ($plain, $tone) = syllable($_[0]); die "no syllable: $_[0]" unless defined $plain && $number{$plain}; return $number{$plain} * 8 + $tone }

# items as lines of so many
sub list
{
	my ($width, @items) = @_;
	my $lines = '';

	while (@items) { $lines .= "\t" . join(', ', splice @items, 0, $width) . (@items ? ",\n" : "\n") }
	return $lines;
}

# the declaration of an array of records
sub records
{
	my ($name, @fields) = @_;

	return join "\n", 'struct', '{', (map { "\t" . s/ /\t/r . ';' } @fields), "}\t\t\t$name\[]";
}

sub table
{
	my ($comment, $declaration, $width, @items) = @_;

	print "/* $comment */\nstatic const $declaration = {\n", list($width, @items), "};\n\n";
}

# the readings other than the first, after one another
my (@first, @more, @high);
for my $code (sort { $a <=> $b } keys %reading)
{
	my @r = map { packed($_) } @{ $reading{$code} };
	if ($code >= $FROM && $code <= $TO) { push @more, sprintf('{0x%04X, {%d, %d}}', $code, $r[1], $r[2] // 0) if @r > 1 }
	else { push @high, sprintf('{0x%05X, %d}', $code, $r[0]) }
}
@first = map { $reading{$_} ? packed($reading{$_}[0]) : 0 } $FROM .. $TO;

my %beside;
for (@words)
{
	my ($word, $read) = @$_;
	my @c = split //, $word;
	my @r = split /,/, $read;
	my $known = keys %beside;
	die "word $word" unless @c == @r;
	for my $i (0 .. $#c)
	{
		my $code = ord $c[$i];
		my $r = packed($r[$i]);
		next if $r == packed($reading{$code}[0]);
		my ($other, $after) = $i < $#c ? (ord $c[ $i + 1 ], 1) : (ord $c[ $i - 1 ], 0);
		$beside{ sprintf '0x%04X, 0x%04X, %d', $code, $other, $after } = $r;
	}
	die "needless: $word" if keys %beside == $known;
}
my @beside = map { "{$_, $beside{$_}}" } sort keys %beside;
my @surname = map { sprintf '{0x%04X, %d}', ord, packed($surname{$_}) }
	grep { packed($surname{$_}) != packed($reading{ ord $_ }[0]) } sort keys %surname;
my @surnames = map { sprintf '{{%s}, {%s}}', join(', ', map { sprintf '0x%04X', ord } split //), join(', ', map { packed($_) } split /,/, $surnames{$_}) }
	sort keys %surnames;

print <<"HEAD";
/*
 * pinyin_table.h
 *	  Readings of Chinese characters.  Generated by src/source/pinyin.pl: do not edit.
 *
 * From Unihan_Readings.txt of the Unicode Character Database 15.0.0 (kTGHZ2013,
 * kHanyuPinlu, kXHC1983, kMandarin); words and surnames are hand-made.
 * Copyright (c) 1991-2022 Unicode, Inc. All rights reserved.  Distributed under
 * the Terms of Use in https://www.unicode.org/copyright.html; the notice is in
 * LICENSE.  Selected, ordered and put in another form.
 *
 * A reading is the number of its syllable * 8 + the tone, 5 the neutral one; 0 is none.
 */
#ifndef RESIDENCY_CORE_PINYIN_TABLE_H
#define RESIDENCY_CORE_PINYIN_TABLE_H

#include <stdint.h>

/* The syllables without tones, by the alphabet, as they are typed: v stands for u umlaut.  The first is none. */
static const char syllables[][7] = {
	"",
HEAD
print list(12, map { "\"$_\"" } @syllables), "};\n\n";
printf "#define FIRST_CHARACTER 0x%X\n#define LAST_CHARACTER 0x%X\n\n", $FROM, $TO;
table('The most usual reading of every character from FIRST_CHARACTER to LAST_CHARACTER.', 'uint16_t readings[]', 20, @first);
table('Two more, where there are any; in order.', records('other_readings', 'uint16_t character', 'uint16_t reading[2]'), 4, @more);
table('Characters outside that range; in order.', records('far_readings', 'uint32_t character', 'uint16_t reading'), 6, @high);
table('How a character reads right before (1) or right behind (0) another; in order.',
	records('beside', 'uint16_t character', 'uint16_t other', 'uint8_t before', 'uint16_t reading'), 4, @beside);
table('How a surname reads, where that is not the usual reading; in order.', records('surnames', 'uint16_t character', 'uint16_t reading'), 6, @surname);
table('Surnames of two characters; in order.', records('double_surnames', 'uint16_t character[2]', 'uint16_t reading[2]'), 3, @surnames);
print "#endif\t\t\t\t\t\t\t/* RESIDENCY_CORE_PINYIN_TABLE_H */\n";
printf STDERR "%d syllables, %d characters, %d with more readings, %d by neighbours, %d surnames\n",
	scalar @syllables, scalar keys %reading, scalar @more, scalar @beside, @surname + @surnames;
