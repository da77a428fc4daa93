/**
 * What the table in `lib/sandbox/services/firehose/processing/jq/jq16_cases.jsonl` holds: dates in
 * every letter that glibc's `strptime` and `strftime` know, the kinds in which versions of jq
 * differ, and random expressions. Pure: jq 1.6 computes the outcomes.
 * @module
 */

import { seededFractions } from "../../sandbox/random.ts";
import { Grammar } from "./grammar.ts";

/** An expression and the JSON text that it is tried on. */
export interface Pair {
  readonly expression: string;
  readonly input: string;
}

const LETTERS = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ%"];
const RANDOM_PAIRS = 240;

/** A Tuesday afternoon, the first days of a year in ISO's 53rd week, midnight in a leap year. */
const TIMES = [1700000000.75, 1609459199, 1709164800];

/** All pairs, in order. */
export const tablePairs = (): Pair[] => [
  ...writtenDates(),
  ...readDates(),
  ...KINDS.map(([expression, input]) => ({ expression, input: JSON.stringify(input) })),
  ...randomPairs(),
];

function writtenDates(): Pair[] {
  const written = (format: string): Pair => ({
    expression: `[.[] | strftime("${format}")]`,
    input: JSON.stringify(TIMES),
  });
  return [
    ...LETTERS.map((letter) => written(`<%${letter}>`)),
    ...LETTERS.filter((letter) => /[a-zA-Z]/.test(letter)).map((letter) =>
      written(`<%E${letter}|%O${letter}>`)
    ),
    ...["d", "e", "j", "Y", "p", "a", "B", "s", "c", "Z", "z", "k"].map((letter) =>
      written(
        `<%-${letter}|%_${letter}|%0${letter}|%^${letter}|%#${letter}|%6${letter}|%_9${letter}>`,
      )
    ),
    written("%"),
    written("%5"),
    written("%EE"),
    written("%200d"),
    written(""),
    written("é %Y ü"),
  ];
}

/** Format, a text that fits, and one that does not. */
const READ: readonly (readonly [string, string, string])[] = [
  ["%a %d", "Tue 14", "Xyz 14"],
  ["%A, %d", "tuesday, 14", "Tuesda, 14"],
  ["%b %d %Y", "nov 14 2023", "nuv 14 2023"],
  ["%B %d %Y", "November 14 2023", "Novembe 14 2023"],
  ["%h %d %Y", "Feb 29 2024", "F 29 2024"],
  ["%c", "Tue Nov 14 22:13:20 2023", "Tue Nov 14 2023"],
  ["%C", "20", "x"],
  ["%C %y", "20 69", "100 1"],
  ["%d/%m/%Y", "31/02/2023", "32/01/2023"],
  ["%e %m %Y", " 4 7 2023", "0 7 2023"],
  ["%D", "11/14/23", "13/14/23"],
  ["%F", "2023-11-14", "2023/11/14"],
  ["%g %G", "23 2023", "x"],
  ["%H:%M:%S", "23:59:60", "24:00:00"],
  ["%I:%M %p", "12:13 PM", "13:00 PM"],
  ["%I %p", "12 am", "0 am"],
  ["%H:%M %p", "13:05 PM", "11:05 PM"],
  ["%p %H %I", "pm 11 01", "pm 11 13"],
  ["%p %I", "pm 01", "xm 01"],
  ["%j %Y", "366 2024", "367 2024"],
  ["%Y-%j", "2023-318", "2023-0"],
  ["%k:%M", " 9:05", "25:05"],
  ["%l:%M %p", " 9:05 pm", "13:05 pm"],
  ["%m %d", "2 29", "13 1"],
  ["%M", "59", "60"],
  ["%n%Y%t%m", "  2023   1", "x"],
  ["%r", "12:13:20 PM", "22:13:20"],
  ["%R", "22:13", "22-13"],
  ["%s", "1700000000", "-1"],
  ["%s", "95617584000", "x"],
  ["%S", "61", "62"],
  ["%T", "22:13:20", "22:13"],
  ["%u %d %m %Y", "7 14 11 2023", "8 14 11 2023"],
  ["%w %d %m %Y", "0 14 11 2023", "7 14 11 2023"],
  ["%U %w %Y", "46 2 2023", "54 2 2023"],
  ["%W %u %Y", "46 2 2023", "54 2 2023"],
  ["%V", "46", "54"],
  ["%x %X", "11/14/23 22:13:20", "14.11.23 22:13:20"],
  ["%y", "68", "x"],
  ["%y", "69", ""],
  ["%Y", "0", "x"],
  ["%Y", "12023", "-1"],
  ["%Z %Y", "anything 2023", "anything x"],
  ["%z %Y", "+0530 2023", "+5 2023"],
  ["%z %Y", "-05:30 2023", "+0560 2023"],
  ["%z%Y", "Z2023", "z2023"],
  ["%% %Y", "% 2023", "x 2023"],
  ["%Ec", "Tue Nov 14 22:13:20 2023", "x"],
  ["%EY", "2023", "x"],
  ["%Ey", "23", "2023 24"],
  ["%Ex %EX", "11/14/23 22:13:20", "x"],
  ["%EC", "20", "x"],
  ["%Od %Y", "14 2023", "32 2023"],
  ["%Od %Om", "14 11", "14"],
  ["%OH:%M", "22:13", "x"],
  ["%-d %_m %0Y", "4 7 2023", "x"],
  ["%5Y", "2023", "x"],
  ["%Y-%m", "2023-11", "2023"],
  ["%Q", "x", "y"],
  ["%", "%", "x"],
  ["%Y-%m-%dT%H:%M:%SZ", "2023-11-14T22:13:20Z", "2023-11-14T22:13:20.5Z"],
  ["%Y-%m-%d", "2023-11-14 rest", "2023-11-14rest"],
  ["é%Y", "é2023", "e2023"],
];

