/**
 * `escapeKeyValue` of `lambda/key_value.ts` as jq, for streams that take their partition keys with
 * jq: the same text gives the same folder with both.
 * @module
 */

/**
 * A jq definition named `escape_key_value`. Put it before an expression and use it on each text:
 * `{database: (.database | escape_key_value)}`. jq's `@uri` leaves some signs as they are, another
 * choice in each version, so those are escaped one by one.
 */
export const ESCAPE_KEY_VALUE_JQ = String.raw`def escape_key_value: @uri
  | gsub("!"; "%21") | gsub("~"; "%7E") | gsub("\\*"; "%2A") | gsub("'"; "%27")
  | gsub("\\("; "%28") | gsub("\\)"; "%29") | gsub("%"; "!")
  | if startswith(".") then "!2E" + .[1:] elif startswith("_") then "!5F" + .[1:] else . end;`
  .replace(/\s+/g, " ");
