/** Delivery streams that a notebook made. Records that are not delivered yet are lost. */
import {
  DeleteDeliveryStreamCommand,
  ListDeliveryStreamsCommand,
  ListTagsForDeliveryStreamCommand,
} from "@aws-sdk/client-firehose";
import { until } from "../../view/until.ts";
import type { Lab } from "../place/begin.ts";
import { unlessMissing } from "../errors/missing.ts";
import { NAME_PREFIX } from "../place/names.ts";
import { streamStatus } from "../streams/streams.ts";
import { type Finder, isTagged } from "./leftover.ts";

/** On AWS the removal takes a minute or two, and the name can't be used until then. */
const GONE_WITHIN_SECONDS = 300;

export const findStreams: Finder = async (lab) => {
  const leftovers = [];
  for await (const name of streamNames(lab)) {
    const named = { DeliveryStreamName: name };
    const tags = await unlessMissing(
      lab.firehose.send(new ListTagsForDeliveryStreamCommand(named)),
    );
    if (!isTagged(tags?.Tags, lab.tags)) continue;
    leftovers.push({
      kind: "delivery stream",
      name,
      with: "the records in its buffer",
      begin: () => beginRemoval(lab, name),
      remove: () => removeStream(lab, name),
    });
  }
  return leftovers;
};

async function* streamNames({ firehose }: Lab): AsyncGenerator<string> {
  let ExclusiveStartDeliveryStreamName: string | undefined;
  while (true) {
    const { DeliveryStreamNames = [], HasMoreDeliveryStreams } = await firehose.send(
      new ListDeliveryStreamsCommand({ ExclusiveStartDeliveryStreamName, Limit: 100 }),
    );
    yield* DeliveryStreamNames.filter((name) => name.startsWith(NAME_PREFIX));
    if (!HasMoreDeliveryStreams) return;
    ExclusiveStartDeliveryStreamName = DeliveryStreamNames.at(-1);
  }
}

async function beginRemoval({ firehose }: Lab, name: string): Promise<void> {
  if (await streamStatus(firehose, name) === "DELETING") return;
  const named = { DeliveryStreamName: name, AllowForceDelete: true };
  await unlessMissing(firehose.send(new DeleteDeliveryStreamCommand(named)));
}

async function removeStream(lab: Lab, name: string): Promise<void> {
  await beginRemoval(lab, name);
  await until(
    `the delivery stream ${name} is gone`,
    async () => await streamStatus(lab.firehose, name) === undefined,
    { withinSeconds: GONE_WITHIN_SECONDS },
  );
}
