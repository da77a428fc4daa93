/**
 * Random expressions of jq, of the kinds that partition keys are made of, and records for them.
 * Pure: the same numbers give the same expressions.
 * @module
 */

/** A number from 0 to 1, not including 1. */
export type Random = () => number;

/** What an expression is meant to give. Some give something else: errors are compared too. */
type Kind = "text" | "number" | "boolean" | "array" | "object" | "date" | "any";

const STRFTIME_LETTERS = "aAbBcCdDeFgGhHIjklmMnprRsStTuUVwWxXyYzZ%P";
const STRPTIME_LETTERS = "aAbBcCdDeFgGhHIjklmMnprRsStTuUVwWxXyYzZ%";

const TEXT_FIELDS = [
  ".name",
  ".city",
  ".code",
  ".email",
  ".path",
  ".note",
  ".user.name",
  ".tags[0]",
];
const NUMBER_FIELDS = [".id", ".price", ".lat", ".count", ".ts", ".ms", ".user.age", ".sizes[1]"];
const BOOLEAN_FIELDS = [".ok", ".user.admin"];
const ARRAY_FIELDS = [".tags", ".sizes", ".items", ".mixed"];
const OBJECT_FIELDS = [".", ".user", ".items[0]", ".labels"];
const DATE_FIELDS = [".time", ".day", ".us", ".log", ".rfc", ".clock"];
const OTHER_FIELDS = [
  ".missing",
  ".nothing",
  ".user.missing.deep",
  '.["odd key"]',
  ".name?",
  ".[]?",
];

const PATTERNS = [
  "^0",
  "[0-9]+",
  "\\\\d{2}",
  "\\\\b[a-z]",
  "[a-z]+$",
  "(?<y>\\\\d{4})-(?<m>\\\\d{2})",
  "^",
  "$",
  "",
  "\\\\s+",
  "[^a-zA-Z0-9]",
  "(a|e|i)",
  "x*",
  "(?<first>.)(?<rest>.*)",
  "\\\\w+@(?<host>[\\\\w.]+)",
  "\\\\p{L}",
  "é",
  "/",
  ".",
  "^[A-Z]",
  "(?i)berlin",
  "(\\\\d+)?z?",
  "-",
  "T.*",
  "[[:alpha:]]+",
  "a{2,}",
  "\\\\.[a-z]+$",
  "(x)|(y)",
];
const FLAGS = ["g", "i", "x", "s", "n", "l", "gi", "p", "gn", "ng"];
const TEXTS = [
  "",
  "a",
  "-",
  "/",
  ",",
  "x",
  "2023",
  "é",
  "prefix-",
  " ",
  "O'Neil (x)",
  "%41",
  "\\u00e9\\n",
  "a\\tb",
  "😀",
  "null",
  "0",
];
const NUMBERS = [
  "0",
  "1",
  "-1",
  "2",
  "10",
  "0.5",
  "1.10",
  "1e3",
  "1e-7",
  "1e17",
  "9007199254740993",
  "1e1000",
  "-0",
  "3.999",
  "255",
  "1700000000",
  "1700000000000",
  "4102444800",
  "-1.5",
  "0.1",
  "1e-5",
  "16",
  "1000000",
];
const STRFTIME_FORMATS = [
  "%Y/%m/%d/%H",
  "%Y-%m-%dT%H:%M:%SZ",
  "%A, %B %d, %Y",
  "year=%Y/month=%m/day=%d",
  "%G-W%V-%u",
  "%s",
  "%j",
  "%I:%M %p",
];
const STRPTIME_FORMATS: Readonly<Record<string, readonly string[]>> = {
  ".time": ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%Z", "%FT%TZ", "%Y-%m-%dT%T%z"],
  ".day": ["%Y-%m-%d", "%F", "%Y-%m", "%Y", "%Y-%U-%w", "%Y-%j"],
  ".us": ["%m/%d/%Y %I:%M:%S %p", "%D %r", "%m/%d/%y %I:%M:%S %p", "%x %X"],
  ".log": ["%d/%b/%Y:%H:%M:%S %z", "%d/%b/%Y:%T %Z", "%e/%h/%Y:%k:%M:%S %z"],
  ".rfc": ["%a, %d %b %Y %H:%M:%S %Z", "%A, %d %B %Y %T GMT", "%a, %d %b %Y"],
  ".clock": ["%H:%M", "%I:%M %p", "%R", "%l:%M %p", "%H%M"],
};
const FORMATS = [
  "@text",
  "@json",
  "@csv",
  "@tsv",
  "@html",
  "@uri",
  "@sh",
  "@base64",
  "@base64d",
  "@base32",
];
const MATH = [
  "floor",
  "sqrt",
  "ceil",
  "round",
  "fabs",
  "trunc",
  "exp",
  "exp2",
  "exp10",
  "log",
  "log2",
  "log10",
  "cbrt",
  "sin",
  "cos",
  "tan",
  "atan",
  "significand",
  "logb",
  "gamma",
  "lgamma",
  "tgamma",
  "frexp",
  "modf",
  "nearbyint",
  "rint",
  "expm1",
  "log1p",
  "sinh",
  "tanh",
  "asin",
  "acos",
  "drem(.; 3)",
  "ldexp(.; 2)",
  "scalb(.; 1)",
  "scalbln(.; 1)",
  "pow(.; 2)",
  "pow(2; .)",
  "atan2(.; 2)",
  "fma(.; 2; 1)",
  "fmin(.; 2)",
  "fmax(.; 2)",
  "fmod(.; 7)",
  "hypot(.; 1)",
  "copysign(.; -1)",
  "pow10",
  "y0",
  "j1",
  "lgamma_r",
  "infinite",
  "nan",
  "isnan",
  "isinfinite",
  "isnormal",
  "abs",
  "toarray",
];
/**
 * Right, wrong, and right in other versions only. Left out is what the sandbox does in its own way
 * (docs/jq.md): `input`, `halt`, modules, the environment, `nan` as JSON.
 */
