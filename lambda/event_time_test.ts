import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { utcHourOf } from "./event_time.ts";

for (
  const [text, expected, why] of [
    ["2026-11-24T09:30:00Z", "2026/11/24/09", "UTC"],
    ["2026-11-24t09:30:00.123456789z", "2026/11/24/09", "a fraction, small letters"],
    ["2026-12-31T23:30:00-01:00", "2027/01/01/00", "an offset that changes the year"],
    ["2026-03-01T00:29:00+00:30", "2026/02/28/23", "an offset of minutes"],
    ["2024-02-29T00:00:00Z", "2024/02/29/00", "a leap day"],
    ["0001-01-01T00:00:00Z", "0001/01/01/00", "not the year 1901"],
  ] as const
) {
  Deno.test(`utcHourOf() reads ${text}: ${why}`, () => {
    assertEquals(Object.values(utcHourOf(text) ?? {}).join("/"), expected);
  });
}

for (
  const [text, why] of [
    ["2026-11-24T09:30:00", "no offset: whose hour?"],
    ["2026-11-24 09:30:00Z", "a space"],
    ["2026-11-24", "a date only"],
    ["2026-02-30T00:00:00Z", "a day that does not exist"],
    ["2026-02-29T00:00:00Z", "not a leap year"],
    ["2026-00-10T00:00:00Z", "month 0"],
    ["2026-13-01T00:00:00Z", "month 13"],
    ["2026-01-00T00:00:00Z", "day 0"],
    ["2026-11-24T24:00:00Z", "hour 24"],
    ["2026-11-24T23:60:00Z", "minute 60"],
    ["2026-12-31T23:59:60Z", "a leap second"],
    ["2026-11-24T00:00:00+24:00", "an offset of a day"],
    ["9999-12-31T23:59:59-00:01", "the year 10000 in UTC"],
    ["0000-01-01T00:00:00+00:01", "the year -1 in UTC"],
    ["1795512600", "seconds or milliseconds?"],
    ["2026-11-24T09:30:00Z\n", "a line end"],
    ["", "nothing"],
  ] as const
) {
  Deno.test(`utcHourOf() refuses ${JSON.stringify(text)}: ${why}`, () => {
    assertEquals(utcHourOf(text), undefined);
  });
}

Deno.test("utcHourOf() gives the hour of every instant, whatever the offset it is written with", () => {
  const anyTime = fc.date({
    min: new Date("0000-01-02T00:00:00Z"),
    max: new Date("9999-12-30T00:00:00Z"),
    noInvalidDate: true,
  });
  fc.assert(fc.property(anyTime, fc.integer({ min: -1439, max: 1439 }), (time, offset) => {
    const local = new Date(time.getTime() + offset * 60_000).toISOString().slice(0, -1);
    const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60]
      .map((part) => `${part}`.padStart(2, "0"));
    const text = `${local}${offset < 0 ? "-" : "+"}${hours}:${minutes}`;
    const [date, clock] = time.toISOString().split("T");
    const expected = [...date.split("-"), clock.slice(0, 2)].join("/");
    assertEquals(Object.values(utcHourOf(text) ?? {}).join("/"), expected);
  }));
});
