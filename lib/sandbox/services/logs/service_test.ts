/**
 * CloudWatch Logs through the real SDK client. Texts marked "captured" were recorded from AWS in
 * 2026-02 (LocalStack's snapshot tests); others are AWS's documentation.
 */
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  paginateFilterLogEvents,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { clientsFor } from "../../testing/clients.ts";
import { said } from "../../testing/said.ts";
import { type Sandbox, startSandbox } from "../../sandbox.ts";

type Clients = ReturnType<typeof clientsFor>;

const ARN = "arn:aws:logs:us-east-1:123456789012:log-group:";

function logsTest(name: string, run: (clients: Clients, sandbox: Sandbox) => Promise<void>): void {
  Deno.test(name, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60 });
    try {
      using clients = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
      await run(clients, sandbox);
    } finally {
      await sandbox.stop();
    }
  });
}

/** A group with streams. */
async function groupWith({ logs }: Clients, logGroupName: string, ...streams: string[]) {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of streams) {
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  }
}

/** Puts messages, a millisecond apart, the first at `timestamp`. */
function put(
  { logs }: Clients,
  place: { logGroupName: string; logStreamName: string },
  timestamp: number,
  ...messages: string[]
) {
  const logEvents = messages.map((message, n) => ({ timestamp: timestamp + n, message }));
  return logs.send(new PutLogEventsCommand({ ...place, logEvents }));
}

logsTest(
  "what exists, is missing or is named too long is refused with the captured texts",
  async (clients) => {
    const { logs } = clients;
    await groupWith(clients, "g", "s");
    const refused = [
      () => logs.send(new CreateLogGroupCommand({ logGroupName: "g" })),
      () => logs.send(new CreateLogStreamCommand({ logGroupName: "g", logStreamName: "s" })),
      () => logs.send(new DeleteLogGroupCommand({ logGroupName: "no" })),
      () => logs.send(new PutRetentionPolicyCommand({ logGroupName: "no", retentionInDays: 1 })),
      () => logs.send(new DeleteLogStreamCommand({ logGroupName: "g", logStreamName: "no" })),
      () => logs.send(new CreateLogGroupCommand({ logGroupName: "x".repeat(513) })),
      () => logs.send(new CreateLogGroupCommand({ logGroupName: "aws/x" })),
      () => put(clients, { logGroupName: "no", logStreamName: "s" }, Date.now(), "m"),
      () => put(clients, { logGroupName: "g", logStreamName: "no" }, Date.now(), "m"),
    ];
    const exists = "ResourceAlreadyExistsException: The specified log";
    const missing = "ResourceNotFoundException: The specified log";
    assertEquals(await Promise.all(refused.map(said)), [
      `${exists} group already exists`,
      `${exists} stream already exists`,
      `${missing} group does not exist.`,
      `${missing} group does not exist.`,
      `${missing} stream does not exist.`,
      "InvalidParameterException: Invalid LogGroup or LogStream, both must have length less than " +
      "or equal to 512.",
      "InvalidParameterException: Log group names can't start with aws/.",
      `${missing} group does not exist.`,
      `${missing} stream does not exist.`,
    ]);
  },
);

logsTest(
  "DescribeLogGroups shows groups as captured, by prefix, pattern and page",
  async (clients) => {
    const { logs } = clients;
    for (const name of ["/aws/lambda/b", "/aws/lambda/a", "other"]) await groupWith(clients, name);
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: "other", retentionInDays: 7 }));
    const { logGroups } = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: "other" }),
    );
    const creationTime = logGroups?.[0].creationTime;
    assert(creationTime !== undefined && Math.abs(creationTime - Date.now()) < 60_000);
    const shape = {
      logGroupName: "other",
      creationTime,
      metricFilterCount: 0,
      retentionInDays: 7,
      arn: `${ARN}other:*`,
      logGroupArn: `${ARN}other`,
      logGroupClass: "STANDARD",
      deletionProtectionEnabled: false,
    } as const;
    assertEquals(logGroups, [{ ...shape, storedBytes: 0 }]);
    const byPattern = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: "THE" }));
    assertEquals(byPattern.logGroups, [shape]);
    const first = await logs.send(new DescribeLogGroupsCommand({ limit: 2 }));
    const { nextToken } = first;
    const second = await logs.send(new DescribeLogGroupsCommand({ nextToken }));
    assertEquals(
      [first.logGroups, second.logGroups].map((page) => page?.map((group) => group.logGroupName)),
      [["/aws/lambda/a", "/aws/lambda/b"], ["other"]],
    );
    assertEquals(second.nextToken, undefined);
    const both = { logGroupNamePrefix: "a", logGroupNamePattern: "b" };
    assertEquals(
      await said(() => logs.send(new DescribeLogGroupsCommand(both))),
      "InvalidParameterException: LogGroup name prefix and LogGroup name pattern are mutually " +
        "exclusive parameters.",
    );
  },
);

