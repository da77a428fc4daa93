/**
 * AWS for the notebooks: everything around the calls that a notebook teaches, which stand in its
 * cells. See `begin()` first.
 * @module
 */

export { deleteKeys, keysOf } from "./place/access_keys.ts";
export { alreadyThere } from "./errors/already_there.ts";
export { answersSince, type LoggedAnswer } from "./measure/answers_log.ts";
export { begin, type Lab } from "./place/begin.ts";
export { busyStream } from "./streams/busy_stream.ts";
export type { Change } from "./deploy/change.ts";
export { cleanUp } from "./clean_up/mod.ts";
export { type ClientSettings, clientSettings, clientsOf } from "./place/clients.ts";
export { writeCourseProfile } from "./place/course_profile.ts";
export { billedBytes, costOf, costTable, PRICES, type Usage } from "./measure/cost.ts";
export { deliveryPolicy, ensureDelivery, trustPolicy } from "./deploy/delivery_role.ts";
export { type FailedRecord, failedRecordsUnder } from "./streams/error_objects.ts";
export { onceKeyIsKnown, onceRoleIsKnown, onceUserMayAct } from "./place/eventual.ts";
export { Fates, type Tally } from "./streams/arrivals.ts";
export {
  type Invocations,
  invocationsIn,
  loggedEvents,
  type LogMessage,
  logMessages,
} from "./measure/function_log.ts";
export { jqSecondsOf } from "./measure/jq_time.ts";
export { bundle } from "./deploy/function_package.ts";
export { PUT_BACK_POLICY, roleNameOf } from "./deploy/function_role.ts";
export {
  type Deployed,
  type DeployedModule,
  deployFunction,
  deployModule,
  isDeployed,
} from "./deploy/functions.ts";
export { freshGuest } from "./place/guest.ts";
export { Ledger, type LedgerEntry } from "./streams/ledger.ts";
export { unlessMissing } from "./errors/missing.ts";
export { COURSE_PROFILE, type Names, tagMap } from "./place/names.ts";
export {
  type ListedObject,
  objectsUnder,
  readBytes,
  readObject,
  readObjects,
  storedBytes,
} from "./streams/objects.ts";
export {
  destinationOf,
  fromQuery,
  jqProcessor,
  LINES_PROCESSOR,
} from "./streams/partitioned_stream.ts";
export { shortPath } from "./place/paths.ts";
export { masked, profileNames, profileSettings } from "./place/profiles.ts";
export { bytesOf, failedEntries, putAll } from "./streams/put_all.ts";
export { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, RECORD_BYTES_MAX } from "../../lambda/batches.ts";
export { rehearsal } from "./rehearse/rehearsal_view.ts";
export {
  planRedrive,
  type Redrive,
  type Redriven,
  redriveOf,
  runRedrive,
  verifyRedrive,
} from "./redrive/mod.ts";
export { type Trial, tryStrategy } from "./measure/strategy_trial.ts";
export { leanestStrategy, trialViews } from "./measure/trial_views.ts";
export { requestsOf } from "./place/s3_requests.ts";
export { ensureStreamLog } from "./streams/stream_log.ts";
export { ensureStream, hintsOf, isActive, streamStatus } from "./streams/streams.ts";
export { watchBuffer } from "./streams/watch_buffer.ts";
