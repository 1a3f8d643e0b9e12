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

int
residency_address_words(const uint32_t *symbol, int start, int end, WordEnding ending[WORD_ENDINGS])
{
	const WordNode *node;
	int			count = 0;

	if (end <= start || symbol[end - 1] > 0xFFFF)
		return 0;
	node = &word_node[word_root[word_page[symbol[end - 1] >> 6]][symbol[end - 1] & 63]];
	for (int at = end - 1; node->symbol != 0;)
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
			break;
		while (child < last && child->symbol != symbol[at])
			child++;
		if (child == last)
			break;
		node = child;
	}
	return count;
}

bool
residency_is_surname(uint32_t symbol)
{
	/* the family names of nine in ten people, and what begins the double ones; sorted */
	static const uint16_t surname[] = {
		u'丁', u'万', u'上', u'严', u'乔', u'于', u'仇', u'付', u'任', u'伍', u'位', u'何', u'余', u'侯', u'俞', u'倪',
		u'傅', u'兰', u'关', u'冉', u'冯', u'凌', u'刘', u'包', u'华', u'单', u'卜', u'卢', u'卫', u'史', u'叶', u'司',
		u'向', u'吕', u'吴', u'周', u'唐', u'喻', u'夏', u'姚', u'姜', u'孔', u'孙', u'孟', u'季', u'宁', u'安', u'宋',
		u'尉', u'尤', u'尹', u'屈', u'岳', u'崔', u'左', u'席', u'常', u'庄', u'庞', u'康', u'廖', u'张', u'强', u'彭',
		u'徐', u'慕', u'成', u'戴', u'房', u'文', u'方', u'施', u'时', u'易', u'曲', u'曹', u'曾', u'朱', u'李', u'杜',
		u'杨', u'林', u'柏', u'查', u'柯', u'柳', u'柴', u'桂', u'梁', u'梅', u'植', u'楼', u'樊', u'欧', u'武', u'段',
		u'殷', u'毕', u'毛', u'江', u'汤', u'汪', u'沈', u'洪', u'涂', u'温', u'游', u'潘', u'焦', u'熊', u'牛', u'牟',
		u'王', u'甄', u'甘', u'田', u'申', u'白', u'皇', u'盛', u'石', u'祁', u'祝', u'秦', u'程', u'章', u'童', u'管',
		u'纪', u'罗', u'翁', u'翟', u'耿', u'聂', u'肖', u'胡', u'舒', u'芦', u'苏', u'苗', u'范', u'莫', u'萧', u'葛',
		u'董', u'蒋', u'蓝', u'蔡', u'薛', u'袁', u'裴', u'覃', u'解', u'詹', u'许', u'诸', u'谢', u'谭', u'谷', u'费',
		u'贺', u'贾', u'赖', u'赵', u'辛', u'邓', u'邢', u'邱', u'邵', u'邹', u'郑', u'郝', u'郭', u'金', u'钟', u'钱',
		u'闫', u'闵', u'阎', u'阮', u'阳', u'陆', u'陈', u'陶', u'隋', u'雷', u'霍', u'靳', u'韦', u'韩', u'项', u'顾',
		u'颜', u'马', u'骆', u'高', u'魏', u'鲁', u'鲍', u'黄', u'黎', u'齐', u'龙', u'龚'
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
