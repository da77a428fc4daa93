/**
 * Cases of jq's own language tests and manual, as facts: program, input, output
 * (https://github.com/jqlang/jq/blob/jq-1.6/tests/jq.test). Each is run as the expression of a key.
 */
import { assert, assertEquals } from "@std/assert";
import { Jq } from "./engine.ts";

/** Program, input, output; the last two as JSON. */
const CASES: readonly (readonly [string, string, string])[] = [
  [".foo", '{"foo": 42, "bar": 43}', "42"],
  [".foo.bar", '{"foo": {"bar": 42}, "bar": "badvalue"}', "42"],
  [".foo_bar", '{"foo_bar": 2}', "2"],
  ['.["foo"].bar', '{"foo": {"bar": 42}, "bar": "badvalue"}', "42"],
  ['."foo"."bar"', '{"foo": {"bar": 20}}', "20"],
  ["[.[]|.foo?]", '[1,[2],{"foo":3,"bar":4},{},{"foo":5}]', "[3,null,5]"],
  ["[..]", '[1,[[2]],{"a":[1]}]', '[[1,[[2]],{"a":[1]}],1,[[2]],[2],2,{"a":[1]},[1],1]'],
  [
    "[.[]|.[1:3]?]",
    '[1,null,true,false,"abcdef",{},{"a":1,"b":2},[],[1,2,3,4,5],[1,2]]',
    '[null,"bc",[],[2,3],[2]]',
  ],
  [
    "[.[3:2], .[-5:4], .[:-2], .[-2:], .[3:3][1:]]",
    "[0,1,2,3,4,5,6]",
    "[[], [2,3], [0,1,2,3,4], [5,6], []]",
  ],
  ["[.[3:2], .[-5:4], .[:-2], .[-2:], .[3:3][1:]]", '"abcdefghi"', '["","","abcdefg","hi",""]'],
  ['"inter\\("pol" + "ation")"', "null", '"interpolation"'],
  [
    "[@text,@json,([1,.]|@csv,@tsv),@html,@uri,@base64]",
    '"<&\\"\\t"',
    '["<&\\"\\t","\\"<&\\\\\\"\\\\t\\"","1,\\"<&\\"\\"\\t\\"","1\\t<&\\"\\\\t","&lt;&amp;&quot;\\t","%3C%26%22%09","PCYiCQ=="]',
  ],
  ["@sh", '"it\'s"', "\"'it'\\\\''s'\""],
  ["[.[] | @base64d]", '["Zm9v","YmFy"]', '["foo","bar"]'],
  ["@uri", '"\\u03bc"', '"%CE%BC"'],
  ["{a: 1} | .a", "null", "1"],
  ["[{(0,1|tostring): null}] | add | keys", "null", '["0","1"]'],
  ["[range(0;10;3)]", "null", "[0,3,6,9]"],
  ["[range(5)]", "null", "[0,1,2,3,4]"],
  ["[while(.<100; .*2)]", "1", "[1,2,4,8,16,32,64]"],
  ["[.[]|[.,1]|until(.[0] < 1; [.[0] - 1, .[1] * .[0]])|.[1]]", "[1,2,3,4,5]", "[1,2,6,24,120]"],
  ["[limit(3; .[])]", "[11,22,33,44,55,66,77,88,99]", "[11,22,33]"],
  ["[first(range(.)), last(range(.)), nth(0; range(.)), nth(5; range(.))]", "10", "[0,9,0,5]"],
  ['first(1,error("foo"))', "null", "1"],
  ["[foreach range(5) as $item (0; $item)]", "null", "[0,1,2,3,4]"],
  ["[foreach .[] as [$i, $j] (0; . + $i - $j)]", "[[2,1],[5,3],[6,4]]", "[1,3,5]"],
  ["reduce .[] as [$i,$j] (0; . + $i * $j)", "[[1,2],[3,4],[5,6]]", "44"],
  [
    "reduce .[] as {$x,$y} (null; .x += $x | .y += [$y])",
    '[{"x":"a","y":1},{"x":"b","y":2}]',
    '{"x":"ab","y":[1,2]}',
  ],
  [
    "[label $out | foreach .[] as $item ([3, null]; if .[0] < 1 then break $out else [.[0] -1, $item] end; .[1])]",
    "[11,22,33,44]",
    "[11,22,33]",
  ],
  ["1 as $x | 2 as $y | [$x,$y,$x]", "null", "[1,2,1]"],
  [
    '. as {as: $kw, "str": $str, ("e"+"x"+"p"): $exp} | [$kw, $str, $exp]',
    '{"as": 1, "str": 2, "exp": 3}',
    "[1,2,3]",
  ],
  [
    ". as {$a, $b:[$c, $d]}| [$a,$b,$c,$d]",
    '{"a":1, "b":[2,{"d":3}]}',
    '[1,[2,{"d":3}],2,{"d":3}]',
  ],
  ["[.[] as {a:$a} ?// [$a] | $a]", '[{"a":1},[2]]', "[1,2]"],
  ["1 + 2 * 2 + 10 / 2", "null", "10"],
  ["[16 / 4 / 2, 16 / 4 * 2, 16 - 4 - 2, 16 - 4 + 2]", "null", "[2,8,10,14]"],
  ["25 % 7", "null", "4"],
  ["[.[]|floor]", "[-1.1,1.1,1.9]", "[-2,1,1]"],
  ["[.[]|sqrt]", "[4,9]", "[2,3]"],
  ["[[.,1]|.[]|log2,exp2|floor]", "8", "[3,256,0,2]"],
  ["[def f: . + 1; def g: f | . + 100; f, g]", "3", "[4,104]"],
  ["def fac: if . == 1 then 1 else . * (. - 1 | fac) end; [.[] | fac]", "[1,2,3,4]", "[1,2,6,24]"],
  ["[.[]|length]", '[[], {}, [1,2], {"a":42}, "asdf", "\\u03bc"]', "[0,0,2,1,4,1]"],
  ["utf8bytelength", '"asdf\\u03bc"', "6"],
  [
    "map(keys)",
    '[{}, {"abcd":1,"abc":2,"abcde":3}, {"x":1,"z":3,"y":2}]',
    '[[], ["abc","abcd","abcde"], ["x","y","z"]]',
  ],
  ["[1,2,empty,3,empty,4]", "null", "[1,2,3,4]"],
  [
    "map(add)",
    '[[], [1,2,3], ["a","b","c"], [[3],[4,5],[6]], [{"a":1},{"b":2},{"a":3}]]',
    '[null,6,"abc",[3,4,5,6],{"a":3,"b":2}]',
  ],
  ["map_values(.+1)", "[0,1,2]", "[1,2,3]"],
  [
    "[.[]|tojson|fromjson]",
    '["foo",1,["a",1,"b",2,{"foo":"bar"}]]',
    '["foo",1,["a",1,"b",2,{"foo":"bar"}]]',
  ],
  ["[.[]|tonumber]", '["1","2.5"]', "[1,2.5]"],
  ["[.[]|tostring]", '[1,"1",[1],true]', '["1","1","[1]","true"]'],
  [
    "[.[]|type]",
    '[0,false,[],{},null,"hello"]',
    '["number","boolean","array","object","null","string"]',
  ],
  [
    '[.[]|if .foo then "yep" else "nope" end]',
    '[{"foo":0},{"foo":1},{"foo":[]},{"foo":true},{"foo":false},{"foo":null},{"foo":"foo"},{}]',
    '["yep","yep","yep","yep","nope","nope","yep","nope"]',
  ],
  [
    "[.[]|[.foo[] // .bar]]",
    '[{"foo":[1,2],"bar":42},{"foo":[1],"bar":null},{"foo":[null,false,3],"bar":18},{"foo":[],"bar":42},{"foo":[null,false,null],"bar":41}]',
    "[[1,2],[1],[3],[42],[41]]",
  ],
  ['.foo // "default"', '{"bar":1}', '"default"'],
  ["[.[]|not]", '[1,0,false,null,true,"hello"]', "[false,false,true,true,false,false]"],
  ["[.[] | [.[0] | . < 3 and . > 0]]", "[[1],[5]]", "[[true],[false]]"],
  ["[.[]|try error catch .]", '[1,null,"x"]', '[1,"x"]'],
  ['try error("\\($__loc__)") catch fromjson.file', "null", '"<top-level>"'],
  ["[.[]|(1/.)?]", "[1,0]", "[1]"],
  ["to_entries", '{"a":1,"b":2}', '[{"key":"a","value":1},{"key":"b","value":2}]'],
  [
    "from_entries",
    '[{"key":"a","value":1},{"key":"b","value":2}]',
    '{"a":1,"b":2}',
  ],
  ['with_entries(.key |= "KEY_" + .)', '{"a":1,"b":2}', '{"KEY_a":1,"KEY_b":2}'],
  ['map(has("foo"))', '[{"foo":42},{}]', "[true,false]"],
  ["[paths]", '[1,[[],{"a":2}]]', '[[0],[1],[1,0],[1,1],[1,1,"a"]]'],
  ["[leaf_paths]", '[1,[[],{"a":2}]]', '[[0],[1,1,"a"]]'],
  ['getpath(["a","b"])', '{"a":{"b":3}}', "3"],
  ['setpath(["a","b"]; 1)', "null", '{"a":{"b":1}}'],
  ["del(.[0,2])", "[1,2,3]", "[2]"],
  ['delpaths([["a","b"]])', '{"a":{"b":1},"x":{"y":2}}', '{"a":{},"x":{"y":2}}'],
  [".[0] |= .+1", "[1,2]", "[2,2]"],
  ["(.a,.b) = 1", '{"a":0}', '{"a":1,"b":1}'],
  [".a //= 3", '{"a":null}', '{"a":3}'],
  [
    '[.[]|split(", ")]',
    '["a,b, c, d, e,f",", a,b, c, d, e,f, "]',
    '[["a,b","c","d","e,f"],["","a,b","c","d","e,f",""]]',
  ],
  ['join(",")', '["a",1,true,null]', '"a,1,true,"'],
  [
    '[.[]|ltrimstr("foo")]',
    '["fo","foo","barfoo","foobar","afoo"]',
    '["fo","","barfoo","bar","afoo"]',
  ],
  [
    '[.[]|rtrimstr("foo")]',
    '["fo","foo","barfoo","foobar","foob"]',
    '["fo","","bar","foobar","foob"]',
  ],
  ['[.[]|startswith("foo")]', '["fo","foo","barfoo","foobar"]', "[false,true,false,true]"],
  ["ascii_upcase", '"useful but not for é"', '"USEFUL BUT NOT FOR é"'],
  ["explode | implode", '"foobaré"', '"foobaré"'],
  ['indices(", ")', '"a,b, cd,e, fgh, ijkl"', "[3,9,14]"],
  ["indices([1,2])", "[0,1,2,1,3,1,2,5,1,2,6,7]", "[1,5,8]"],
  ["contains({foo:12, bar:[{barp:12}]})", '{"foo":12,"bar":[1,2,{"barp":12,"blip":13}]}', "true"],
  ["inside([1,2,3])", "[1,3]", "true"],
  [
    "sort",
    '[42,[2,5,3,11],10,{"a":42,"b":2},{"a":42},true,2,[2,6],"hello",null,[2,5,6],{"a":[],"b":1},"abc","ab",[3,10],{},false,"abcd"]',
    '[null,false,true,2,10,42,"ab","abc","abcd","hello",[2,5,3,11],[2,5,6],[2,6],[3,10],{},{"a":42},{"a":42,"b":2},{"a":[],"b":1}]',
  ],
  [
    "[min, max, min_by(.[1]), max_by(.[1])]",
    '[[4,2,"a"],[3,1,"a"],[2,4,"a"],[1,3,"a"]]',
    '[[1,3,"a"],[4,2,"a"],[3,1,"a"],[2,4,"a"]]',
  ],
  ["group_by(.foo) | map(length)", '[{"foo":1,"bar":10},{"foo":3},{"foo":1}]', "[2,1]"],
  [
    "unique_by(length)",
    '["chunky","bacon","kitten","cicada","asparagus"]',
    '["bacon","chunky","asparagus"]',
  ],
  ["flatten(1)", "[0,[1],[[2]],[[[3]]]]", "[0,1,[2],[[3]]]"],
  ["transpose", "[[1],[2,3]]", "[[1,2],[null,3]]"],
  ["[combinations]", "[[1,2],[3,4]]", "[[1,3],[1,4],[2,3],[2,4]]"],
  ['walk(if type == "array" then sort else . end)', "[[4,1,7],[8,5,2]]", "[[1,4,7],[2,5,8]]"],
  ["[any, all]", "[true,false]", "[true,false]"],
  ['[.[]|test("a"; "i")]', '["A","b"]', "[true,false]"],
  ['[match("foo"; "g") | .offset]', '"foo bar foo"', "[0,8]"],
  ['capture("(?<a>[a-z]+)-(?<n>[0-9]+)")', '"xyzzy-14"', '{"a":"xyzzy","n":"14"}'],
  ['[scan("c")]', '"abcdefabc"', '["c","c"]'],
  ['split(", *"; null)', '"ab,cd, ef"', '["ab","cd","ef"]'],
  ['sub("^(?<head>.)"; "Head=\\(.head) Tail=")', '"abcdef"', '"Head=a Tail=bcdef"'],
  ['gsub("(?<d>\\\\d)"; ":\\(.d);")', '"a1b2"', '"a:1;b:2;"'],
  ['[.[]|splits("a+")] ', '["xaay"]', '["x","y"]'],
  ['strptime("%Y-%m-%dT%H:%M:%SZ")', '"2015-03-05T23:51:47Z"', "[2015,2,5,23,51,47,4,63]"],
  ['strftime("%Y-%m-%dT%H:%M:%SZ")', "[2015,2,5,23,51,47,4,63]", '"2015-03-05T23:51:47Z"'],
  ['strftime("%A, %B %d, %Y")', "1435677542.822351", '"Tuesday, June 30, 2015"'],
  ["gmtime | mktime", "1425599621", "1425599621"],
  ["gmtime", "1425599621", "[2015,2,5,23,53,41,4,63]"],
  ["fromdate", '"2015-03-05T23:51:47Z"', "1425599507"],
  ["todate", "1425599621", '"2015-03-05T23:53:41Z"'],
  [
    '[strptime("%Y-%m-%dT%H:%M:%SZ")|(.,mktime)]',
    '"2015-03-05T23:51:47Z"',
    "[[2015,2,5,23,51,47,4,63],1425599507]",
  ],
  ['splits("x")', '"abc"', '"abc"'],
  ['[splits("a")]|length', '"banana"', "4"],
  ["[tostream] | length", '{"a":[1,{"b":2}]}', "5"],
  ["[.[]|bsearch(2)]", "[[1,2,3],[]]", "[1,-1]"],
  ["[IN(.[]; 2, 3)]", "[2]", "[true]"],
  ["INDEX(.id) | keys", '[{"id":1},{"id":2}]', '["1","2"]'],
  ["ascii_downcase | @json", '"ABC"', '"\\"abc\\""'],
  ["[recurse(if . < 3 then .+1 else empty end)]", "0", "[0,1,2,3]"],
];

Deno.test("published cases of jq give what its authors say, as the expression of a key", async () => {
  const jq = new Jq();
  // All in one run: most of a run's time goes into starting jq.
  const keys = CASES.map((_, index) => `k${index}`);
  const text = CASES.map(([program, input], index) =>
    `k${index}: (${JSON.stringify(input)} | fromjson | (${program}\n) | tojson)`
  );
  const query = { text: `{${text.join(", ")}}`, keys };
  const [result] = await jq.extract(query, [new TextEncoder().encode("null")]);
  await jq.stop();
  assert(result.kind === "values", JSON.stringify(result));
  for (const [index, [program, , output]] of CASES.entries()) {
    assertEquals<unknown>(JSON.parse(String(result.values[index])), JSON.parse(output), program);
  }
});
