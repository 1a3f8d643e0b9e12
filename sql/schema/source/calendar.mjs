// calendar.mjs: writes 0030-calendar.tsv from an unpacked npm package chinese-days.
//
//   node calendar.mjs NODE_MODULES > ../0030-calendar.tsv
//
// One line per day of 2007 to 2026 that a notice of the State Council names: day, kind (holiday, swap_work), name,
// English name, notice. Every other day is what its weekday says. The table of facts below was taken from another
// copy of the same notices (holiday-cn); where the two disagree the script stops.
import { readFileSync } from 'node:fs';

const FIRST = 2007, LAST = 2026;
const { holidays, workdays } = JSON.parse(readFileSync(`${process.argv[2]}/chinese-days/dist/chinese-days.json`, 'utf8'));

// working days in the year, and days off and swapped days as month-day
const FACTS = {
    2018: [250, '01-01 02-15~21 04-05~07 04-29~30 05-01 06-18 09-24 10-01~07 12-30~31', '02-11 02-24 04-08 04-28 09-29 09-30 12-29'],
    2019: [250, '01-01 02-04~10 04-05 05-01~04 06-07 09-13 10-01~07', '02-02 02-03 04-28 05-05 09-29 10-12'],
    2020: [249, '01-01 01-24~31 02-01~02 04-04~06 05-01~05 06-25~27 10-01~08', '01-19 04-26 05-09 06-28 09-27 10-10'],
    2021: [250, '01-01~03 02-11~17 04-03~05 05-01~05 06-12~14 09-19~21 10-01~07', '02-07 02-20 04-25 05-08 09-18 09-26 10-09'],
    2022: [249, '01-01~03 01-31 02-01~06 04-03~05 04-30 05-01~04 06-03~05 09-10~12 10-01~07 12-31', '01-29 01-30 04-02 04-24 05-07 10-08 10-09'],
    2023: [249, '01-01~02 01-21~27 04-05 04-29~30 05-01~03 06-22~24 09-29~30 10-01~06', '01-28 01-29 04-23 05-06 06-25 10-07 10-08'],
    2024: [251, '01-01 02-10~17 04-04~06 05-01~05 06-10 09-15~17 10-01~07', '02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12'],
    2025: [248, '01-01 01-28~31 02-01~04 04-04~06 05-01~05 05-31 06-01~02 10-01~08', '01-26 02-08 04-27 09-28 10-11'],
    2026: [248, '01-01~03 02-15~23 04-04~06 05-01~05 06-19~21 09-25~27 10-01~07', '01-04 02-14 02-28 05-09 09-20 10-10'],
};

const ENGLISH = { 中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日: '70th anniversary of the victory in the war of resistance' };

// where a year has more than one notice: the days that the second one set
const SECOND = [
    ['cn2015b', '2015-09-03', '2015-09-06'],
    ['cn2019b', '2019-04-28', '2019-05-05'],
    ['cn2020b', '2020-01-31', '2020-02-02'],
];

const pad = (n) => String(n).padStart(2, '0');
const spread = (list) => list.split(' ').flatMap((span) => {
    const [, month, from, to] = /^(\d\d)-(\d\d)(?:~(\d\d))?$/.exec(span);
    return Array.from({ length: to ? to - from + 1 : 1 }, (_, i) => `${month}-${pad(+from + i)}`);
});
const weekend = (day) => [0, 6].includes(new Date(day).getUTCDay());
const check = (year, what, ours, theirs) => {
    if (String(ours) !== String(theirs)) throw new Error(`${year}: ${what}: ${ours} and ${theirs}`);
};

// New Year's Day of the next year may reach back into December
function notice(day, name) {
    const second = SECOND.find(([, from, to]) => day >= from && day <= to);
    if (second) return second[0];
    return `cn${+day.slice(0, 4) + (day.slice(5, 7) === '12' && name === '元旦' ? 1 : 0)}`;
}

const lines = [];
for (let year = FIRST; year <= LAST; year++) {
    const off = [], swapped = [];
    let working = 0;
    for (let date = new Date(Date.UTC(year, 0, 1)); date.getUTCFullYear() === year; date.setUTCDate(date.getUTCDate() + 1)) {
        const day = date.toISOString().slice(0, 10);
        const entry = holidays[day] ?? workdays[day];
        if (holidays[day] && workdays[day]) throw new Error(`${day}: a holiday that works`);
        if (workdays[day] && !weekend(day)) throw new Error(`${day}: a swapped day that is no weekend`);
        if (holidays[day]) off.push(day.slice(5));
        if (workdays[day]) swapped.push(day.slice(5));
        if (workdays[day] || !(holidays[day] || weekend(day))) working++;
        if (!entry) continue;
        const [english, name] = entry.split(',');
        lines.push([day, holidays[day] ? 'holiday' : 'swap_work', name, ENGLISH[name] ?? english, notice(day, name)].join('\t'));
    }
    if (FACTS[year]) {
        check(year, 'working days', working, FACTS[year][0]);
        // a weekend before or after rests anyway, whether a copy lists it or not
        const weekdays = (days) => days.filter((day) => !weekend(`${year}-${day}`));
        check(year, 'days off', weekdays(off), weekdays(spread(FACTS[year][1])));
        check(year, 'swapped days', swapped, spread(FACTS[year][2]));
    }
}
process.stdout.write(lines.join('\n') + '\n');
