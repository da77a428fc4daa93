/** Puts each record on a line. */
// deno-lint-ignore require-await -- Lambda takes what a promise gives
export const handler = async (event) => ({
  records: event.records.map(({ recordId, data }) => ({
    recordId,
    result: "Ok",
    data: Buffer.from(`${Buffer.from(data, "base64")}\n`).toString("base64"),
  })),
});