const CURIOSITIES = [
  ". as {a: $end} | $end",
  "{$__loc__}",
  "$__loc__",
  "$__prog_args",
  "1/0",
  ".id / 0",
  "1 % 0",
  "if .ok then 1 end",
  "pick(.name)",
  "debug",
  "stderr",
  'scan("x"; "g")',
  "limit(0; 1, 2)",
  "first(empty)",
  "{if}",
  "{if: 1}",
  '.user.["name"]',
  ".tags.[0]",
  "$ENV.PATH",
  "env.PATH",
  "error(null)",
  "try error(null) catch .",
  "error",
  'try error("x") catch .',
  '(try fromdate catch "bad") | .[0:3]',
  '.time | (try fromdate catch "bad") | .[0:3]',
  "[.[]?]",
  "..",
  "[..] | length",
  "{(.name): 1}",
  '{"a b": 1}',
  "{a: (1, 2)}",
  "{name, city}",
  "{$x}",
  "@base32d",
  "ltrimstr(1)",
  "implode",
  "[65, 0x41]",
  'getpath(["user", "name"])',
  'getpath(["name", "x"])',
  'splits("a")',
  "ascii",
  '@json "x\\(.)"',
  '@sh "echo \\(.name)"',
  '@uri "?q=\\(.name)"',
  "@csv",
  'ltrimstr("a")',
  "min_by(.x)",
  "group_by(.)",
  "tojson | fromjson",
  ".tags | implode",
  ".name | explode | implode",
  '.["name"]',
  ".name.x",
  ".tags.x",
  ".name[0]",
  ".id[0]",
  "reduce .sizes[] as $x (0; . + $x)",
  "reduce .sizes[] as [$a, $b] (0; . + $a)",
  "foreach .sizes[] as $x (0; . + $x; [$x, .])",
  "label $out | .sizes[] | if . > 2 then ., break $out else . end",
  "[limit(2; .tags[])]",
  "[.sizes[] as $x | $x * 2]",
  "[range(5)]",
  "[range(0; 10; 3)]",
  "[range(5; 0; -2)]",
  "[while(. < 3; . + 1)]",
  "[recurse(if . < 3 then . + 1 else empty end)]",
  "until(true; .)",
  "getpath([])",
  "[paths]",
  '[paths(type == "number")]',
  "[leaf_paths]",
  "tostream",
  "[tostream] | fromstream(.[])",
  "truncate_stream(1; [[0], 1])",
  'walk(if type == "number" then . + 1 else . end)',
  'env.HOME // "x"',
  'splits(", *"; null)',
  "ascii_downcase",
  "@text",
  "not",
  "get_search_list | length",
  "input_filename | type",
  "ltrimstr",
  "def f: . + 1; .id | f",
  "def f(x): x * 2; f(.id)",
  "def f($a; $b): $a + $b; f(1; 2)",
  "[.sizes[] | select(. > 1)]",
  "any(.sizes[]; . > 2)",
  "all(.sizes[]; . > 0)",
  '[.sizes[] | tostring] | join("-")',
  '.tags | join(",")',
  '.mixed | join(",")',
  "add",
  '.items | map(.sku) | join("/")',
  ".items | INDEX(.sku)",
  "IN(.id; 1, 2)",
  "[.items[] | {(.sku): .n}] | add",
  "to_entries",
  "with_entries(.value |= tostring)",
  '.labels | to_entries | map("\\(.key)=\\(.value)") | join("&")',
  "del(.user)",
  'delpaths([["user"], ["tags", 0]])',
  "to_entries | from_entries",
  ".tags |= sort",
  ".user.age += 1",
  ".new //= 3",
  ".sizes[0] = 9",
  "(.name, .city) |= ascii_upcase",
  ".sizes |= map(select(. > 1))",
  ".user |= with_entries(.key |= ascii_upcase)",
  'has("name")',
  "has(0)",
  '.tags | contains(["a"])',
  '.name | contains("e")',
  "inside({})",
  '.tags | index("b")',
  '.name | indices("e")',
  '.name | index("n")',
  '.name | rindex("n")',
  "combinations",
  "[[1, 2], [3, 4]] | [combinations]",
  "[.sizes, .tags] | transpose",
  "flatten",
  ".mixed | flatten",
  ".mixed | flatten(1)",
  ".mixed | flatten(-1)",
  ".sizes | bsearch(2)",
  ".sizes | min, max",
  ".mixed | sort",
  ".mixed | unique",
  ".mixed | group_by(type)",
  ".items | sort_by(.n)",
  ".items | unique_by(.sku)",
  ".items | max_by(.n)",
  ".name | @json | fromjson",
  ".code | tonumber",
  ".code | fromjson",
  '"1e1000" | tonumber',
  '.name | ltrimstr("O") | rtrimstr("x")',
  ".name * 2",
  ".name * 0",
  '.name / " "',
  '.tags - ["a"]',
  ".user + {x: 1}",
  ".user * {x: {y: 1}}",
  ".id + .name",
  "{} + 1",
  "[1] + [2]",
  "null + 1",
  ".id - .name",
  ".name % 2",
  ".id % 7",
  ".ms % 1000",
  "-.id",
  "-.name",
  "18446744073709551615 % 16",
  "5 % -2",
  "-5 % 3",
  ".lat % 1",
  "1e19 % 7",
  "splits",
  "tojson",
  "[.[] | tojson] | length",
  "utf8bytelength",
  ".name | utf8bytelength",
  ".name | length",
  ".id | length",
  "length",
  "keys",
  "keys_unsorted",
  "map(1)",
  "map_values(1)",
  "path(..)",
  "[path(.user.name)]",
  "type",
  "now | type",
  "localtime | type",
  '@html "<\\(.name)>"',
  '"\\(1;2)"',
  "{a:1}|.a as $x|$x",
  ". as [$a, {b: $c}] | $a",
  '.items[] as {sku: $s, n: $n} | "\\($s):\\($n)"',
  ".[] as [$a] ?// $a | $a",
  'try (1, error("x"), 3) catch .',
  "(1, 2) as $x | $x",
  "first(.tags[])",
  "last(.tags[])",
  "nth(1; .tags[])",
  "isvalid(.name)",
  "error({a: 1})",
  "try error({a: 1}) catch .a",
  "(.a, .b) = 1",
  'getpath(["a", 0])',
  "ascii(65)",
  '@base64 "\\(.name)"',
  "significand",
  'tojson | test("x")',
  "getpath([1])?",
  "limit(-1; 1, 2)",
  "first",
  "last",
  ".[-1:]",
  ".name[-3:]",
  ".name[:2]",
  ".name[1:3]",
  ".tags[1:]",
  ".tags[-1]",
  ".tags[1.7]",
  ".id[1:2]",
  '.["a", "b"]',
  "..|numbers",
  "[..|strings]",
  ".. == 1",
  "[.[]?|scalars]",
  "splits(1)",
  "env.A",
  "input_filename",
  "$x",
  "foo",
  "foo(1)",
  "{a",
  "[1",
  '"\\(',
  "'a'",
  ".a b",
  "if",
  "try",
  "reduce",
  ". |",
  "| .",
  "}",
  "{a: 1,, b: 2}",
  "{a: 1 2}",
  ".a.",
  "..a",
  ".[",
  "1 as x | x",
  "def f: 1",
  'import "a" as a; 1',
  'include "a"; 1',
  "{a: .b // 1}",
  "{a: .b | 1}",
  "{a: (.b // 1)}",
  "{a: .b and 1}",
  "{a: -1}",
  "{a: 1 + 1}",
  ".a == .b == .c",
  "1 - 1 - 1",
  ".a // .b // 3",
  ". as $x | $y",
  "break $x",
  "label $f | break $g",
  "@foo",
  '@foo "x"',
  '"\\x"',
  '"\\ud83d"',
  '"\\ud83d\\ude00"',
  "01",
  "1.",
  ".5",
  "1e",
  "1.2.3",
  "0x10",
  "nan < 1",
  "[nan] | sort",
  "nan == nan",
  "[nan, 1] | min",
  "infinite | tostring",
  "-infinite | tostring",
  "[infinite]",
  "nan | tostring",
  "1e400",
  "-1e400",
  "null | not",
  "1 | not",
  '"" | not',
  "[] | add",
  "{} | add",
  "null | length",
  "true | length",
  "-5 | length",
  "[] | first",
  "[] | last",
  "[3] | first",
  'getpath(["a"]; 1)',
  'ltrimstr("a"; 1)',
  "map(.)",
  "recurse | numbers",
  "recurse_down | numbers",
  "tojson|@sh",
  "[1, [2]] | @csv",
  '[1, "a\\"b", null, true, 1.10] | @csv, @tsv, @sh',
  "{a: 1} | @csv, @html",
  "[.sizes[] | -.]",
  'splits("[")',
  'test("(")',
  'test("a"; "q")',
  'test(["A", "i"])',
  'match(["a", "g"])',
  'capture("(?<x>a)|(?<y>b)")',
  "ascii_downcase | ascii_upcase",
  'sub("(?<x>.)"; "\\(.x)\\(.x)"; "g")',
  'gsub(""; "-")',
  'gsub("^"; ">")',
  'gsub("$"; "<")',
  'gsub("a"; "b", "c")',
  '[gsub("a"; "b", "c")]',
  'sub("a"; null)',
  "ascii_downcase?",
  "tojson[0:10]",
];