logsTest(
  "DescribeLogStreams shows times only of streams with events, in both orders",
  async (clients) => {
    const { logs } = clients;
    await groupWith(clients, "g", "a", "b", "c");
    const nowMs = Date.now();
    const of = (logStreamName: string) => ({ logGroupName: "g", logStreamName });
    await put(clients, of("b"), nowMs, "m");
    await put(clients, of("a"), nowMs - 10, "m", "n");
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: "g" }));
    const { creationTime, lastIngestionTime, uploadSequenceToken } = logStreams?.[0] ?? {};
    assert(uploadSequenceToken !== undefined && lastIngestionTime !== undefined);
    assertEquals(logStreams?.[0], {
      logStreamName: "a",
      creationTime,
      firstEventTimestamp: nowMs - 10,
      lastEventTimestamp: nowMs - 9,
      lastIngestionTime,
      uploadSequenceToken,
      arn: `${ARN}g:log-stream:a`,
      storedBytes: 0,
    });
    assertEquals(Object.keys(logStreams?.[2] ?? {}).sort(), [
      "arn",
      "creationTime",
      "logStreamName",
      "storedBytes",
    ]);
    const latest = await logs.send(
      new DescribeLogStreamsCommand({
        logGroupIdentifier: `${ARN}g`,
        orderBy: "LastEventTime",
        descending: true,
        limit: 2,
      }),
    );
    assertEquals(latest.logStreams?.map((stream) => stream.logStreamName), ["b", "a"]);
    const ordered = {
      logGroupName: "g",
      orderBy: "LastEventTime",
      logStreamNamePrefix: "a",
    } as const;
    assertEquals(
      await said(() => logs.send(new DescribeLogStreamsCommand(ordered))),
      "InvalidParameterException: Cannot order by LastEventTime with a logStreamNamePrefix.",
    );
    assertEquals(
      await said(() =>
        logs.send(new DescribeLogStreamsCommand({ logGroupName: "g", logGroupIdentifier: "g" }))
      ),
      "ValidationException: LogGroup name and LogGroup ARN are mutually exclusive parameters.",
    );
    // moto's test_arn_formats_log_group_and_stream (2026-08), which its authors run against AWS.
    assertEquals(
      await said(() =>
        logs.send(new DescribeLogStreamsCommand({ logGroupIdentifier: `${ARN}g:*` }))
      ),
      "InvalidParameterException: 1 validation error detected: Value at 'logGroupIdentifier' " +
        "failed to satisfy constraint: Member must satisfy regular expression pattern: " +
        "[\\w#+=/:,.@-]*",
    );
  },
);

logsTest(
  "PutLogEvents refuses a batch out of order, and says which events are too old or new",
  async (clients) => {
    const place = { logGroupName: "g", logStreamName: "s" };
    await groupWith(clients, "g", "s");
    const nowMs = Date.now();
    const day = 86_400_000;
    const at = (...times: number[]) =>
      clients.logs.send(
        new PutLogEventsCommand({
          ...place,
          logEvents: times.map((timestamp) => ({ timestamp, message: String(timestamp) })),
        }),
      );
    assertEquals(
      await said(() => at(nowMs, nowMs - 1)),
      "InvalidParameterException: Log events in a single PutLogEvents request must be in " +
        "chronological order.",
    );
    assertEquals(
      await said(() => at(nowMs - day - 1_000, nowMs)),
      "InvalidParameterException: The batch of log events in a single PutLogEvents request cannot " +
        "span more than 24 hours.",
    );
    const old = await at(nowMs - 14 * day - 2, nowMs - 14 * day - 1, nowMs - 14 * day + 60_000);
    assertEquals(old.rejectedLogEventsInfo, { tooOldLogEventEndIndex: 2 });
    const young = await at(nowMs, nowMs + 3 * 3_600_000);
    assertEquals(young.rejectedLogEventsInfo, { tooNewLogEventStartIndex: 1 });
    assertMatch(young.nextSequenceToken ?? "", /^\d{56}$/);
    await clients.logs.send(
      new PutRetentionPolicyCommand({ logGroupName: "g", retentionInDays: 1 }),
    );
    const expired = await at(nowMs - day - 1, nowMs - day + 60_000);
    assertEquals(expired.rejectedLogEventsInfo, { expiredLogEventEndIndex: 1 });
    const { events } = await clients.logs.send(new GetLogEventsCommand(place));
    assertEquals(events?.map(({ timestamp }) => timestamp), [nowMs - day + 60_000, nowMs]);
  },
);

