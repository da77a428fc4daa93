import { fairTest } from "./testing.ts";
import { userArn, userArnCases } from "./user_arn.ts";

fairTest("0.1", {
  casesOf: userArnCases,
  right: {
    "the published one": userArn,
    "joined": (accountId, name) => ["arn", "aws", "iam", "", accountId, "user/" + name].join(":"),
    "plus": (accountId, name) => "arn:aws:iam::" + accountId + ":user/" + name,
    "replaced": (accountId, name) =>
      "arn:aws:iam::ACCOUNT:user/NAME".replace("ACCOUNT", accountId).replace("NAME", name),
  },
  wrong: {
    "the starter: only the name": (_, name) => name,
    "empty": () => "",
    "one colon too few": (accountId, name) => `arn:aws:iam:${accountId}:user/${name}`,
    "one colon too many": (accountId, name) => `arn:aws:iam:::${accountId}:user/${name}`,
    "a region": (accountId, name) => `arn:aws:iam:us-east-1:${accountId}:user/${name}`,
    "another service": (accountId, name) => `arn:aws:sts::${accountId}:user/${name}`,
    "a colon before the name": (accountId, name) => `arn:aws:iam::${accountId}:user:${name}`,
    "no kind": (accountId, name) => `arn:aws:iam::${accountId}:${name}`,
    "users": (accountId, name) => `arn:aws:iam::${accountId}:users/${name}`,
    "a role": (accountId, name) => `arn:aws:iam::${accountId}:role/${name}`,
    "the root user": (accountId) => `arn:aws:iam::${accountId}:root`,
    "the example's account": (_, name) => `arn:aws:iam::123456789012:user/${name}`,
    "the example's name": (accountId) => `arn:aws:iam::${accountId}:user/ana`,
    "exchanged": (accountId, name) => `arn:aws:iam::${name}:user/${accountId}`,
    "a number": (accountId, name) => `arn:aws:iam::${Number(accountId)}:user/${name}`,
    "upper case": (accountId, name) => `ARN:AWS:IAM::${accountId}:user/${name}`,
  },
});
