/**
 * What CreateDeliveryStream and UpdateDestination make of processors: texts, order of checks and
 * what Describe shows.
 */
import type { Processor } from "@aws-sdk/client-firehose";
import { assertEquals, assertRejects } from "@std/assert";
import { AwsError } from "../../../errors.ts";
import { FUNCTION_ARN, lambdaProcessing, parameters, World } from "../testing.ts";

const processing = (...Processors: Processor[]) => ({
  ProcessingConfiguration: { Enabled: true, Processors },
});
const processor = (
  Type: Processor["Type"],
  ...Parameters:
    readonly (readonly [NonNullable<Processor["Parameters"]>[0]["ParameterName"], string])[]
): Processor => ({
  Type,
  Parameters: Parameters.map(([ParameterName, ParameterValue]) => ({
    ParameterName,
    ParameterValue,
  })),
});

const NEVER_INVOKED = { invoke: () => Promise.reject(new Error("not invoked")) };
const DUPLICATE = "Duplicate ProcessorParameter passed to ProcessingConfiguration.";
const INVALID_ARN = "Invalid lambda ARN.";
const lambda = (arn: string) => processing(processor("Lambda", ["LambdaArn", arn]));
const DECOMPRESSION = processor("Decompression", ["CompressionFormat", "GZIP"]);

const hinted = (size: string, interval: string) =>
  processing(processor(
    "Lambda",
    ["LambdaArn", FUNCTION_ARN],
    ["BufferSizeInMBs", size],
    ["BufferIntervalInSeconds", interval],
  ));
const RETRIES = "Number of retries for lambda must be between 0 and 300.";
const SIZE = "BufferSizeInMBs for lambda processor must be between 0.2 and 3.";
const INTERVAL = "BufferIntervalInSeconds for lambda processor must be between 0 and 900.";

const REFUSED: readonly (readonly [string, ReturnType<typeof processing>, string])[] = [
  // Probed on AWS 2026-09-10, us-west-2.
  [
    "a parameter twice, where LambdaArn is missing too",
    processing(processor("Lambda", ["NumberOfRetries", "2"], ["NumberOfRetries", "3"])),
    DUPLICATE,
  ],
  [
    "a parameter twice in one of two Lambda processors",
    processing(
      processor("Lambda", ["LambdaArn", FUNCTION_ARN]),
      processor("Lambda", ["LambdaArn", FUNCTION_ARN], ["LambdaArn", FUNCTION_ARN]),
    ),
    DUPLICATE,
  ],
  ...["Decompression", "AppendDelimiterToRecord"].map((type) =>
    [
      `a parameter twice in ${type}`,
      processing({
        ...processor("Decompression", ["CompressionFormat", "GZIP"], ["CompressionFormat", "ZIP"]),
        Type: type === "Decompression" ? type : "AppendDelimiterToRecord",
      }),
      DUPLICATE,
    ] as const
  ),
  ["a LambdaArn that is only a name", lambda("transform"), INVALID_ARN],
  ["a function name with a space", lambda(`${FUNCTION_ARN} x`), INVALID_ARN],
  ["a function name with a slash", lambda(`${FUNCTION_ARN}/x`), INVALID_ARN],
  ["a function name of 65 characters", lambda(FUNCTION_ARN + "x".repeat(56)), INVALID_ARN],
  ["an empty qualifier", lambda(`${FUNCTION_ARN}:`), INVALID_ARN],
  ["an ARN of another service", lambda(FUNCTION_ARN.replace(":lambda:", ":s3:")), INVALID_ARN],
  ["an ARN of another partition", lambda(FUNCTION_ARN.replace("aws", "aws-cn")), INVALID_ARN],
  [
    "one Lambda hint with a malformed ARN: the ARN comes first",
    processing(processor("Lambda", ["LambdaArn", "transform"], ["BufferSizeInMBs", "1"])),
    INVALID_ARN,
  ],
  // The bounds were probed on AWS, 2026-09-13, us-east-1. What is no decimal number is assumed.
  ...["301", "-1", "1.5", "0x3", " 3 "].map((retries) =>
    [
      `the number of retries "${retries}"`,
      processing(processor("Lambda", ["LambdaArn", FUNCTION_ARN], ["NumberOfRetries", retries])),
      RETRIES,
    ] as const
  ),
  ...["0.1", "3.1", "1e0"].map((size) =>
    [`a Lambda buffer of "${size}" MB`, hinted(size, "60"), SIZE] as const
  ),
  ...["901", "0.5", "0x10", "1e2"].map((interval) =>
    [`a Lambda buffer of "${interval}" seconds`, hinted("1", interval), INTERVAL] as const
  ),
  [
    "a Lambda role that is no ARN",
    processing(processor("Lambda", ["LambdaArn", FUNCTION_ARN], ["RoleArn", "delivery"])),
    "Firehose is unable to assume role delivery. Please check the role provided.",
  ],
  // Probed on AWS by two public projects (September 2026).
  [
    "a Lambda processor without its function",
    processing(processor("Lambda")),
    "LambdaArn is required when Lambda processor is used.",
  ],
  [
    "two Lambda processors",
    processing(
      processor("Lambda", ["LambdaArn", FUNCTION_ARN]),
      processor("Lambda", ["LambdaArn", FUNCTION_ARN]),
    ),
    "Cannot have more than 1 Lambda processor.",
  ],
  [
    "one Lambda hint alone",
    processing(processor("Lambda", ["LambdaArn", FUNCTION_ARN], ["BufferSizeInMBs", "1"])),
    "Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for " +
    "lambda processor.",
  ],
  // Captured in 2026 (stackd).
  [
    "extraction without decompression",
    processing(processor("CloudWatchLogProcessing", ["DataMessageExtraction", "true"])),
    "CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor",
  ],
  ...[[], [["DataMessageExtraction", "yes"]] as const].map((given) =>
    [
      `DataMessageExtraction ${given.length === 0 ? "missing" : "yes"}`,
      processing(DECOMPRESSION, processor("CloudWatchLogProcessing", ...given)),
      "Invalid parameter value for DataMessageExtraction. Allowed values are True and False.",
    ] as const
  ),
  ...["ZIP", "gzip"].map((format) =>
    [
      `decompression of ${format}`,
      processing(processor("Decompression", ["CompressionFormat", format])),
      "CompressionFormat has to be GZIP",
    ] as const
  ),
];

