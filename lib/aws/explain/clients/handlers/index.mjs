/** One function that fails in every way. The variable CASE chooses how; it is set for the whole process. */
import process from "node:process";

const what = process.env.CASE;
if (what === "importError") await import("absent-package");
if (what === "initError") throw new Error("no such table");

const RESPONSE = {
  records: [
    {
      recordId: "1",
      result: "Ok",
      data: "YQ==",
      metadata: { partitionKeys: { city: "Zürich 🚆" } },
    },
    { recordId: "2", result: "Dropped" },
  ],
};

export const handler = async (event) => {
  console.log("a line of the function");
  switch (what) {
    case "throw":
      throw new TypeError("no country in the record");
    case "throwLines":
      throw new TypeError("no country in the record\nrecord 7\nof 12");
    case "tooLarge":
      return { records: "x".repeat(6_291_557) };
    case "exit":
      return process.exit(3);
    case "uncaught":
      setTimeout(() => {
        throw new RangeError("thrown outside of the handler");
      });
      return await new Promise(() => {});
    case "rejected":
      Promise.reject(new RangeError("rejected outside of the handler"));
      return await new Promise((resolve) => setTimeout(resolve, 200));
    case "memory": {
      const all = [];
      while (true) all.push(new Array(100_000).fill(Math.random()));
    }
    case "unserialisable":
      return { records: 1n };
    case "userText":
      console.log("the child said: signal: killed, and ResponseSizeTooLarge");
      return RESPONSE;
    case "response":
      return RESPONSE;
    default:
      return event;
  }
};

export const streamed = globalThis.awslambda?.streamifyResponse(async (_event, stream) => {
  stream.write("x".repeat(6_291_557));
  stream.end();
  await stream.finished?.();
});
