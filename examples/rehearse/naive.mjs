// A first transform, as many people write it. It works until records compress too well.
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";

// In Node, Lambda ignores a returned value that is not a promise: so the handler is async.
export const handler = async (event) => {
  return { records: await Promise.all(event.records.map(answerOf)) };
};

function answerOf({ recordId, data }) {
  const document = gunzipSync(Buffer.from(data, "base64"));
  const { database, table } = JSON.parse(document);
  const line = Buffer.concat([document, Buffer.from("\n")]).toString("base64");
  return { recordId, result: "Ok", data: line, metadata: { partitionKeys: { database, table } } };
}