logsTest(
  "PutLogEvents takes a batch of 1,048,576 bytes, 26 an event counted, and not one more",
  async (clients) => {
    const place = { logGroupName: "g", logStreamName: "s" };
    await groupWith(clients, "g", "s");
    const half = "é".repeat((1_048_576 / 2 - 26) / 2);
    await put(clients, place, Date.now(), half, half);
    assertEquals(
      await said(() => put(clients, place, Date.now(), half, half + "x")),
      "InvalidParameterException: Upload too large: 1048577 bytes exceeds limit of 1048576",
    );
    assertEquals(
      await said(() => put(clients, place, Date.now(), "x".repeat(1_048_551))),
      "InvalidParameterException: Log event too large: 1048577 bytes exceeds limit of 1048576",
    );
  },
);

logsTest(
  "GetLogEvents pages in both directions, and gives the token back at an end",
  async (clients) => {
    const { logs } = clients;
    const place = { logGroupName: "g", logStreamName: "s" };
    await groupWith(clients, "g", "s");
    const startTime = Date.now() - 1_000;
    await put(clients, place, startTime, "1", "2", "3", "4", "5");
    const get = async (input: Partial<GetLogEventsCommandInput>) => {
      const { events = [], ...tokens } = await logs.send(
        new GetLogEventsCommand({ ...place, ...input }),
      );
      return { text: events.map(({ message }) => message).join(""), ...tokens };
    };
    const tail = await get({ limit: 2 });
    assertEquals(tail.text, "45", "the latest page, the oldest first");
    assertMatch(tail.nextForwardToken ?? "", /^f\/\d{56}\/s$/);
    assertMatch(tail.nextBackwardToken ?? "", /^b\/\d{56}\/s$/);
    const before = await get({ limit: 2, nextToken: tail.nextBackwardToken });
    assertEquals(before.text, "23");
    const end = await get({ nextToken: tail.nextForwardToken, startFromHead: true });
    assertEquals([end.text, end.nextForwardToken], ["", tail.nextForwardToken]);
    assertEquals((await get({ limit: 1, nextToken: end.nextBackwardToken })).text, "5");
    await put(clients, place, startTime + 5, "6");
    assertEquals((await get({ nextToken: end.nextForwardToken, startFromHead: true })).text, "6");

    const head = await get({ limit: 2, startFromHead: true });
    assertEquals(head.text, "12");
    const start = await get({ nextToken: head.nextBackwardToken });
    assertEquals([start.text, start.nextBackwardToken], ["", head.nextBackwardToken]);
    assertEquals((await get({ limit: 1, nextToken: start.nextForwardToken })).text, "1");
    assertEquals(
      (await get({ startTime: startTime + 1, endTime: startTime + 3 })).text,
      "23",
      "the start is inclusive, the end is not",
    );
    assertEquals(
      await said(() => get({ nextToken: "nope" })),
      "InvalidParameterException: The specified nextToken is invalid.",
    );
    assertEquals(
      await said(() => get({ limit: 10_001 })),
      "InvalidParameterException: 1 validation error detected: Value '10001' at 'limit' failed to " +
        "satisfy constraint: Member must have value less than or equal to 10000",
    );
  },
);

logsTest(
  "messages come back as they were put, whatever characters are in them",
  async (clients) => {
    await groupWith(clients, "g", "s");
    const place = { logGroupName: "g", logStreamName: "s" };
    const messages = ["a\0b", "\0", "\ufeffbom", "é 東 😀", "\u0001\u007f\u2028", "two\nlines\r\n"];
    await put(clients, place, Date.now(), ...messages);
    const read = await clients.logs.send(
      new GetLogEventsCommand({ ...place, startFromHead: true }),
    );
    assertEquals(read.events?.map(({ message }) => message), messages);
    const { events } = await clients.logs.send(new FilterLogEventsCommand({ logGroupName: "g" }));
    assertEquals(events?.map(({ message }) => message), messages);
  },
);

