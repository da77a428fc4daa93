/**
 * The parameters of a processor, read by name and shown in AWS's order.
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html
 * @module
 */

import type { Processor, ProcessorParameterName } from "@aws-sdk/client-firehose";
import { invalidArgument, notSupported } from "../errors.ts";

/** Parameters by name. */
export function parametersOf({ Parameters = [] }: Processor): ReadonlyMap<string, string> {
  return new Map(
    Parameters.map((
      { ParameterName = "", ParameterValue = "" },
    ) => [ParameterName, ParameterValue]),
  );
}

/**
 * Throws AWS's InvalidArgumentException for a parameter that stands twice in one processor (text
 * and order of checks probed on AWS, 2026-09-10, us-west-2).
 */
export function checkNoDuplicates({ Parameters = [] }: Processor): void {
  if (new Set(Parameters.map(({ ParameterName }) => ParameterName)).size === Parameters.length) {
    return;
  }
  throw invalidArgument("Duplicate ProcessorParameter passed to ProcessingConfiguration.");
}

/** Parameters by name. Throws InvalidArgumentException for one that is not among `names`. */
export function knownParameters(
  processor: Processor,
  names: readonly string[],
): ReadonlyMap<string, string> {
  const values = parametersOf(processor);
  const stranger = [...values.keys()].find((name) => !names.includes(name));
  if (stranger) throw notSupported(`the parameter ${stranger} of a ${processor.Type} processor`);
  return values;
}

/** The processor with the parameters in `values`, in the order of `names`. */
export function described(
  { Type }: Processor,
  names: readonly ProcessorParameterName[],
  values: ReadonlyMap<string, string>,
): Processor {
  return {
    Type,
    Parameters: names.flatMap((ParameterName) => {
      const ParameterValue = values.get(ParameterName);
      return ParameterValue === undefined ? [] : [{ ParameterName, ParameterValue }];
    }),
  };
}