/** Makes expressions and records. */
export class Grammar {
  constructor(readonly random: Random) {}

  #below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)];
  }

  #oneIn(count: number): boolean {
    return this.#below(count) === 0;
  }

  /** An expression for a key of a partition. */
  expression(): string {
    if (this.#oneIn(4)) return this.#curiosity();
    return this.#of(
      this.#pick<Kind>(["text", "text", "number", "date", "date", "any", "array", "object"]),
      2,
    );
  }

  #curiosity(): string {
    const first = this.#pick(CURIOSITIES);
    if (this.#oneIn(2)) return first;
    const field = this.#pick([...TEXT_FIELDS, ...NUMBER_FIELDS, ...ARRAY_FIELDS, ...OBJECT_FIELDS]);
    return `${field} | ${first}`;
  }

  #of(kind: Kind, depth: number): string {
    // Something of a wrong kind, for the errors.
    if (this.#oneIn(12)) {
      kind = this.#pick<Kind>(["text", "number", "array", "object", "boolean", "any"]);
    }
    if (depth === 0) return this.#leaf(kind);
    switch (kind) {
      case "text":
        return this.#text(depth - 1);
      case "number":
        return this.#number(depth - 1);
      case "boolean":
        return this.#boolean(depth - 1);
      case "array":
        return this.#array(depth - 1);
      case "object":
        return this.#object(depth - 1);
      case "date":
        return this.#date(depth - 1);
      default:
        return this.#control(depth - 1);
    }
  }

  #leaf(kind: Kind): string {
    switch (kind) {
      case "text":
        return this.#oneIn(4) ? `"${this.#pick(TEXTS)}"` : this.#pick(TEXT_FIELDS);
      case "number":
        return this.#oneIn(3) ? this.#pick(NUMBERS) : this.#pick(NUMBER_FIELDS);
      case "boolean":
        return this.#pick([...BOOLEAN_FIELDS, "true", "false"]);
      case "array":
        return this.#pick(ARRAY_FIELDS);
      case "object":
        return this.#pick(OBJECT_FIELDS);
      case "date":
        return this.#pick(DATE_FIELDS);
      default:
        return this.#pick([...OTHER_FIELDS, ...TEXT_FIELDS, ...NUMBER_FIELDS, "null", "empty"]);
    }
  }

  #text(depth: number): string {
    const text = () => this.#of("text", depth);
    const pattern = () => `"${this.#pick(PATTERNS)}"`;
    const flags = () => this.#oneIn(3) ? `; "${this.#pick(FLAGS)}"` : "";
    return this.#pick([
      () =>
        `"${this.#pick(["v", "a=", ""])}\\(${
          this.#of(this.#pick<Kind>(["number", "text", "any", "array"]), depth)
        })"`,
      () =>
        `(${this.#of(this.#pick<Kind>(["number", "any", "array", "object"]), depth)} | ${
          this.#pick(["tostring", "tojson"])
        })`,
      () =>
        `(${text()} | ${
          this.#pick(["ascii_downcase", "ascii_upcase", "tojson", "explode | implode", "tostring"])
        })`,
      () => `(${text()} | ${this.#pick(FORMATS)})`,
      () => `(${this.#of("array", depth)} | ${this.#pick(FORMATS)})`,
      () =>
        `(${text()} | ${this.#pick(["sub", "gsub"])}(${pattern()}; "${
          this.#pick(TEXTS)
        }"${flags()}))`,
      () => `(${text()} | ${this.#pick(["ltrimstr", "rtrimstr"])}("${this.#pick(TEXTS)}"))`,
      () => `(${text()} | split("${this.#pick(TEXTS)}") | .[${this.#below(3) - 1}])`,
      () =>
        `(${text()} | [${this.#pick(["match", "scan", "capture"])}(${pattern()}${""})] | ${
          this.#pick([".[0]", "length", "tojson"])
        })`,
      () =>
        `(${text()} | [match(${pattern()}${flags()}) | ${
          this.#pick([".string", ".offset", ".length", ".captures"])
        }])`,
      () => `(${text()} | split(${pattern()}; ${this.#pick(["null", '"g"', '"i"'])}))`,
      () => `(${text()} + ${text()})`,
      () => `${this.#leaf("text")}[${this.#pick([":2", "1:", "0:4", "-3:", "2:1", ":-1"])}]`,
      () => `(${this.#of("array", depth)} | join("${this.#pick(TEXTS)}"))`,
      () => `(${text()} // "${this.#pick(TEXTS)}")`,
      () => `(${this.#of("any", depth)} | type)`,
      () => `(${this.#of("number", depth)} | todate)`,
    ])();
  }

  #number(depth: number): string {
    const number = () => this.#of("number", depth);
    return this.#pick([
      () => `(${number()} ${this.#pick(["+", "-", "*", "/", "%"])} ${number()})`,
      () => `(${number()} | ${this.#pick(MATH)})`,
      () =>
        `(${this.#of("text", depth)} | ${this.#pick(["length", "utf8bytelength", "tonumber"])})`,
      () =>
        `(${this.#of("array", depth)} | ${
          this.#pick(["length", "add", "min", "max", "first", "last"])
        })`,
      () => `(${this.#of("date", depth)} | ${this.#pick(["fromdate", "fromdateiso8601"])})`,
      () => `(${number()} | gmtime | mktime)`,
      () => `-${this.#leaf("number")}`,
      () => number(),
    ])();
  }

  #boolean(depth: number): string {
    const any = () => this.#of("any", depth);
    return this.#pick([
      () => `(${any()} ${this.#pick(["==", "!=", "<", "<=", ">", ">="])} ${any()})`,
      () => `(${this.#of("text", depth)} | test("${this.#pick(PATTERNS)}"))`,
      () =>
        `(${this.#of("text", depth)} | ${this.#pick(["startswith", "endswith", "contains"])}("${
          this.#pick(TEXTS)
        }"))`,
      () =>
        `(${this.#of("boolean", depth)} ${this.#pick(["and", "or"])} ${
          this.#of("boolean", depth)
        })`,
      () => `(${this.#of("object", depth)} | has("${this.#pick(["name", "sku", "x"])}"))`,
      () => `(${any()} | not)`,
    ])();
  }

  #array(depth: number): string {
    return this.#pick([
      () => `[${this.#of("any", depth)}, ${this.#of("any", depth)}]`,
      () =>
        `(${this.#of("array", depth)} | ${
          this.#pick([
            "sort",
            "unique",
            "reverse",
            "flatten",
            "map(tostring)",
            "map(. + 1)",
            "map(length)",
            ".[1:]",
            "del(.[0])",
            "to_entries",
            "map(select(. != null))",
          ])
        })`,
      () =>
        `(${this.#of("object", depth)} | ${
          this.#pick(["keys", "to_entries", "[.[]]", "[paths]", "map_values(1) | keys"])
        })`,
      () => `(${this.#of("date", depth)} | ${this.#parsed()})`,
      () => `(${this.#of("number", depth)} | ${this.#pick(["gmtime", "localtime"])})`,
      () => `(${this.#of("text", depth)} | explode)`,
    ])();
  }

  #object(depth: number): string {
    return this.#pick([
      () => `{a: ${this.#leaf("any")}, b: (${this.#of("any", depth)})}`,
      () => `(${this.#of("object", depth)} + {x: ${this.#leaf("number")}})`,
      () =>
        `(${this.#of("object", depth)} | ${
          this.#pick([
            "del(.name)",
            "with_entries(.value |= tostring)",
            "map_values(type)",
            "to_entries | from_entries",
          ])
        })`,
      () => `(${this.#of("text", depth)} | capture("${this.#pick(PATTERNS)}"))`,
    ])();
  }

  #parsed(): string {
    return `strptime("${this.#strptimeFormat(this.#pick(DATE_FIELDS))}")`;
  }

  #strptimeFormat(field: string): string {
    if (!this.#oneIn(4)) return this.#pick(STRPTIME_FORMATS[field]);
    return Array.from({ length: 1 + this.#below(3) }, () => `%${this.#pick([...STRPTIME_LETTERS])}`)
      .join(this.#pick(["", " ", "-"]));
  }

  #strftimeFormat(): string {
    if (this.#oneIn(2)) return this.#pick(STRFTIME_FORMATS);
    const flags = () =>
      this.#oneIn(4) ? this.#pick(["-", "_", "0", "^", "#", "10", "_5", "E", "O"]) : "";
    return Array.from(
      { length: 1 + this.#below(4) },
      () => `%${flags()}${this.#pick([...STRFTIME_LETTERS])}`,
    ).join(this.#pick(["", "-", "/"]));
  }

  #date(depth: number): string {
    const field = this.#pick(DATE_FIELDS);
    const format = this.#strptimeFormat(field);
    return this.#pick([
      () =>
        `(${this.#of("number", depth)} | ${
          this.#pick(["strftime", "strflocaltime"])
        }("${this.#strftimeFormat()}"))`,
      () => `(${field} | strptime("${format}") | strftime("${this.#strftimeFormat()}"))`,
      () => `(${field} | strptime("${format}") | mktime)`,
      () =>
        `(${field} | strptime("${format}") | mktime | ${
          this.#pick(["todate", 'strftime("%F %T")', "gmtime"])
        })`,
      () => `(${field} | strptime("${format}"))`,
      () =>
        `(${this.#of("number", depth)} | ${
          this.#pick(["gmtime", "todate", "date", "localtime", 'dateadd("seconds"; 10)'])
        })`,
      () => `(${field} | sub("\\\\.[0-9]+"; "") | fromdate)`,
      () => `(${field} | try fromdate catch "bad")`,
      () =>
        `([${this.#pick(["2024", "1970", "1900", "2038", "9999"])}, ${this.#below(14)}, ${
          this.#below(33)
        }, ${this.#below(25)}, ${this.#below(61)}, ${this.#below(62)}, ${this.#below(8)}, ${
          this.#below(367)
        }] | ${
          this.#pick(["mktime", `strftime("${this.#strftimeFormat()}")`, "mktime | gmtime"])
        })`,
    ])();
  }

  #control(depth: number): string {
    const of = (kind: Kind) => this.#of(kind, depth);
    return this.#pick([
      () => `if ${of("boolean")} then ${of("any")} else ${of("any")} end`,
      () => `(try ${of("any")} catch ${this.#pick([".", '"bad"', "length"])})`,
      () => `(${of("any")} // ${of("any")})`,
      () => `(${of("any")})?`,
      () =>
        `[${of("array")}[]${this.#pick(["", "?"])} | ${
          this.#pick([".", "tostring", "select(. > 1)", "type", ".sku?"])
        }]`,
      () => `(${of("any")} as $x | [$x, ${of("any")}])`,
      () => `reduce ${of("array")}[] as $x (${this.#pick(["0", "null", '""', "[]"])}; . + $x)`,
      () => `[foreach ${of("array")}[] as $x (0; . + 1; "\\(.)\\($x)")]`,
      () => `first(${of("array")}[])`,
      () =>
        `(${of("object")} | ${
          this.#pick([".name |= ascii_upcase", ".id += 1", "del(.tags)", ".x = 1", "to_entries[0]"])
        })`,
      () => this.#of(this.#pick<Kind>(["text", "number", "boolean", "date"]), depth),
      () => this.#curiosity(),
    ])();
  }

  /** A record with the fields that expressions name; some are missing, some of another kind. */
  record(): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    for (const [name, choices] of Object.entries(FIELDS)) {
      if (!this.#oneIn(15)) {
        record[name] = this.#oneIn(20) ? this.#pick(ODD_VALUES) : this.#pick(choices);
      }
    }
    return record;
  }
}

