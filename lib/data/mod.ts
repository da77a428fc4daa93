/**
 * Sample data of the course.
 * @module
 */

export { type SampleEvent, sampleEvents } from "./events.ts";
export { gzipJson } from "./gzip.ts";
export { idOf, missingOf } from "./ids.ts";
export { jsonBytes, parseJsonLines } from "./json.ts";
export { type LargeEvent, largeEvents } from "./large_events.ts";
export { fakePeople, type Person } from "./people.ts";
export { jq, JqError, jqRows } from "./jq.ts";
export { ESCAPE_KEY_VALUE_JQ } from "./key_value_jq.ts";