logsTest("a follower of an empty stream misses nothing that comes", async (clients) => {
  const place = { logGroupName: "g", logStreamName: "s" };
  await groupWith(clients, "g", "s");
  const { nextForwardToken } = await clients.logs.send(new GetLogEventsCommand(place));
  await put(clients, place, Date.now() - 60_000, "late");
  const { events } = await clients.logs.send(
    new GetLogEventsCommand({ ...place, nextToken: nextForwardToken, startFromHead: true }),
  );
  assertEquals(events?.map(({ message }) => message), ["late"]);
});

logsTest(
  "FilterLogEvents interleaves streams by time, filters, and pages to the end",
  async (clients) => {
    const { logs } = clients;
    await groupWith(clients, "g", "app-1", "app-2", "other");
    const nowMs = Date.now() - 1_000;
    const of = (logStreamName: string) => ({ logGroupName: "g", logStreamName });
    await put(clients, of("app-1"), nowMs, "ERROR a", "b", "ERROR c");
    await put(clients, of("app-2"), nowMs + 1, "ERROR d");
    await put(clients, of("other"), nowMs + 5, "ERROR e");
    const all = await logs.send(
      new FilterLogEventsCommand({ logGroupName: "g", filterPattern: "ERROR" }),
    );
    assertEquals(all.events?.map(({ message }) => message), [
      "ERROR a",
      "ERROR d",
      "ERROR c",
      "ERROR e",
    ]);
    assertEquals([all.searchedLogStreams, all.nextToken], [[], undefined]);
    const [first] = all.events ?? [];
    assertEquals(Object.keys(first).sort(), [
      "eventId",
      "ingestionTime",
      "logStreamName",
      "message",
      "timestamp",
    ]);
    assertMatch(first.eventId ?? "", /^\d{56}$/);

    const paged: (string | undefined)[] = [];
    const input = { logGroupName: "g", logStreamNamePrefix: "app", limit: 1 };
    for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, input)) {
      paged.push(...events.map(({ message }) => message));
    }
    assertEquals(paged, ["ERROR a", "b", "ERROR d", "ERROR c"]);

    const ended = await logs.send(
      new FilterLogEventsCommand({ logGroupName: "g", startTime: nowMs + 1, endTime: nowMs + 2 }),
    );
    assertEquals(ended.events?.map(({ message }) => message), ["b", "ERROR d", "ERROR c"]);
    const backward = { logGroupName: "g", startTime: nowMs, startFromHead: false, limit: 2 };
    const latest = await logs.send(new FilterLogEventsCommand(backward));
    assertEquals(latest.events?.map(({ message }) => message), ["ERROR e", "ERROR c"]);
    const earlier = await logs.send(
      new FilterLogEventsCommand({ ...backward, nextToken: latest.nextToken }),
    );
    assertEquals(earlier.events?.map(({ message }) => message), ["ERROR d", "b"]);
    const invalid = ["The specified nextToken is invalid.", "Invalid filter pattern"];
    assertEquals(
      await Promise.all(
        [{ nextToken: "nope" }, { filterPattern: "a:b" }].map((input) =>
          said(() => logs.send(new FilterLogEventsCommand({ logGroupName: "g", ...input })))
        ),
      ),
      invalid.map((text) => `InvalidParameterException: ${text}`),
    );
  },
);

// Terraform's AWS provider 1.60.0 tags a log group with TagLogGroup, and reads it with ListTagsLogGroup.
logsTest(
  "the older operations change and list the tags that TagResource gives",
  async ({ logs }) => {
    const logGroupName = "g";
    await logs.send(new CreateLogGroupCommand({ logGroupName, tags: { made: "by test" } }));
    await logs.send(new TagLogGroupCommand({ logGroupName, tags: { more: "1", made: "again" } }));
    await logs.send(new UntagLogGroupCommand({ logGroupName, tags: ["more", "absent"] }));
    const wanted = { made: "again" };
    const older = await logs.send(new ListTagsLogGroupCommand({ logGroupName }));
    const newer = await logs.send(new ListTagsForResourceCommand({ resourceArn: `${ARN}g` }));
    assertEquals([older.tags, newer.tags], [wanted, wanted]);
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`key-${at}`, ""]));
    assertEquals(
      await said(() => logs.send(new TagLogGroupCommand({ logGroupName, tags: many }))),
      "InvalidParameterException: A resource can have 50 tags at most.",
    );
    assertEquals(
      await said(() => logs.send(new ListTagsLogGroupCommand({ logGroupName: "absent" }))),
      "ResourceNotFoundException: The specified log group does not exist.",
    );
  },
);

