/**
 * Sample data of the course.
 * @module
 */

export { jsonBytes, parseJsonLines } from "./json.ts";
export { fakePeople, type Person } from "./people.ts";
