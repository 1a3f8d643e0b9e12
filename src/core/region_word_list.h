/*
 * region_word_list.h
 *	  The words that region_word.c looks for: set by hand.
 */

/* What registers and shops write between the levels, where no authority is. */
static const RegionWord headings_word[] = {
	{REGION_WORD("自治区直辖县级行政区划")}, {REGION_WORD("自治区直辖县级行政单位")}, {REGION_WORD("省直辖县级行政区划")},
	{REGION_WORD("省直辖县级行政单位")}, {REGION_WORD("省直辖行政单位")}, {REGION_WORD("省直辖行政区划")}, {REGION_WORD("省直辖市县")},
	{REGION_WORD("省直辖县级")}, {REGION_WORD("省直辖县")}, {REGION_WORD("省直辖")}, {REGION_WORD("直辖县级")}, {REGION_WORD("直辖县")}, {REGION_WORD("市辖区")},
	{REGION_WORD("市辖县")}, {REGION_WORD("生产建设兵团")}, {REGION_WORD("建设兵团")}, {REGION_WORD("兵团")}, {REGION_WORD("第一师")}, {REGION_WORD("第二师")}, {REGION_WORD("第三师")},
	{REGION_WORD("第四师")}, {REGION_WORD("第五师")}, {REGION_WORD("第六师")}, {REGION_WORD("第七师")}, {REGION_WORD("第八师")}, {REGION_WORD("第九师")}, {REGION_WORD("第十师")},
	{REGION_WORD("第十二师")}, {REGION_WORD("第十三师")}, {REGION_WORD("第十四师")}, {REGION_WORD("其他地区")}, {REGION_WORD("其它地区")}, {REGION_WORD("其他区")}, {REGION_WORD("其它区")}, {REGION_WORD("全境")},
	{REGION_WORD("城区")}, {REGION_WORD("市区")}, {REGION_WORD("郊区")}, {REGION_WORD("县")}
};

/* Roads: the name before them belongs to them. */
static const RegionWord roads_word[] = {
	{REGION_WORD("大道")}, {REGION_WORD("大街")}, {REGION_WORD("公路")}, {REGION_WORD("高速")}, {REGION_WORD("国道")}, {REGION_WORD("省道")}, {REGION_WORD("县道")},
	{REGION_WORD("胡同")}, {REGION_WORD("直街")}, {REGION_WORD("横街")}, {REGION_WORD("后街")}, {REGION_WORD("路")}, {REGION_WORD("街")},
	{REGION_WORD("道")}, {REGION_WORD("巷")}, {REGION_WORD("里弄")}
};

/* Places that bear the name of a division without lying in it. */
static const RegionWord places_word[] = {
	{REGION_WORD("花园")}, {REGION_WORD("花苑")}, {REGION_WORD("家园")}, {REGION_WORD("公园")}, {REGION_WORD("广场")}, {REGION_WORD("大厦")}, {REGION_WORD("大楼")},
	{REGION_WORD("酒店")}, {REGION_WORD("饭店")}, {REGION_WORD("宾馆")}, {REGION_WORD("旅馆")}, {REGION_WORD("银行")}, {REGION_WORD("大学")}, {REGION_WORD("学院")},
	{REGION_WORD("公寓")}, {REGION_WORD("小区")}, {REGION_WORD("新村")},
	{REGION_WORD("新城")}, {REGION_WORD("商城")}, {REGION_WORD("名城")}, {REGION_WORD("商场")}, {REGION_WORD("超市")}, {REGION_WORD("书店")},
	{REGION_WORD("百货")}, {REGION_WORD("车站")}, {REGION_WORD("机场")}, {REGION_WORD("西站")}, {REGION_WORD("东站")}, {REGION_WORD("南站")},
	{REGION_WORD("北站")}, {REGION_WORD("公司")}, {REGION_WORD("集团")}, {REGION_WORD("国际")}, {REGION_WORD("人家")}, {REGION_WORD("豪庭")}, {REGION_WORD("山庄")},
	{REGION_WORD("别墅")}, {REGION_WORD("宿舍")}, {REGION_WORD("科技")}, {REGION_WORD("体育")}, {REGION_WORD("文化")}, {REGION_WORD("会所")},
	{REGION_WORD("天街")}, {REGION_WORD("天地")}, {REGION_WORD("大桥")}, {REGION_WORD("印象")}, {REGION_WORD("苑")}, {REGION_WORD("湾")}, {REGION_WORD("湖")}, {REGION_WORD("滩")}, {REGION_WORD("桥")}, {REGION_WORD("厂")},
	{REGION_WORD("寺")}, {REGION_WORD("塔")}, {REGION_WORD("坊")}, {REGION_WORD("府")}, {REGION_WORD("庭")}, {REGION_WORD("轩")}, {REGION_WORD("阁")}, {REGION_WORD("居")},
	{REGION_WORD("园")}, {REGION_WORD("院")}, {REGION_WORD("楼")}, {REGION_WORD("店")}, {REGION_WORD("馆")}, {REGION_WORD("城")}, {REGION_WORD("站")}, {REGION_WORD("洲")}
};

