import { assert, assertStringIncludes } from "@std/assert";
import { basename } from "node:path";
import { PRICES } from "../aws/measure/cost.ts";
import { listNotebooks, readNotebook } from "../notebook/notebook_file.ts";
import { describeAccount } from "./real_account.ts";

const NOTEBOOKS = await listNotebooks();

Deno.test("describeAccount() says what each notebook makes and what everything costs", () => {
  const arn = "arn:aws:iam::123456789012:user/me";
  const account = { profile: "mine", accountId: "123456789012", arn, region: "eu-west-1" };
  const text = describeAccount(account);
  for (const part of Object.values(account)) assertStringIncludes(text, part);
  for (const index of NOTEBOOKS.keys()) assertStringIncludes(text, `  notebook ${index}   `);
  for (const { what, usd } of Object.values(PRICES)) {
    assertStringIncludes(text, `${what}: ${usd} USD`);
  }
});

/** The notebooks' calls that make something in an account. */
const MAKES = /new Create\w+Command\(|aws\.(ensure|deploy|fresh)\w+\(/;

for (const path of NOTEBOOKS) {
  Deno.test(`${basename(path)} asks a person before it makes anything in a real account`, async () => {
    const { cells } = await readNotebook(path);
    const code = cells.filter(({ type }) => type === "code").map(({ source }) => source).join("\n");
    const asked = code.indexOf("lab.askFirst(");
    assert(asked >= 0 && asked < code.search(MAKES));
  });
}
