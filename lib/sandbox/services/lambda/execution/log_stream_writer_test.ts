import { assertEquals } from "@std/assert";
import type { LogLine } from "../../../ports/log_sink.ts";
import { until } from "../../../testing/until.ts";
import { SESSION } from "./environment_testing.ts";
import { LogStreamWriter } from "./log_stream_writer.ts";

/** A writer, and what it wrote in each call. */
function written() {
  const writes: string[][] = [];
  const writer = new LogStreamWriter({
    sink: {
      write: ({ lines }) => Promise.resolve(void writes.push(lines.map(({ message }) => message))),
    },
    caller: SESSION,
    logGroupName: "/aws/lambda/f",
    logStreamName: "s",
  });
  return { writer, writes };
}

const line = (message: string): LogLine => ({ timestampMs: 1, message });

Deno.test("invocations that follow each other share a write, which waits for their answers", async () => {
  const { writer, writes } = written();
  for (const message of ["first", "second", "third"]) {
    writer.add(line(message));
    writer.endInvocation();
  }
  await Promise.resolve();
  assertEquals(writes, [], "an answer goes out first");
  await until("the write", () => writes[0]);
  assertEquals(writes, [["first", "second", "third"]]);

  writer.add(line("fourth"));
  writer.endInvocation();
  await until("the next write", () => writes[1]);
  assertEquals(writes.flat().length, 4);
});

Deno.test("a flush writes what waits at once, whether the invocation has ended or not", async () => {
  const { writer, writes } = written();
  writer.add(line("ended"));
  writer.endInvocation();
  await writer.flush();
  writer.add(line("running"));
  await writer.flush();
  assertEquals(writes, [["ended"], ["running"]]);
});
