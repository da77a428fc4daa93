/**
 * Redrive: sends failed records from error objects again.
 * @module
 */

export { s3Progress } from "./progress_stores.ts";
export { planRedrive, type Redrive, type Redriven, runRedrive } from "./redrive.ts";
export { verifyRedrive } from "./verify.ts";
export { redriveOf } from "./redrive_of.ts";