const ODD_VALUES: readonly unknown[] = [null, "", 0, "x", [], {}, true, 1.5, "2023-11-14"];

const FIELDS: Readonly<Record<string, readonly unknown[]>> = {
  name: [
    "Ada",
    "O'Neil (x)",
    "Zoë Łuk",
    "anna banana",
    "",
    "a,b;c",
    "100% & more",
    "日本 語",
    "😀 smile",
    "tab\there",
  ],
  city: ["Berlin", "new york", "SÃO PAULO", "xxyx", "Köln-Süd"],
  code: ["007", "12", "1e3", "-5", "0x1F", " 7", "abc", "1.10"],
  email: ["ada@example.com", "x.y+z@mail.example.org", "none"],
  path: ["/a/b/c.txt", "logs/2023/11/14/", "a//b", "?q=1&r=2"],
  note: ["line\nbreak", 'quote " and \\ back', "<b>&'\"", "aa bb aa", "  padded  "],
  id: [1, 42, 12345678901, 1e17, 123456789.125, 0, -7],
  price: [1.1, 19.99, 0, 1e-7, 1e21, 3],
  lat: [-0.3, 52.5, 0.5, -1.5, 2.5, 1e-5],
  count: [0, 1, 2, 10, 255, -3],
  ts: [1700000000, 0, 1699999999.75, 4102444800, -86400, 951782400, 1700000000123],
  ms: [1700000000123, 1e12, 0, 253402300800000],
  ok: [true, false],
  user: [{ name: "Bob", age: 31, admin: true }, { name: "eve", age: 2.5, admin: false }, {
    age: 0,
  }],
  tags: [["a", "b", "c"], ["x"], [], ["b", "a", "b"], ["é", ""]],
  sizes: [[1, 2, 3], [3, 1.5, 2], [10, 9], [0]],
  items: [[{ sku: "s1", n: 2 }, { sku: "s2", n: 1 }], [{ sku: "z", n: 5 }], []],
  mixed: [[1, "a", null, true, [2]], [null, 0, "", {}], [[1, [2, [3]]], "x"], [1e3, "1e3", 1.10]],
  labels: [{ env: "prod", team: "a b" }, { b: 1, a: 2 }, {}],
  nothing: [null],
  "odd key": ["odd"],
  time: [
    "2023-11-14T22:13:20Z",
    "2024-02-29T00:00:00Z",
    "2023-11-14T22:13:20.123Z",
    "2023-11-14T22:13:20+02:00",
    "1969-12-31T23:59:59Z",
    "2038-01-19T03:14:08Z",
    "2023-11-14 22:13:20",
    "2100-03-01T12:00:00Z",
  ],
  day: [
    "2023-11-14",
    "2024-02-29",
    "2023-11",
    "2023",
    "2023-02-31",
    "2023-318",
    "2023-46-2",
    "1999-12-31",
  ],
  us: [
    "11/14/2023 12:13:20 PM",
    "01/02/2024 12:00:00 AM",
    "1/2/24 3:04:05 pm",
    "12/31/1999 11:59:59 PM",
    "11/14/23 22:13:20",
  ],
  log: ["14/Nov/2023:22:13:20 +0000", "01/jan/2024:00:00:00 -0530", "29/Feb/2024:12:00:00 GMT"],
  rfc: [
    "Tue, 14 Nov 2023 22:13:20 GMT",
    "Tuesday, 14 November 2023 22:13:20 GMT",
    "Sun, 06 Nov 1994 08:49:37 UTC",
  ],
  clock: ["22:13", "12:05 AM", "7:30 pm", "2213", "24:00"],
};
