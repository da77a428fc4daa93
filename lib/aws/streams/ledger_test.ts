import { CreateDeliveryStreamCommand } from "@aws-sdk/client-firehose";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { assertEquals, assertRejects } from "@std/assert";
import { until } from "../../sandbox/testing/until.ts";
import { ensureDelivery } from "../deploy/delivery_role.ts";
import { Ledger } from "./ledger.ts";
import { isActive } from "./streams.ts";
import { labTest } from "../testing.ts";

labTest("Ledger still knows after a restart what was sent, in order", 4, async (lab) => {
  const { firehose, names } = lab;
  await ensureDelivery(lab);
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: names.stream,
      ExtendedS3DestinationConfiguration: {
        BucketARN: names.bucketArn,
        RoleARN: names.deliveryRoleArn,
      },
    }),
  );
  await until("the stream", async () => await isActive(firehose, names.stream) || undefined);
  const ledger = new Ledger(lab, "sent/");
  const { records } = await ledger.send("one", [{ id: "a" }, { id: "b" }]);
  assertEquals(records, 2);
  await ledger.note("two", [{ id: "c" }]);
  assertEquals(await new Ledger(lab, "sent/").entries(), [
    { step: "one", events: [{ id: "a" }, { id: "b" }] },
    { step: "two", events: [{ id: "c" }] },
  ]);
});

labTest("Ledger notes nothing that the stream did not accept", 4, async (lab) => {
  await lab.s3.send(new CreateBucketCommand({ Bucket: lab.names.bucket }));
  const ledger = new Ledger(lab, "sent/");
  await assertRejects(() => ledger.send("one", [{ id: "a" }]), Error);
  assertEquals(await ledger.entries(), []);
});
