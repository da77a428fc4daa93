/**
 * What is said about each finding of the judge of responses.
 * @module
 */

import type { FindingKind } from "../../../sandbox/services/firehose/processing/response_judge.ts";
import { count, COURSE, type Knowledge } from "../../../sandbox/knowledge/explanation.ts";

interface FindingText {
  /** Lighter findings are told first: they decide about more records. */
  readonly weight: number;
  /** What was found so often. */
  readonly text: (times: number) => string;
  readonly knowledge: Knowledge;
}

const EXACTLY_ONCE = "Every recordId of the event must come back exactly once, unchanged.";
const SHAPE_CURE =
  'Return { "records": [ … ] } itself, with one item for each record of the event.';

const INVALID: Knowledge = {
  happened:
    "Firehose refuses the whole batch as a function error (Invalid output structure), and " +
    "sends it again.",
  rule: "Results are Ok, Dropped or ProcessingFailed (case matters), and data is base64.",
  cure: "Write the results exactly like this, and encode data with base64.",
  course: COURSE.results,
};

const allMissing = (what: string): Knowledge => ({
  happened:
    `${what} Firehose finds no record in it: Lambda.MissingRecordId for every record of the ` +
    "event, without another attempt.",
  rule: EXACTLY_ONCE,
  cure: SHAPE_CURE,
  course: COURSE.missingIds,
});

const records = (what: string) => (times: number) => `${count(times, "record")} ${what}`;
const always = (text: string) => () => text;

/** By finding. */
export const FINDINGS: Readonly<Record<FindingKind, FindingText>> = {
  notJson: {
    weight: 0,
    text: always("it is not JSON"),
    knowledge: {
      happened: "The response is not JSON: Lambda.JsonProcessingException for the whole batch.",
      rule:
        "NaN, Infinity, a trailing comma and an empty answer are not JSON. Python writes NaN as it is.",
      cure: "Return an object from the handler and let the runtime write it; leave NaN out.",
      course: COURSE.transform,
    },
  },
  textInText: {
    weight: 1,
    text: always("it is JSON inside a text"),
    knowledge: {
      ...allMissing(
        "The function returned a text with JSON in it (return json.dumps(…), JSON.stringify(…)).",
      ),
      cure: "Return the object itself: the runtime writes the JSON.",
    },
  },
  notAnObject: {
    weight: 1,
    text: always("it is not an object"),
    knowledge: allMissing("The response is not an object with records."),
  },
  noRecords: {
    weight: 1,
    text: always("it has no records"),
    knowledge: allMissing(
      "The response has no member records. (API Gateway wants statusCode and body; Firehose does not. " +
        "The name Records, with a capital letter, is wrong too.)",
    ),
  },
  recordsNotAList: {
    weight: 1,
    text: always("its records are not a list"),
    knowledge: allMissing("The response's records are not a list."),
  },
  resultInvalid: {
    weight: 2,
    text: records("with an invalid result"),
    knowledge: INVALID,
  },
  dataNotBase64: {
    weight: 2,
    text: records("whose data is not base64"),
    knowledge: INVALID,
  },
  idMissing: {
    weight: 3,
    text: records("of the event left out"),
    knowledge: {
      happened: "Records of the event are missing: Lambda.MissingRecordId for each of them.",
      rule: EXACTLY_ONCE,
      cure:
        "Answer every record. If a record must not be delivered, answer Dropped or ProcessingFailed.",
      course: COURSE.missingIds,
    },
  },
  idNotText: {
    weight: 3,
    text: (times) =>
      `${count(times, "answer")} without a recordId, or with one that is not text, such as`,
    knowledge: {
      happened:
        "An answer whose recordId is not a text belongs to no record of the event. So a record is missing, " +
        "and gets Lambda.MissingRecordId.",
      rule: EXACTLY_ONCE,
      cure: "Return each recordId unchanged, as text.",
      course: COURSE.missingIds,
    },
  },
  idTwice: {
    weight: 3,
    text: records("answered twice or more"),
    knowledge: {
      happened: "Some records are answered twice: Lambda.DuplicatedRecordId for those records.",
      rule: EXACTLY_ONCE,
      cure: "If one record becomes several, join them in one answer, with line feeds between them.",
      course: COURSE.results,
    },
  },
  idUnknown: {
    weight: 4,
    text: records("with an id that is not in the event"),
    knowledge: {
      happened: "Firehose ignores unknown ids, and the records without an answer count as missing.",
      rule: "Record ids must come back unchanged.",
      course: COURSE.missingIds,
    },
  },
  dataAbsent: {
    weight: 4,
    text: records("Ok without data"),
    knowledge: {
      happened: "Ok without data: Lambda.InvalidReturnFormat for those records.",
      rule: "An Ok record must have data, in base64.",
      course: COURSE.results,
    },
  },
  keyEmpty: {
    weight: 5,
    text: (times) => `${count(times, "partition key")} without a value`,
    knowledge: {
      happened:
        "A partition key is empty or not a text. If the Prefix names it, those records go to the " +
        "error output type partitioning-failed.",
      rule: "Values of partitionKeys are texts that are not empty.",
      cure: "Give the key a value, or answer ProcessingFailed.",
      course: COURSE.transform,
    },
  },
  keyNotText: {
    weight: 6,
    text: (times) => `${count(times, "partition key")} of another type than text`,
    knowledge: {
      happened:
        "A partition key is a number or a boolean. It is unknown what AWS does then: its types " +
        "have only texts.",
      rule: "Values of partitionKeys are texts that are not empty.",
      cure: "Return the value as text.",
      course: COURSE.transform,
    },
  },
  byteOrderMark: {
    weight: 7,
    text: always("it begins with a byte order mark"),
    knowledge: {
      happened:
        "The response begins with a byte order mark, which JSON does not have. It is unknown what AWS does.",
      cure: "Write the response without the mark.",
      course: COURSE.transform,
    },
  },
  dataWithBlanks: {
    weight: 8,
    text: records("whose base64 has blanks or line feeds"),
    knowledge: { happened: "Base64 with blanks or line feeds." },
  },
  dataWithoutPadding: {
    weight: 8,
    text: records("whose base64 lacks padding"),
    knowledge: { happened: "Base64 without padding." },
  },
  notARecord: {
    weight: 8,
    text: (times) =>
      `${count(times, "item")} of records that ${times === 1 ? "is" : "are"} no object`,
    knowledge: { happened: "Items of records that are not objects." },
  },
};
