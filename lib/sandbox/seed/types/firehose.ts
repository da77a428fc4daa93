/**
 * `AWS::KinesisFirehose::DeliveryStream`: its properties are CreateDeliveryStream's input.
 * @module
 */

import { joinedName, type Resource, type ResourceType } from "../resource.ts";

const arnOf = ({ stack: { region, accountId }, name }: Resource) =>
  `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}`;

export const DELIVERY_STREAM: ResourceType = {
  nameProperty: "DeliveryStreamName",
  newName: joinedName,
  reads: "all",
  attributes: { Arn: arnOf },
  calls: (resource) => [{
    operation: "CreateDeliveryStream",
    input: { ...resource.properties(), DeliveryStreamName: resource.name },
  }],
};