function readDates(): Pair[] {
  return READ.flatMap(([format, ...texts]) =>
    texts.map((text) => ({
      expression: `strptime("${format}") | ., mktime, strftime("%c %j")`,
      input: JSON.stringify(text),
    }))
  );
}

/** Where versions and builds of jq differ. */
const KINDS: readonly (readonly [string, unknown])[] = [
  ['[range(24) | [2024, 0, 1, ., 0, 0, 1, 0] | strftime("%H %I %k %l %p %P")]', null],
  [
    '[range(1261440000; 1293840000; 950400), range(1609286400; 1609891200; 86400) | strftime("%F %G %V %g %U %W %j %u %w")]',
    null,
  ],
  [".id | tostring", { id: 1 }],
  ["9007199254740993 | tostring", null],
  [`"v\\(1.10)"`, null],
  [
    '[1.10, 1e3, 1e-7, 1e1000, 1e17, 100000000000000000000, 1e-5, -0] | ., tojson, @text, @csv, @sh, join(",")',
    null,
  ],
  ["[1.0, 1, 1e0] | unique", null],
  ["1.0 == 1", null],
  ["[9007199254740993, 9007199254740992] | unique", null],
  ['.ms | strftime("%Y")', { ms: 1700000000000 }],
  ["1700000000000000 | todate", null],
  ["[-1, -1.5, 0.25, -62135596800, 253402300799, 4102444800] | map(todate)", null],
  ["1e18 | try todate catch .", null],
  ["1e18 | try gmtime catch .", null],
  ["[-1, -2, -3] | map(try (gmtime | mktime) catch .)", null],
  ['[2024, 13, 32, 25, 61, 61, 0, 0] | mktime, strftime("%F %T")', null],
  ["[2024, 1.9, 2.9, 3.9, 4.9, 5.9, 0, 0] | mktime", null],
  ['["x", null, [1], [1, 2, 3, 4, 5, 6]][] | try mktime catch .', null],
  ['["x", null, [1]][] | try gmtime catch .', null],
  ['["x", null, [1]][] | try strftime("%Y") catch .', null],
  ['["x", null, 1][] | try strptime("%Y") catch .', null],
  ['1700000000 | localtime, strflocaltime("%c %Z %z")', null],
  ['gsub("^0"; "")', "007"],
  ['gsub("\\\\b[a-z]"; "X")', "abc def"],
  ['[match(""; "g").offset]', "abc"],
  ['gsub("\\\\s+"; "-")', " a  b "],
  ['[scan("[A-Z]\\\\w+")]', "Ada and Bob"],
  ['capture("(?<y>\\\\d+)-(?<m>\\\\d+)")', "2023-11"],
  ["@uri", "O'Neil (x) ü!*~"],
  ["@html, @sh, @json, @text, @base64, @base32", '<O\'N & "x">'],
  ["@base64d", "w7w="],
  ["[-0.3, 0.5, -2.5, 0.49999999999999994] | map(round)", null],
  ['(try fromdate catch "bad") | .[0:3]', "2023-11-14T22:13:20Z"],
  ["[.[] | try error catch .]", [1, null, "x"]],
  ["try error(null) catch .", null],
  [". as {a: $end} | $end", null],
  ["{$__loc__}", null],
  ["1/0", null],
  ["18446744073709551615 % 16", null],
  ["5 % -2, -5 % 3, 5.9 % 2.1", null],
  ["1 % 0", null],
  ["if . then 1 end", true],
  [".a.[0]", null],
  ["abs", -1],
  ["pick(.a)", null],
  ["limit(0; 1, 2)", null],
  ['ltrimstr(1), rtrimstr("x")', "x"],
  ['splits(", *")', "a, b,c"],
  ["ascii_downcase, ascii_upcase, explode", "Zoë"],
  ["[.[] | tonumber?]", ["1e3", " 7", "0x10", "1.10", "abc", "-5"]],
  ["implode", [65, 128512]],
  ['indices("a"), index("a"), rindex("a")', "éaba"],
  ["indices(1)", [1, 2, 1]],
  [".[1:], .[-1:], .[:1]", "éab"],
  ["tojson, tostring", { b: 1, a: [null, true] }],
  ["keys, keys_unsorted, to_entries", { b: 1, a: 2 }],
  [".a += 1 | .b //= 3 | del(.c)", { a: 1, c: 2 }],
  ["[paths], [leaf_paths]", { a: [1, { b: 2 }] }],
  ["reduce .[] as [$a, $b] (0; . + $a * $b)", [[1, 2], [3, 4]]],
  ["[foreach .[] as $x (0; . + $x; [$x, .])]", [1, 2]],
  ["[label $out | .[] | if . > 1 then ., break $out else . end]", [1, 2, 3]],
  ["[.[] as {a: $x} ?// [$x] | $x]", [{ a: 1 }, [2]]],
  ["$__prog_args", null],
  ["input_filename | type", null],
  ["[nan, 1, null] | sort, min, max", null],
  ["nan < 1, nan == nan, (nan | tostring)", null],
  ["infinite, -infinite | tostring", null],
  ["[.[] | length]", [null, "é", [1], { a: 1 }, -3]],
  ["2 | exp10, gamma, modf, lgamma_r, significand, frexp, logb, trunc", null],
  ["exp10, modf", "x"],
  ['"\\ud83d"', null],
  ['getpath(["a", 0])', { a: {} }],
  ["{(1, 2 | tostring): 3}", null],
  ['[splits("[")]', "a"],
  ['test("a"; "q")', "a"],
  ["tojson", 1e1000],
  [".. |= .", [1, [2]]],
  ["[limit(3; repeat(1))]", null],
  ['walk(if type == "number" then . + 1 else . end)', [1, { a: 2 }]],
  ["[.[] | @csv?]", [[1, 'a"b', null, true, 1.5], [{}]]],
  ['getpath(["a"]; 1)', null],
  ["foo", null],
  ["{a: .b // 1}", null],
  ["@foo", null],
  ['"\\(1', null],
];

/** Each with a record of no more than the members that the expression names. */
function randomPairs(): Pair[] {
  const grammar = new Grammar(seededFractions(1600));
  const pairs: Pair[] = [];
  while (pairs.length < RANDOM_PAIRS) {
    const expression = grammar.expression();
    const record = grammar.record();
    const named = Object.entries(record).filter(([name]) =>
      expression.includes(`.${name}`) || expression.includes(`"${name}"`)
    );
    if (/now|localtime/.test(expression)) continue;
    pairs.push({ expression, input: JSON.stringify(Object.fromEntries(named)) });
  }
  return pairs;
}
