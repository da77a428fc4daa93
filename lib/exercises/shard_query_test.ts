import { shardCases, shardQuery } from "./shard_query.ts";
import { fairTest } from "./testing.ts";

const DAY = "day: .time[0:10]";

fairTest("2.2", {
  casesOf: shardCases,
  right: {
    "the published one": shardQuery,
    "keys in another order":
      `{${DAY}, shard: (.row.customerId // "" | if . == "" then "none" else .[0:1] end)}`,
    "alternatives only":
      `{shard: ((.row.customerId // "")[0:1] | if . == "" then "none" else . end), ${DAY}}`,
    "by length":
      `{shard: (if (.row.customerId | length) > 0 then .row.customerId[0:1] else "none" end), ${DAY}}`,
    "by select":
      `{shard: ((.row.customerId | select(. != null and . != "") | .[0:1]) // "none"), ${DAY}}`,
    "by explode":
      `{shard: ([.row.customerId // "" | explode[0:1][]] | if . == [] then "none" else implode end), ${DAY}}`,
    "by a variable":
      `(.row.customerId // "") as $id | {shard: (if $id == "" then "none" else $id[0:1] end), day: (.time | split("T")[0])}`,
  },
  wrong: {
    "the starter": `{shard: .row.customerId[0:1], ${DAY}}`,
    "a default for null only": `{shard: (.row.customerId // "none" | .[0:1]), ${DAY}}`,
    "a default after cutting": `{shard: (.row.customerId[0:1] // "none"), ${DAY}}`,
    "the whole id": `{shard: (.row.customerId // "" | if . == "" then "none" else . end), ${DAY}}`,
    "two letters":
      `{shard: (.row.customerId // "" | if . == "" then "none" else .[0:2] end), ${DAY}}`,
    "the last letter":
      `{shard: (.row.customerId // "" | if . == "" then "none" else .[-1:] end), ${DAY}}`,
    "a constant day":
      `{shard: (.row.customerId // "" | if . == "" then "none" else .[0:1] end), day: "2026-11-25"}`,
    "no day": `{shard: (.row.customerId // "" | if . == "" then "none" else .[0:1] end)}`,
    "the whole time":
      `{shard: (.row.customerId // "" | if . == "" then "none" else .[0:1] end), day: .time}`,
    "the month":
      `{shard: (.row.customerId // "" | if . == "" then "none" else .[0:1] end), day: .time[0:7]}`,
    "two of sixteen digits":
      `{shard: (.row.customerId // "" | if . == "" then "none" elif .[0:1] == "7" then "7" else "f" end), ${DAY}}`,
    "digits only, letters are none":
      `{shard: (.row.customerId // "" | if test("^[0-9]") then .[0:1] else "none" end), ${DAY}}`,
    "always none": `{shard: "none", ${DAY}}`,
    "an empty shard": `{shard: (.row.customerId // "" | .[0:1]), ${DAY}}`,
    "null in place of none":
      `{shard: (.row.customerId // "" | if . == "" then null else .[0:1] end), ${DAY}}`,
    "another name for a key":
      `{Shard: (.row.customerId // "" | if . == "" then "none" else .[0:1] end), ${DAY}}`,
    "one key more":
      `{shard: (.row.customerId // "" | if . == "" then "none" else .[0:1] end), ${DAY}, id: .id}`,
    "upper case":
      `{shard: (.row.customerId // "" | if . == "" then "none" else (.[0:1] | ascii_upcase) end), ${DAY}}`,
    "it does not parse": `{shard: .row.customerId[0:1, ${DAY}}`,
    "two results": `{shard: "a", ${DAY}}, {shard: "b", ${DAY}}`,
    "events without a customer are left out":
      `select(.row.customerId) | {shard: .row.customerId[0:1], ${DAY}}`,
  },
});