for (const [what, destination, message] of REFUSED) {
  Deno.test(`CreateDeliveryStream refuses ${what}`, async () => {
    await using world = await World.with({ invoker: NEVER_INVOKED });
    const error = await assertRejects(() => world.createStream(destination), AwsError);
    assertEquals([error.code, error.message], ["InvalidArgumentException", message]);
  });
}

Deno.test("DescribeDeliveryStream shows decompression with its default and extraction in lower case", async () => {
  await using world = await World.with();
  await world.createStream(processing(
    processor("CloudWatchLogProcessing", ["DataMessageExtraction", "True"]),
    processor("Decompression"),
    // A parameter of another processor is not shown (captured in 2026, stackd).
    processor("Decompression", ["NumberOfRetries", "x"]),
  ));
  const { ProcessingConfiguration } =
    world.describe().Destinations?.[0].ExtendedS3DestinationDescription ?? {};
  assertEquals(ProcessingConfiguration?.Processors, [
    {
      Type: "CloudWatchLogProcessing",
      Parameters: parameters({ DataMessageExtraction: "true" }),
    },
    { Type: "Decompression", Parameters: parameters({ CompressionFormat: "GZIP" }) },
    { Type: "Decompression", Parameters: parameters({ CompressionFormat: "GZIP" }) },
  ]);
});

Deno.test("UpdateDestination turns decompression on only for a stream that has a function or decompresses already", async () => {
  await using world = await World.with({ invoker: undefined });
  await world.createStream(processing(DECOMPRESSION));
  await world.update(processing(DECOMPRESSION, processor("AppendDelimiterToRecord")));
  await world.update({ ProcessingConfiguration: { Enabled: false, Processors: [DECOMPRESSION] } });
  const error = await assertRejects(() => world.update(processing(DECOMPRESSION)), AwsError);
  assertEquals(
    [error.code, error.message],
    [
      "InvalidArgumentException",
      "Enabling source decompression is not supported for existing stream with no Lambda " +
      "function attached.",
    ],
  );
});

Deno.test("UpdateDestination turns decompression on for a stream with a function", async () => {
  await using world = await World.with({ invoker: NEVER_INVOKED });
  await world.createStream({ ProcessingConfiguration: lambdaProcessing() });
  const [lambda] = lambdaProcessing().Processors ?? [];
  await world.update(processing(DECOMPRESSION, lambda));
  assertEquals(world.describe().VersionId, "2");
});