logsTest("retention, tags and deletion are as asked for", async (clients) => {
  const { logs } = clients;
  await logs.send(new CreateLogGroupCommand({ logGroupName: "g", tags: { made: "by test" } }));
  const resourceArn = `${ARN}g`;
  await logs.send(new TagResourceCommand({ resourceArn, tags: { more: "1" } }));
  await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ["made"] }));
  const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn }));
  assertEquals(tags, { more: "1" });
  assertEquals(
    await said(() =>
      logs.send(new PutRetentionPolicyCommand({ logGroupName: "g", retentionInDays: 2 }))
    ),
    "InvalidParameterException: 1 validation error detected: Value '2' at 'retentionInDays' " +
      "failed to satisfy constraint: Member must satisfy enum value set: [1, 3, 5, 7, 14, 30, 60, " +
      "90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]",
  );
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: "g", retentionInDays: 3 }));
  await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: "g" }));
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  assertEquals(logGroups?.[0].retentionInDays, undefined);
  await logs.send(new CreateLogStreamCommand({ logGroupName: "g", logStreamName: "s" }));
  await put(clients, { logGroupName: "g", logStreamName: "s" }, Date.now(), "gone with its stream");
  await logs.send(new DeleteLogStreamCommand({ logGroupName: "g", logStreamName: "s" }));
  const left = await logs.send(new FilterLogEventsCommand({ logGroupName: "g" }));
  assertEquals(left.events, []);
  await logs.send(new DeleteLogGroupCommand({ logGroupName: "g" }));
  assertEquals((await logs.send(new DescribeLogGroupsCommand({}))).logGroups, []);
});

logsTest("settings that the sandbox does not have are refused by name", async (clients) => {
  const { logs } = clients;
  await groupWith(clients, "g", "s");
  const entity = { keyAttributes: { Type: "Service", Name: "x" } };
  const logEvents = [{ timestamp: Date.now(), message: "m" }];
  const refused = [
    () => logs.send(new CreateLogGroupCommand({ logGroupName: "k", kmsKeyId: "arn:aws:kms:x" })),
    () =>
      logs.send(new CreateLogGroupCommand({ logGroupName: "k", deletionProtectionEnabled: true })),
    () => logs.send(new DescribeLogGroupsCommand({ includeLinkedAccounts: true })),
    () =>
      logs.send(
        new PutLogEventsCommand({ logGroupName: "g", logStreamName: "s", logEvents, entity }),
      ),
  ];
  const what = ["kmsKeyId", "deletion protection", "linked accounts", "entity"];
  assertEquals(
    await Promise.all(refused.map(said)),
    what.map((name) => `InvalidParameterException: The sandbox does not support ${name}.`),
  );
});

logsTest(
  "permissions are asked for on the stream, or on the group's streams",
  async (clients, sandbox) => {
    await groupWith(clients, "g", "s");
    const UserName = "reader";
    await clients.iam.send(new CreateUserCommand({ UserName }));
    const { AccessKey } = await clients.iam.send(new CreateAccessKeyCommand({ UserName }));
    assert(AccessKey?.AccessKeyId && AccessKey.SecretAccessKey);
    const credentials = {
      accessKeyId: AccessKey.AccessKeyId,
      secretAccessKey: AccessKey.SecretAccessKey,
    };
    using reader = clientsFor({ endpoint: sandbox.endpoint, credentials });
    const read = () =>
      reader.logs.send(new GetLogEventsCommand({ logGroupName: "g", logStreamName: "s" }));
    const may = (Resource: string) =>
      clients.iam.send(
        new PutUserPolicyCommand({
          UserName,
          PolicyName: "read",
          PolicyDocument: JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: ["logs:Get*", "logs:Filter*"], Resource }],
          }),
        }),
      );
    assertEquals(
      await said(read),
      "AccessDeniedException: User: arn:aws:iam::123456789012:user/reader is not authorized to " +
        `perform: logs:GetLogEvents on resource: ${ARN}g:log-stream:s because no identity-based ` +
        "policy allows the logs:GetLogEvents action",
    );
    await may(`${ARN}g:log-stream:s`);
    await read();
    const search = () => reader.logs.send(new FilterLogEventsCommand({ logGroupName: "g" }));
    assertMatch(
      await said(search),
      /logs:FilterLogEvents on resource: \S+:log-group:g:log-stream: /,
    );
    await may(`${ARN}g:*`);
    await search();
    const unmask = { logGroupName: "g", unmask: true };
    const unmasked = () => reader.logs.send(new FilterLogEventsCommand(unmask));
    assertMatch(await said(unmasked), /not authorized to perform: logs:Unmask/);
  },
);
