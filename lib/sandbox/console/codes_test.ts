import { assertEquals, assertMatch } from "@std/assert";
import { systemRandom } from "../random.ts";
import { CODE_LIFE_MS, Codes, CODES_MAX } from "./codes.ts";

/** Codes, and the clock that they go by. */
function codesAt() {
  const clock = { ms: 5 };
  return { clock, codes: new Codes(systemRandom, () => clock.ms) };
}

Deno.test("a code works once, and leaves the other codes as they are", () => {
  const { codes } = codesAt();
  const [first, second] = [codes.make(), codes.make()];
  assertMatch(first, /^[0-9a-f]{64}$/);
  assertEquals([codes.use(first), codes.use(first)], [true, false]);
  assertEquals(codes.use(second), true);
});

Deno.test("a code works until its life is over, and not after it", () => {
  const { codes, clock } = codesAt();
  const [early, late] = [codes.make(), codes.make()];
  clock.ms += CODE_LIFE_MS - 1;
  assertEquals(codes.use(early), true);
  clock.ms += 1;
  assertEquals(codes.use(late), false);
});

Deno.test("a guess is refused, and ends no code", () => {
  const { codes } = codesAt();
  const code = codes.make();
  for (const guess of ["", "0".repeat(64), code.slice(1), code.toUpperCase(), `${code} `]) {
    assertEquals([guess, codes.use(guess)], [guess, guess === code]);
  }
  assertEquals(codes.use(code), true);
});

Deno.test("one code too many ends the oldest", () => {
  const { codes } = codesAt();
  const all = Array.from({ length: CODES_MAX + 1 }, () => codes.make());
  assertEquals(all.map((code) => codes.use(code)), [false, ...all.slice(1).map(() => true)]);
});
