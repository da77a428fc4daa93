/**
 * AWS for the notebooks: everything around the calls that a notebook teaches, which stand in its
 * cells. See `begin()` first.
 * @module
 */

export { deleteKeys, keysOf } from "./access_keys.ts";
export { alreadyThere } from "./already_there.ts";
export { answersSince, type LoggedAnswer } from "./answers_log.ts";
export { begin, type Lab } from "./begin.ts";
export { busyStream } from "./busy_stream.ts";
export type { Change } from "./change.ts";
export { cleanUp } from "./clean_up/mod.ts";
export { type ClientSettings, clientSettings, clientsOf } from "./clients.ts";
export { billedBytes, costOf, costTable, PRICES, type Usage } from "./cost.ts";
export { deliveryPolicy, ensureDelivery, trustPolicy } from "./delivery_role.ts";
export { type FailedRecord, failedRecordsUnder } from "./error_objects.ts";
export { onceKeyIsKnown, onceRoleIsKnown } from "./eventual.ts";
export { Fates, type Tally } from "./fates.ts";
export {
  type Invocations,
  invocationsIn,
  loggedEvents,
  type LogMessage,
  logMessages,
} from "./function_log.ts";
export { bundle } from "./function_package.ts";
export { ensureRolePolicy, PUT_BACK_POLICY, roleNameOf } from "./function_role.ts";
export {
  type Deployed,
  type DeployedModule,
  deployFunction,
  deployModule,
  isDeployed,
} from "./functions.ts";
export { freshGuest } from "./guest.ts";
export { Ledger, type LedgerEntry } from "./ledger.ts";
export { unlessMissing } from "./missing.ts";
export { COURSE_PROFILE, type Names, tagMap } from "./names.ts";
export { type ListedObject, objectsUnder, readBytes, readObject, readObjects } from "./objects.ts";
export { shortPath } from "./paths.ts";
export { masked, profileNames, profileSettings, writeProfile } from "./profiles.ts";
export { bytesOf, failedEntries, putAll } from "./put_all.ts";
export { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, RECORD_BYTES_MAX } from "../../lambda/batches.ts";
export {
  planRedrive,
  type Redrive,
  type Redriven,
  redriveOf,
  runRedrive,
  verifyRedrive,
} from "./redrive/mod.ts";
export { type Trial, tryStrategy } from "./strategy_trial.ts";
export { ensureStream, hintsOf, isActive, streamStatus } from "./streams.ts";
export { watchBuffer } from "./watch_buffer.ts";