/* Shops and dishes that are called after where they come from: 青岛|啤酒屋, 云南|白药大药房. */
static const RegionWord dishes_word[] = {
	{REGION_WORD("啤酒")}, {REGION_WORD("白药")}, {REGION_WORD("大药房")}, {REGION_WORD("药房")}, {REGION_WORD("小吃")}, {REGION_WORD("火锅")}, {REGION_WORD("拉面")},
	{REGION_WORD("烧饼")}, {REGION_WORD("刀削面")}, {REGION_WORD("烤鸭")}, {REGION_WORD("烤鱼")}, {REGION_WORD("菜馆")}, {REGION_WORD("饭庄")}, {REGION_WORD("大排档")}, {REGION_WORD("鸡饭")},
	{REGION_WORD("板鸭")}, {REGION_WORD("凉皮")}, {REGION_WORD("羊肉")}, {REGION_WORD("牛肉")}, {REGION_WORD("米粉")}, {REGION_WORD("肉夹馍")}, {REGION_WORD("小面")},
	{REGION_WORD("泡馍")}, {REGION_WORD("卤味")}, {REGION_WORD("早餐")}, {REGION_WORD("餐厅")}, {REGION_WORD("餐馆")}, {REGION_WORD("面馆")}, {REGION_WORD("茶楼")},
	{REGION_WORD("土菜")}, {REGION_WORD("特产")}, {REGION_WORD("生煎")}, {REGION_WORD("小笼")}, {REGION_WORD("包子")}, {REGION_WORD("水饺")}, {REGION_WORD("豆腐")}, {REGION_WORD("大盘鸡")},
	{REGION_WORD("保险")}, {REGION_WORD("证券")}, {REGION_WORD("晚报")}, {REGION_WORD("日报")}, {REGION_WORD("老字号")}, {REGION_WORD("烤肉")}, {REGION_WORD("烧烤")}, {REGION_WORD("人寿")},
	{REGION_WORD("现代")}, {REGION_WORD("本田")}, {REGION_WORD("大众汽车")}, {REGION_WORD("酒家")}, {REGION_WORD("发廊")}, {REGION_WORD("理发")}
};

/* Places with names of their own: a city before them is where they are. */
static const RegionWord own_places_word[] = {
	{REGION_WORD("广场")}, {REGION_WORD("大厦")}, {REGION_WORD("体育中心")}, {REGION_WORD("购物中心")}, {REGION_WORD("市场")}, {REGION_WORD("商城")}, {REGION_WORD("商贸城")}, {REGION_WORD("招商城")}, {REGION_WORD("大悦城")},
	{REGION_WORD("火车站")}, {REGION_WORD("机场")}, {REGION_WORD("万达")}, {REGION_WORD("银泰")}, {REGION_WORD("软件园")}, {REGION_WORD("创意园")}, {REGION_WORD("步行街")}, {REGION_WORD("奥特莱斯")}
};

/* Zones of development: none of them is a town. */
static const RegionWord zones_word[] = {
	{REGION_WORD("新区")}, {REGION_WORD("开发区")}, {REGION_WORD("高新")}, {REGION_WORD("经济技术")}, {REGION_WORD("经济开发")}, {REGION_WORD("经开")}, {REGION_WORD("保税")}, {REGION_WORD("风景")},
	{REGION_WORD("景区")}, {REGION_WORD("旅游")}, {REGION_WORD("管理区")}, {REGION_WORD("示范区")}
};

