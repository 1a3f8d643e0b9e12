-- The code lists: GB/T lists, those of police reports and of practice, and the register's own.
-- 0005-list.tsv:  list, name, English name, list of the groups, source, confidence, note
-- 0005-value.tsv: list, code, name, English name, group, second code, confidence; in the order in which they are shown

INSERT INTO code.source (source, name, standard, edition, licence, origin) VALUES
    ('gb_t_2261_1', '个人基本信息分类与代码 第1部分:人的性别代码', 'GB/T 2261.1-2003', '2003', 'fact', 'Public notes on the standard'),
    ('gb_t_2261_2', '个人基本信息分类与代码 第2部分:婚姻状况代码', 'GB/T 2261.2-2003', '2003', 'fact', 'Public notes on the standard'),
    ('gb_t_2261_3', '个人基本信息分类与代码 第3部分:健康状况代码', 'GB/T 2261.3-2003', '2003', 'fact', 'Public notes on the standard; the list of one digit'),
    ('gb_t_2261_4', '个人基本信息分类与代码 第4部分:从业状况(个人身份)代码', 'GB/T 2261.4-2003', '2003', 'fact', 'Public notes on the standard'),
    ('gb_t_3304', '中国各民族名称的罗马字母拼写法和代码', 'GB/T 3304-1991', '1991', 'fact', 'Public notes on the standard'),
    ('gb_t_4658', '学历代码', 'GB/T 4658-2006', '2006', 'fact', 'A published dictionary of standard lists'),
    ('gb_t_4761', '家庭关系代码', 'GB/T 4761-2008', '2008', 'fact', 'Heads: a published dictionary of standard lists; leaves: generally known'),
    ('gb_t_4762', '政治面貌代码', 'GB/T 4762-1984', '1984', 'fact', 'Generally known'),
    ('ga_t_517', '常用证件代码', 'GA/T 517-2004', '2004', 'fact', 'Generally known'),
    ('gb_32100', '法人和其他组织统一社会信用代码编码规则', 'GB 32100-2015', '2015', 'fact', 'Public notes on the standard; additions by notice'),
    ('nbs_rule', '统计用区划代码和城乡划分代码编制规则', '国统字〔2009〕91号', '2009', 'fact', 'The act'),
    ('police_report', '暂住人口、出租房屋管理统计报表', NULL, 'undated', 'fact', 'Report definitions of a community police system'),
    ('guangdong_practice', '广东省流动人口信息登记', '广东省流动人口服务管理条例', '2010', 'fact', 'Registration forms of Guangzhou and Foshan'),
    ('shenzhen_practice', '深圳市出租屋分类', NULL, 'undated', 'fact', 'Registration forms of Shenzhen'),
    ('governance', '社会治安综合治理基础数据规范', 'GB/T 31000-2015', '2015', 'fact', 'A published dictionary of social governance'),
    ('grid_practice', '社会治理网格划分', 'DB6101/T 3185-2024', '2024', 'fact', 'The local standard, and layers of city management'),
    ('civil_code', '中华人民共和国民法典', '民法典 Art. 27', '2020', 'fact', 'The act'),
    ('practice', '户籍管理实务', NULL, 'undated', 'fact', 'Generally known'),
    ('house', '本系统代码', NULL, '0.1.0', 'fact', 'Made for this register')
ON CONFLICT DO NOTHING;

INSERT INTO code.list (list, name, name_en, parent_list, source, confidence, note)
SELECT f[1], f[2], f[3], nullif(f[4], ''), f[5], f[6], f[7]
FROM (
    SELECT string_to_array(l, E'\t') AS f
    FROM string_to_table($tsv$
@include 0005-list.tsv
$tsv$, E'\n') AS l
    WHERE l <> ''
) line
ON CONFLICT DO NOTHING;

INSERT INTO code.value (list, code, name, name_en, alternate_code, parent_list, parent, sort, confidence)
SELECT f[1], f[2], f[3], nullif(f[4], ''), nullif(f[6], ''),
       CASE WHEN f[5] <> '' THEN l.parent_list END, nullif(f[5], ''),
       row_number() OVER (PARTITION BY f[1] ORDER BY n), f[7]
FROM (
    SELECT string_to_array(l, E'\t') AS f, n
    FROM string_to_table($tsv$
@include 0005-value.tsv
$tsv$, E'\n') WITH ORDINALITY AS t (l, n)
    WHERE l <> ''
) line
JOIN code.list l ON l.list = f[1]
ON CONFLICT DO NOTHING;

ANALYZE code.list, code.value;
