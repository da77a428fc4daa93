/**
 * What a notebook shows: tables, cards, progress, pictures.
 * @module
 */

export { type Check, checkpoint, need, note, wantedError } from "./cards.ts";
export { exercise, type ExerciseCase } from "./exercise.ts";
export type { View } from "./html.ts";
export { type Guess, guesses } from "./guess.ts";
export { show, type Showable, slot } from "./show.ts";
export { explainedParts, explainKey, objectTree } from "./objects.ts";
export {
  bufferPlot,
  type BufferSample,
  type PartitionBar,
  partitionBars,
  sizeBars,
} from "./plots.ts";
export { pause } from "./stop.ts";
export { table } from "./table.ts";
export { foldedFile, textFile } from "./text_file.ts";
export { until } from "./until.ts";