/* What ends in 区 and is no district. */
static const RegionWord quarters_word[] = {
	{REGION_WORD("小区")}, {REGION_WORD("社区")}, {REGION_WORD("校区")}, {REGION_WORD("园区")}, {REGION_WORD("厂区")}, {REGION_WORD("住区")}, {REGION_WORD("院区")},
	{REGION_WORD("库区")}, {REGION_WORD("古镇")}, {REGION_WORD("东区")}, {REGION_WORD("西区")}, {REGION_WORD("南区")}, {REGION_WORD("北区")}, {REGION_WORD("中区")},
	{REGION_WORD("一区")}, {REGION_WORD("二区")}, {REGION_WORD("三区")}
};

/* Places that are called after the division they lie in. */
static const RegionWord institutions_word[] = {
	{REGION_WORD("中学")}, {REGION_WORD("小学")}, {REGION_WORD("学校")}, {REGION_WORD("医院")}, {REGION_WORD("市场")}, {REGION_WORD("中心")}, {REGION_WORD("工业")},
	{REGION_WORD("幼儿园")}, {REGION_WORD("卫生院")}, {REGION_WORD("派出所")}, {REGION_WORD("敬老院")}, {REGION_WORD("政府")}, {REGION_WORD("服装城")}, {REGION_WORD("家具城")},
	{REGION_WORD("建材城")}, {REGION_WORD("皮革城")}, {REGION_WORD("商贸城")}, {REGION_WORD("批发")}, {REGION_WORD("农贸")}
};

/* What stands between a name and the road it is given to: 南京|东|路, 朝阳|北|大街, 解放|中|三|路. */
static const RegionWord between_word[] = {
	{REGION_WORD("东")}, {REGION_WORD("西")}, {REGION_WORD("南")}, {REGION_WORD("北")}, {REGION_WORD("中")}, {REGION_WORD("支")}, {REGION_WORD("横")}, {REGION_WORD("前")},
	{REGION_WORD("后")}, {REGION_WORD("新")}, {REGION_WORD("老")}, {REGION_WORD("大")}, {REGION_WORD("小")}
};

/* What stands before that: 平安|里|西大街, 安定|门外|大街. */
static const RegionWord gates_word[] = {
	{REGION_WORD("里")}, {REGION_WORD("门外")}, {REGION_WORD("门内")}
};

static const RegionWord ordinals_word[] = {
	{REGION_WORD("一")}, {REGION_WORD("二")}, {REGION_WORD("三")}, {REGION_WORD("四")}, {REGION_WORD("五")}, {REGION_WORD("六")}, {REGION_WORD("七")}, {REGION_WORD("八")},
	{REGION_WORD("九")}, {REGION_WORD("十")}, {REGION_WORD("支")}
};

/* The lists, and the most words of one. */
typedef enum WordList
{
	LIST_HEADINGS,
	LIST_ROADS,
	LIST_PLACES,
	LIST_DISHES,
	LIST_OWN_PLACES,
	LIST_ZONES,
	LIST_QUARTERS,
	LIST_INSTITUTIONS,
	LIST_BETWEEN,
	LIST_GATES,
	LIST_ORDINALS,
	WORD_LISTS
} WordList;

#define LIST_WORDS 128

static const struct
{
	const RegionWord *words;
	int			count;
}			word_list[WORD_LISTS] = {
	[LIST_HEADINGS] = {headings_word, COUNT(headings_word)},
	[LIST_ROADS] = {roads_word, COUNT(roads_word)},
	[LIST_PLACES] = {places_word, COUNT(places_word)},
	[LIST_DISHES] = {dishes_word, COUNT(dishes_word)},
	[LIST_OWN_PLACES] = {own_places_word, COUNT(own_places_word)},
	[LIST_ZONES] = {zones_word, COUNT(zones_word)},
	[LIST_QUARTERS] = {quarters_word, COUNT(quarters_word)},
	[LIST_INSTITUTIONS] = {institutions_word, COUNT(institutions_word)},
	[LIST_BETWEEN] = {between_word, COUNT(between_word)},
	[LIST_GATES] = {gates_word, COUNT(gates_word)},
	[LIST_ORDINALS] = {ordinals_word, COUNT(ordinals_word)},
};
