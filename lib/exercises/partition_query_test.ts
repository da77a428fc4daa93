import { partitionCases, partitionQuery } from "./partition_query.ts";
import { fairTest } from "./testing.ts";

const TIME = `(.time | strptime("%Y-%m-%dT%H:%M:%SZ"))`;
const part = (letter: string) => `(${TIME} | strftime("%${letter}"))`;
const query = (members: Readonly<Record<string, string>>) =>
  `{${Object.entries(members).map(([name, expression]) => `${name}: ${expression}`).join(", ")}}`;
const RIGHT = {
  database: ".database",
  table: ".table",
  year: part("Y"),
  month: part("m"),
  day: part("d"),
  hour: part("H"),
};
const but = (members: Readonly<Record<string, string>>) => query({ ...RIGHT, ...members });
const without = (member: keyof typeof RIGHT) =>
  query(Object.fromEntries(Object.entries(RIGHT).filter(([name]) => name !== member)));

fairTest("2.1", {
  casesOf: partitionCases,
  right: {
    "the published one": partitionQuery,
    "slices": query({
      ...RIGHT,
      year: ".time[0:4]",
      month: ".time[5:7]",
      day: ".time[8:10]",
      hour: ".time[11:13]",
    }),
    "keys in another order": query(Object.fromEntries(Object.entries(RIGHT).toReversed())),
    "short forms of members": "{database, table} + " + query({
      year: part("Y"),
      month: part("m"),
      day: part("d"),
      hour: part("H"),
    }),
    "split": `(.time | split("T")) as $t | ($t[0] | split("-")) as $d | ` +
      query({ ...RIGHT, year: "$d[0]", month: "$d[1]", day: "$d[2]", hour: "$t[1][0:2]" }),
    "a variable for the time": `${TIME} as $time | ` +
      query({ ...RIGHT, year: `($time | strftime("%Y"))`, hour: `($time | strftime("%H"))` }),
  },
  wrong: {
    "the starter: two keys": "{database: .database, table: .table}",
    "no database": without("database"),
    "no hour": without("hour"),
    "no month": without("month"),
    "year of two digits": but({ year: part("y") }),
    "minutes in place of the month": but({ month: part("M") }),
    "the name of the month": but({ month: part("B") }),
    "the day of the year": but({ day: part("j") }),
    "the day of the week": but({ day: part("u") }),
    "twelve hours": but({ hour: part("I") }),
    "minutes in place of hours": but({ hour: part("M") }),
    "month and day exchanged": but({ month: part("d"), day: part("m") }),
    "numbers in place of text": but({ year: `(${TIME} | .[0])` }),
    "months from zero": but({ month: `(${TIME} | .[1] | tostring)` }),
    "a constant database": but({ database: `"shop"` }),
    "database and table exchanged": but({ database: ".table", table: ".database" }),
    "another name": but({ minute: part("M") }),
    "a time that does not fit the pattern": but({
      year: `(.time | strptime("%Y-%m-%d %H:%M:%S") | strftime("%Y"))`,
    }),
    "it does not parse": "{database: .database, table: .table, year: }",
    "only the values": "[.database, .table]",
  },
});
