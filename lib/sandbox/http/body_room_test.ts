import { assertEquals, assertRejects } from "@std/assert";
import { AwsError } from "../errors.ts";
import { startSandbox } from "../sandbox.ts";
import { BodyRoom } from "./body_room.ts";

const MIB = 1024 * 1024;

/** Bodies that arrive when the test says so; the names of those that are being read or were. */
function bodiesIn(room: BodyRoom) {
  const begun: string[] = [];
  const body = (name: string, bytes: number) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const read = room.read(bytes, () => {
      begun.push(name);
      return promise;
    });
    read.catch(() => {});
    return { read, arrive: () => resolve(name), fail: () => reject(new Error(name)) };
  };
  return { begun, body };
}

Deno.test("bodies are read while there is room for them; others wait, in their order", async () => {
  const { begun, body } = bodiesIn(new BodyRoom(3 * MIB));
  const [a, b] = [body("a", 2 * MIB), body("b", MIB)];
  const [c, d] = [body("c", 2 * MIB), body("d", MIB)];
  assertEquals(begun, ["a", "b"]);
  b.arrive();
  assertEquals(await b.read, "b");
  assertEquals(begun, ["a", "b"], "d is behind c, which has no room yet");
  a.fail();
  await assertRejects(() => a.read, Error, "a");
  c.arrive();
  d.arrive();
  assertEquals([await c.read, await d.read], ["c", "d"]);
  assertEquals(begun, ["a", "b", "c", "d"]);
});

Deno.test("a body that is larger than the room is read alone, and small ones always", async () => {
  const { begun, body } = bodiesIn(new BodyRoom(MIB));
  const [large, next] = [body("large", 70 * MIB), body("next", MIB)];
  body("small", 1_000);
  assertEquals(begun, ["large", "small"]);
  for (const { arrive } of [large, next]) arrive();
  assertEquals(await next.read, "next");
});

Deno.test("a request that finds no room for too long is told to try again", async () => {
  const { begun, body } = bodiesIn(new BodyRoom(2 * MIB, 1));
  const held = body("held", MIB);
  const error = await assertRejects(() => body("waits", 2 * MIB).read, AwsError, "1048576 bytes");
  assertEquals(error.status, 503);
  held.arrive();
  await held.read;
  const later = body("later", 2 * MIB);
  later.arrive();
  await later.read;
  assertEquals(begun, ["held", "later"], "the one that gave up is not read any more");
});

Deno.test("requests that do not go on keep no more than the room, whatever their number", async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 1, isOpen: true });
  const connections: Deno.Conn[] = [];
  const call = async (bytes: number, body: string) => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: sandbox.port });
    connections.push(connection);
    const lines = [
      "POST / HTTP/1.1",
      `Host: 127.0.0.1:${sandbox.port}`,
      "X-Amz-Target: Firehose_20150804.ListDeliveryStreams",
      `Content-Length: ${bytes}`,
    ];
    await connection.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n${body}`));
    return connection;
  };
  try {
    for (let n = 0; n < 7; n++) await call(10 * MIB, "{");
    const padded = `{}${" ".repeat(20_000)}`;
    const waiting = await call(padded.length, padded);
    const answer = waiting.read(new Uint8Array(100));
    const small = await call(2, "{}");
    await small.read(new Uint8Array(100));
    assertEquals(await Promise.race([answer, "waits"]), "waits");
    for (const connection of connections.splice(0, 7)) connection.close();
    assertEquals(typeof await answer, "number");
  } finally {
    for (const connection of connections) connection.close();
    await sandbox.stop();
  }
});
