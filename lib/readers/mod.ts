/**
 * Who reads what Firehose writes: for the notebooks and `explain`.
 * @module
 */

export { readByAll, type ReaderAtHand, READERS_AT_HAND, type Reading } from "./at_hand.ts";
export { streamSettingFor, switchOf } from "./cures.ts";
export { type Case, CASES, FOLDERS, readerResults, resultsFor } from "./results.ts";
export {
  type StrategyReaders,
  strategyReaders,
  type StrategySizes,
  strategySizes,
  strategyTable,
} from "./strategies.ts";
