import { assertStringIncludes } from "@std/assert";
import type { JsonObject } from "../../lambda/document.ts";
import { partitionKeysOf } from "../../lambda/partition_keys.ts";
import { countryCases, type CountryKeys, countryKeys } from "./country_key.ts";
import { fairTest } from "./testing.ts";

/** An event as a reader sees it who trusts its shape. */
interface Trusted {
  readonly row?: { readonly address?: { readonly countryCode?: unknown } | null } | null;
}

/** Adds `country` to the keys that the project reads. */
const withCountry = (countryOf: (event: Trusted) => unknown): CountryKeys => (document) => {
  const keys = partitionKeysOf(document);
  if (keys.reason !== undefined) return keys;
  return { value: { ...keys.value, country: textOf(countryOf(document)) } };
};

/** What TypeScript would not let through, but JavaScript does. */
const textOf = (value: unknown): string =>
  JSON.parse(JSON.stringify({ value: value ?? null })).value;

const codeOf = ({ row }: Trusted) => row?.address?.countryCode;
const lower = (code: unknown) => typeof code === "string" ? code.toLowerCase() : code;

fairTest("3.2", {
  casesOf: countryCases,
  right: {
    "the published one": countryKeys,
    "optional chaining": withCountry((event) => {
      const code = codeOf(event);
      return typeof code === "string" && code ? code.toLowerCase() : "unknown";
    }),
    "a list of defaults": withCountry((event) =>
      [codeOf(event), "unknown"].filter((it) => typeof it === "string").find((it) => it !== "")
        ?.toLowerCase()
    ),
    "try and catch": withCountry(({ row }) => {
      try {
        return JSON.parse(JSON.stringify(row)).address.countryCode.toLowerCase() || "unknown";
      } catch {
        return "unknown";
      }
    }),
    "a pattern": withCountry((event) =>
      /^"(.+)"$/.exec(JSON.stringify(codeOf(event)) ?? "")?.[1].toLowerCase() ?? "unknown"
    ),
  },
  wrong: {
    "the starter: no country": partitionKeysOf,
    "always no": withCountry(() => "no"),
    "always unknown": withCountry(() => "unknown"),
    "upper case": withCountry((event) => {
      const code = codeOf(event);
      return typeof code === "string" && code ? code : "unknown";
    }),
    "an empty country": withCountry((event) => lower(codeOf(event)) ?? "unknown"),
    "no default": withCountry((event) => lower(codeOf(event))),
    "a number throws": withCountry((event) => {
      const code = codeOf(event);
      if (typeof code === "number") throw new TypeError("code.toLowerCase is not a function");
      return lower(code) || "unknown";
    }),
    "a number becomes a key": withCountry((event) => `${codeOf(event) || "unknown"}`.toLowerCase()),
    "null becomes a key": withCountry((event) => `${codeOf(event)}`.toLowerCase() || "unknown"),
    "no row throws": withCountry((event) => {
      if (!event.row) throw new TypeError("Cannot read properties of undefined");
      return lower(codeOf(event)) || "unknown";
    }),
    "no address throws": withCountry((event) => {
      if (event.row && !event.row.address) {
        throw new TypeError("Cannot read properties of undefined");
      }
      return lower(codeOf(event)) || "unknown";
    }),
    "other keys are lost": (document: JsonObject) => {
      const keys = countryKeys(document);
      return keys.value ? { value: { country: keys.value.country } } : keys;
    },
    "the table is lost": (document: JsonObject) => {
      const keys = countryKeys(document);
      if (!keys.value) return keys;
      const { table: _, ...others } = keys.value;
      return { value: others };
    },
    "the keys of another table": (document: JsonObject) => {
      const keys = countryKeys(document);
      return keys.value ? { value: { ...keys.value, table: "orders" } } : keys;
    },
    "the city": withCountry(({ row }) => {
      const city: unknown = row?.address && Reflect.get(Object(row.address), "city");
      return lower(city) || "unknown";
    }),
    "an event without a country fails": (document: JsonObject) => {
      const keys = countryKeys(document);
      return keys.value?.country === "unknown" ? { reason: "no country" } : keys;
    },
    "an event without a table is Ok": (document: JsonObject) => {
      const keys = countryKeys({ table: "none", ...document });
      return keys.value ? keys : countryKeys({ ...document, table: "none" });
    },
    "only two countries": withCountry((event) => codeOf(event) === "NO" ? "no" : "unknown"),
    "the first letter": withCountry((event) => {
      const code = codeOf(event);
      return typeof code === "string" && code ? code[0].toLowerCase() : "unknown";
    }),
    "another name": (document: JsonObject) => {
      const keys = countryKeys(document);
      if (!keys.value) return keys;
      const { country, ...others } = keys.value;
      return { value: { ...others, Country: country } };
    },
  },
});

Deno.test("exercise 3.2 says so when keys are beside `value` and not in it", () => {
  const beside: CountryKeys = (document) => ({ ...partitionKeysOf(document), country: "no" });
  const [first] = countryCases(beside);
  assertStringIncludes(`${first.gave()}`, "neither { value } nor { reason }: { value: {");
});
