/*
 * address_word.c
 *	  The words by which the pieces of an address are known: 路, 号楼, 小区, 旁.
 */
#include "core/address_word.h"

/* A symbol of the trie; read backwards, the last symbol of a word first. */
typedef struct WordNode
{
	uint16_t	symbol;
	uint8_t		class;			/* of the word that begins here; WORD_NONE: none does */
	uint8_t		children;
	uint16_t	first;			/* child; the others follow in the order of their symbols */
} WordNode;

#include "core/address_word_table.h"

/* Walks from a root backwards. */
static __attribute__((noinline)) int
walk(const WordNode *node, const uint32_t *symbol, int start, int end, WordEnding ending[WORD_ENDINGS])
{
	int			count = 0;

	for (int at = end - 1;;)
	{
		const WordNode *child = &word_node[node->first];
		const WordNode *last = child + node->children;

		if (node->class != WORD_NONE)
		{
			/* longest first: the shortest of too many is forgotten */
			for (int i = count < WORD_ENDINGS ? count++ : WORD_ENDINGS - 1; i > 0; i--)
				ending[i] = ending[i - 1];
			ending[0] = (WordEnding){node->class, (uint8_t) (end - at)};
		}
		if (--at < start)
			return count;
		/* in order of their symbols */
		while (child < last && child->symbol < symbol[at])
			child++;
		if (child == last || child->symbol != symbol[at])
			return count;
		node = child;
	}
}

int
residency_address_words(const uint32_t *symbol, int start, int end, WordEnding ending[WORD_ENDINGS])
{
	uint32_t	last;
	const WordNode *node;

	if (end <= start)
		return 0;
	last = symbol[end - 1];
	if (last > 0xFFFF)
		return 0;
	/* most symbols end no word */
	node = &word_node[word_root[word_page[last >> 6]][last & 63]];
	return node->symbol == 0 ? 0 : walk(node, symbol, start, end, ending);
}

bool
residency_is_surname(uint32_t symbol)
{
	/* the family names of nine in ten people, and what begins the double ones; sorted */
	static const uint16_t surname[] = {
		L'丁', L'万', L'上', L'严', L'乔', L'于', L'仇', L'付', L'任', L'伍', L'位', L'何', L'余', L'侯', L'俞', L'倪',
		L'傅', L'兰', L'关', L'冉', L'冯', L'凌', L'刘', L'包', L'华', L'单', L'卜', L'卢', L'卫', L'史', L'叶', L'司',
		L'向', L'吕', L'吴', L'周', L'唐', L'喻', L'夏', L'姚', L'姜', L'孔', L'孙', L'孟', L'季', L'宁', L'安', L'宋',
		L'尉', L'尤', L'尹', L'屈', L'岳', L'崔', L'左', L'席', L'常', L'庄', L'庞', L'康', L'廖', L'张', L'强', L'彭',
		L'徐', L'慕', L'成', L'戴', L'房', L'文', L'方', L'施', L'时', L'易', L'曲', L'曹', L'曾', L'朱', L'李', L'杜',
		L'杨', L'林', L'柏', L'查', L'柯', L'柳', L'柴', L'桂', L'梁', L'梅', L'植', L'楼', L'樊', L'欧', L'武', L'段',
		L'殷', L'毕', L'毛', L'江', L'汤', L'汪', L'沈', L'洪', L'涂', L'温', L'游', L'潘', L'焦', L'熊', L'牛', L'牟',
		L'王', L'甄', L'甘', L'田', L'申', L'白', L'皇', L'盛', L'石', L'祁', L'祝', L'秦', L'程', L'章', L'童', L'管',
		L'纪', L'罗', L'翁', L'翟', L'耿', L'聂', L'肖', L'胡', L'舒', L'芦', L'苏', L'苗', L'范', L'莫', L'萧', L'葛',
		L'董', L'蒋', L'蓝', L'蔡', L'薛', L'袁', L'裴', L'覃', L'解', L'詹', L'许', L'诸', L'谢', L'谭', L'谷', L'费',
		L'贺', L'贾', L'赖', L'赵', L'辛', L'邓', L'邢', L'邱', L'邵', L'邹', L'郑', L'郝', L'郭', L'金', L'钟', L'钱',
		L'闫', L'闵', L'阎', L'阮', L'阳', L'陆', L'陈', L'陶', L'隋', L'雷', L'霍', L'靳', L'韦', L'韩', L'项', L'顾',
		L'颜', L'马', L'骆', L'高', L'魏', L'鲁', L'鲍', L'黄', L'黎', L'齐', L'龙', L'龚'
	};
	unsigned	low = 0;
	unsigned	high = sizeof(surname) / sizeof(surname[0]);

	while (low < high)
	{
		unsigned	middle = (low + high) / 2;

		if (surname[middle] == symbol)
			return true;
		if (surname[middle] < symbol)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}
