import { bufferCases, type FitsBuffer, fitsBuffer } from "./largest_buffer.ts";
import { fairTest } from "./testing.ts";

const MIB = 1024 * 1024;
const LIMIT = 6_291_556;
const below =
  (bytes: (megabytes: number, ratio: number) => number, limit = LIMIT): FitsBuffer =>
  ({ megabytes, ratio }) => bytes(megabytes, ratio) <= limit;

fairTest("4.1", {
  casesOf: bufferCases,
  right: {
    "the published one": fitsBuffer,
    "base64 of the whole": below((megabytes, ratio) => Math.ceil(megabytes * MIB * ratio / 3) * 4),
    "divided": ({ megabytes, ratio }) => LIMIT / (megabytes * MIB * 4 / 3) >= ratio,
    "the largest ratio first": ({ megabytes, ratio }) => !(ratio > 4.50007 / megabytes),
    "bytes that fit, decompressed": ({ megabytes, ratio }) =>
      megabytes * ratio * MIB <= Math.floor(LIMIT / 4) * 3,
  },
  wrong: {
    "the starter: the compressed bytes": below((megabytes) => megabytes * MIB),
    "always": () => true,
    "never": () => false,
    "no base64": below((megabytes, ratio) => megabytes * MIB * ratio),
    "base64 of the compressed bytes": below((megabytes) => megabytes * MIB * 4 / 3),
    "a million bytes a megabyte": below((megabytes, ratio) => megabytes * 1e6 * ratio * 4 / 3),
    "six million bytes": below((megabytes, ratio) => megabytes * MIB * ratio * 4 / 3, 6e6),
    "base64 as half more": below((megabytes, ratio) => megabytes * MIB * ratio * 1.5),
    "base64 as a quarter more": below((megabytes, ratio) => megabytes * MIB * ratio * 1.25),
    "base64 as double": below((megabytes, ratio) => megabytes * MIB * ratio * 2),
    "the budget of 5 MB": below((megabytes, ratio) => megabytes * MIB * ratio * 4 / 3, 5 * MIB),
    "6 MiB decompressed, then base64": below((_, ratio) => MIB * ratio * 4 / 3),
    "the ratio alone": ({ ratio }) => ratio <= 4.5,
    "the buffer alone": ({ megabytes }) => megabytes <= 1,
    "below, not at": below((megabytes, ratio) => megabytes * MIB * ratio * 4 / 3, 6_291_455),
    "divided by the ratio": below((megabytes, ratio) => megabytes * MIB / ratio * 4 / 3),
    "turned round": (buffer) => !fitsBuffer(buffer),
  },
});
