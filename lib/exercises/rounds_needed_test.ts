import { type EqualBatch, roundsCases, type RoundsNeeded, roundsNeeded } from "./rounds_needed.ts";
import { fairTest } from "./testing.ts";

const base64Of = (bytes: number) => Math.ceil(bytes / 3) * 4;

/** Rounds by a weight of a record, without the case that never fits. */
const byWeight = (weightOf: (batch: EqualBatch) => number): RoundsNeeded => (batch) =>
  Math.ceil(batch.records / Math.floor(batch.budgetBytes / weightOf(batch)));

fairTest("5.2", {
  casesOf: roundsCases,
  right: {
    "the published one": roundsNeeded,
    "a loop over rounds": ({ records, documentBytes, budgetBytes }) => {
      const each = base64Of(documentBytes);
      if (each > budgetBytes) return Infinity;
      let [left, rounds] = [records, 0];
      for (; left > 0; rounds++) left -= Math.floor(budgetBytes / each);
      return rounds;
    },
    "a loop over records": ({ records, documentBytes, budgetBytes }) => {
      const each = base64Of(documentBytes);
      if (each > budgetBytes) return Infinity;
      let [rounds, room] = [1, budgetBytes];
      for (let index = 0; index < records; index++) {
        if (room < each) [rounds, room] = [rounds + 1, budgetBytes];
        room -= each;
      }
      return rounds;
    },
    "division by zero gives Infinity without a special case": byWeight(({ documentBytes }) =>
      base64Of(documentBytes)
    ),
    "a real base64, counted": ({ records, documentBytes, budgetBytes }) => {
      const each = Math.floor(budgetBytes / new Uint8Array(documentBytes).toBase64().length);
      return each < 1 ? Number.POSITIVE_INFINITY : Math.ceil(records / each);
    },
  },
  wrong: {
    "the starter: documents, not base64": ({ records, documentBytes, budgetBytes }) =>
      Math.ceil(records * documentBytes / budgetBytes),
    "a factor of 4/3, and records that can be cut": ({ records, documentBytes, budgetBytes }) =>
      Math.ceil(records * documentBytes * 4 / 3 / budgetBytes),
    "base64, but records that can be cut": ({ records, documentBytes, budgetBytes }) =>
      Math.ceil(records * base64Of(documentBytes) / budgetBytes),
    "a factor of 4/3 without padding": byWeight(({ documentBytes }) => documentBytes * 4 / 3),
    "a factor of 1.33": byWeight(({ documentBytes }) => documentBytes * 1.33),
    "a factor of 1.35": byWeight(({ documentBytes }) => documentBytes * 1.35),
    "a factor of 1.4": byWeight(({ documentBytes }) => documentBytes * 1.4),
    "a factor of 1.5": byWeight(({ documentBytes }) => documentBytes * 1.5),
    "a factor of 2": byWeight(({ documentBytes }) => documentBytes * 2),
    "never Infinity": (batch) => Math.min(roundsNeeded(batch), batch.records),
    "null in place of Infinity": (batch) => {
      const rounds = roundsNeeded(batch);
      return rounds === Infinity ? Number.NaN : rounds;
    },
    "zero in place of Infinity": (batch) =>
      roundsNeeded(batch) === Infinity ? 0 : roundsNeeded(batch),
    "-1 in place of Infinity": (batch) =>
      roundsNeeded(batch) === Infinity ? -1 : roundsNeeded(batch),
    "one round too many": (batch) => roundsNeeded(batch) + 1,
    "the last, partial round is forgotten": ({ records, documentBytes, budgetBytes }) =>
      Math.floor(records / Math.floor(budgetBytes / base64Of(documentBytes))),
    "a budget that must not be reached": (batch) =>
      roundsNeeded({ ...batch, budgetBytes: batch.budgetBytes - 1 }),
    "always three": () => 3,
    "Lambda's limit in place of the budget": (batch) =>
      roundsNeeded({ ...batch, budgetBytes: 6_291_556 }),
  },
});
