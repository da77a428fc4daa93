/**
 * glibc's `strptime` in the C locale. Pure. Follows the manual, "Interpret string according to
 * given format" (https://sourceware.org/glibc/manual/2.36/html_node/Low_002dLevel-Time-String-Parsing.html);
 * what the manual leaves open was measured with jq 1.6 on Debian 12 (glibc 2.36).
 * @module
 */

import {
  daysBeforeMonth,
  daysOf,
  monthOf,
  MONTHS,
  type Tm,
  tmOfDays,
  WEEKDAYS,
} from "./calendar.ts";

/** A text that does not match its format. Never leaves this file. */
class Mismatch extends Error {}

const BLANKS = " \t\n\v\f\r";
/** A year that fits `tm`'s `int`: glibc's `localtime` knows no other. */
const YEAR_MAX = 2 ** 31 - 1;

/**
 * Reads `text` as `format` says, into `tm`; fields that the format does not name stay. Both texts
 * hold one byte in each character. Returns where reading ended, or undefined if the text does not
 * match; `tm` is then of no use.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tmOfDays } from "./calendar.ts";
 * const tm = tmOfDays(0);
 * assertEquals(strptime("14 Nov 2023 12 PM", "%d %b %Y %I %p", tm), 17);
 * assertEquals([tm.year + 1900, tm.mon, tm.mday, tm.hour], [2023, 10, 14, 12]);
 * ```
 */
export function strptime(text: string, format: string, tm: Tm): number | undefined {
  const reader = new Reader(text, tm);
  try {
    reader.read(format);
  } catch (error) {
    if (error instanceof Mismatch) return undefined;
    throw error;
  }
  reader.complete();
  return reader.at;
}

class Reader {
  at = 0;
  #century = -1;
  #isPm = false;
  #is12Hours = false;
  #week: { readonly number: number; readonly startsOn: 0 | 1 } | undefined;
  /** An alternative digit (`%O…`) was asked for: the C locale has none, and the second one fails. */
  #wantsAlternative = false;
  #has = { wday: false, yday: false, mon: false, mday: false };
  #wantsDay = false;
  #wantsCentury = false;

  constructor(readonly text: string, readonly tm: Tm) {}

  read(format: string): void {
    for (let index = 0; index < format.length; index++) {
      if (BLANKS.includes(format[index])) this.#skipBlanks();
      else if (format[index] !== "%") this.#expect(format[index]);
      else index = this.#convertAt(format, index + 1);
    }
  }

  /** Reads the conversion behind a `%`; returns the index of its last letter. */
  #convertAt(format: string, start: number): number {
    let index = start;
    while (index < format.length && "-_0^#".includes(format[index])) index++;
    while (isDigit(format[index])) index++;
    const modifier = format[index] === "E" || format[index] === "O" ? format[index++] : "";
    if (modifier === "E") this.#convertEra(format[index]);
    else if (modifier === "O") this.#convertAlternative(format[index]);
    else this.#convert(format[index]);
    return index;
  }

  #convert(letter: string | undefined): void {
    const { tm } = this;
    switch (letter) {
      case "%":
        return this.#expect("%");
      case "a":
      case "A":
        tm.wday = this.#name(WEEKDAYS);
        this.#has.wday = true;
        return;
      case "b":
      case "B":
      case "h":
        return this.#setMonth(this.#name(MONTHS));
      case "c":
        return this.#readDay("%a %b %e %H:%M:%S %Y");
      case "C":
        this.#century = this.#number(0, 99, 2);
        this.#wantsDay = true;
        return;
      case "d":
      case "e":
        tm.mday = this.#number(1, 31, 2);
        this.#has.mday = true;
        this.#wantsDay = true;
        return;
      case "D":
      case "x":
        return this.#readDay("%m/%d/%y");
      case "F":
        return this.#readDay("%Y-%m-%d");
      case "G":
        return this.#skipDigits();
      case "g":
        return void this.#number(0, 99, 2);
      case "H":
      case "k":
        tm.hour = this.#number(0, 23, 2);
        this.#is12Hours = false;
        return;
      case "I":
      case "l":
        tm.hour = this.#number(1, 12, 2) % 12;
        this.#is12Hours = true;
        return;
      case "j":
        tm.yday = this.#number(1, 366, 3) - 1;
        this.#has.yday = true;
        return;
      case "m":
        return this.#setMonth(this.#number(1, 12, 2) - 1);
      case "M":
        tm.min = this.#number(0, 59, 2);
        return;
      case "n":
      case "t":
        return this.#skipBlanks();
      case "p":
        this.#isPm = this.#oneOf(["AM", "PM"]) === 1;
        return;
      case "R":
        return this.read("%H:%M");
      case "r":
        return this.read("%I:%M:%S %p");
      case "S":
        tm.sec = this.#number(0, 61, 2);
        return;
      case "s":
        return this.#epoch();
      case "T":
      case "X":
        return this.read("%H:%M:%S");
      case "U":
      case "W":
        this.#week = { number: this.#number(0, 53, 2), startsOn: letter === "U" ? 0 : 1 };
        return;
      case "u":
        tm.wday = this.#number(1, 7, 1) % 7;
        this.#has.wday = true;
        return;
      case "V":
        return void this.#number(0, 53, 2);
      case "w":
        tm.wday = this.#number(0, 6, 1);
        this.#has.wday = true;
        return;
      case "Y":
        tm.year = this.#number(0, 9999, 4) - 1900;
        this.#wantsCentury = false;
        this.#wantsDay = true;
        return;
      case "y":
        this.#yearInCentury();
        this.#wantsCentury = true;
        return;
      case "Z":
        this.#skipBlanks();
        while (this.at < this.text.length && !BLANKS.includes(this.text[this.at])) this.at++;
        return;
      case "z":
        return this.#offset();
      default:
        throw new Mismatch();
    }
  }

  /** `%E…`: the C locale has no eras. */
  #convertEra(letter: string | undefined): void {
    if (letter === undefined || !"cCyYxX".includes(letter)) throw new Mismatch();
    // glibc reads a year of the era, finds no era, and reads the year of a century behind it.
    if (letter === "y") this.#number(0, 9999, 4);
    if (this.#wantsAlternative && "CyY".includes(letter)) throw new Mismatch();
    this.#convert(letter);
  }

  #convertAlternative(letter: string | undefined): void {
    if (letter === undefined || !"bBhdeHImMSUWVwy".includes(letter)) throw new Mismatch();
    if ("bBh".includes(letter)) return this.#convert(letter);
    if (this.#wantsAlternative) throw new Mismatch();
    this.#wantsAlternative = true;
    if (letter === "y") this.#yearInCentury();
    else this.#convert(letter);
  }

  #setMonth(mon: number): void {
    this.tm.mon = mon;
    this.#has.mon = true;
    this.#wantsDay = true;
  }

  #readDay(format: string): void {
    this.read(format);
    this.#wantsDay = true;
  }

  #yearInCentury(): void {
    const year = this.#number(0, 99, 2);
    this.tm.year = year >= 69 ? year : year + 100;
    this.#wantsDay = true;
  }

  #expect(character: string): void {
    if (this.text[this.at] !== character) throw new Mismatch();
    this.at++;
  }

  #skipBlanks(): void {
    while (this.at < this.text.length && BLANKS.includes(this.text[this.at])) this.at++;
  }

  #skipDigits(): void {
    if (!isDigit(this.text[this.at])) throw new Mismatch();
    while (isDigit(this.text[this.at])) this.at++;
  }

  #number(from: number, to: number, digits: number): number {
    this.#skipBlanks();
    if (!isDigit(this.text[this.at])) throw new Mismatch();
    let value = 0;
    do value = value * 10 + Number(this.text[this.at++]); while (
      --digits > 0 && value * 10 <= to && isDigit(this.text[this.at])
    );
    if (value < from || value > to) throw new Mismatch();
    return value;
  }

  #name(names: readonly string[]): number {
    const index = this.#oneOf([...names, ...names.map((name) => name.slice(0, 3))]);
    return index % names.length;
  }

  /** The index of the first of `texts` that stands here, whatever its case. */
  #oneOf(texts: readonly string[]): number {
    const index = texts.findIndex((text) =>
      this.text.slice(this.at, this.at + text.length).toLowerCase() === text.toLowerCase()
    );
    if (index < 0) throw new Mismatch();
    this.at += texts[index].length;
    return index;
  }

  #epoch(): void {
    const start = this.at;
    this.#skipDigits();
    const seconds = Number(this.text.slice(start, this.at));
    const days = Math.floor(seconds / 86_400);
    if (days / 366 > YEAR_MAX) throw new Mismatch();
    const rest = seconds - days * 86_400;
    Object.assign(this.tm, tmOfDays(days), {
      hour: Math.floor(rest / 3600),
      min: Math.floor(rest / 60) % 60,
      sec: rest % 60,
    });
  }

  /** An offset is read, and has no effect: jq does not look at it. */
  #offset(): void {
    this.#skipBlanks();
    const [offset] = /^(?:Z|[+-]\d\d:?\d\d|[+-]\d\d(?!:?\d))/.exec(this.text.slice(this.at)) ?? [];
    if (offset === undefined || Number(offset.slice(3).replace(":", "")) >= 60) {
      throw new Mismatch();
    }
    this.at += offset.length;
  }

  /** Works out what the format left open. */
  complete(): void {
    const { tm } = this;
    if (this.#is12Hours && this.#isPm) tm.hour += 12;
    if (this.#century !== -1) {
      tm.year = (this.#wantsCentury ? tm.year % 100 : 0) + (this.#century - 19) * 100;
    }
    if (this.#wantsDay && !this.#has.wday) {
      if (!(this.#has.mon && this.#has.mday) && this.#has.yday) this.#dayOfYear();
      if (this.#has.mon || tm.mon >= 0 && tm.mon <= 11) tm.wday = weekdayOf(tm);
    }
    if (this.#wantsDay && !this.#has.yday && (this.#has.mon || tm.mon >= 0 && tm.mon <= 11)) {
      tm.yday = daysBeforeMonth(1900 + tm.year, tm.mon) + tm.mday - 1;
    }
    if (this.#week && this.#has.wday) this.#dayOfWeek(this.#week);
  }

  /** Month and day from the day of the year. */
  #dayOfYear(): void {
    const { tm } = this;
    const year = 1900 + tm.year;
    const mon = monthOf(year, tm.yday);
    if (!this.#has.mon) tm.mon = mon;
    if (!this.#has.mday) tm.mday = tm.yday - daysBeforeMonth(year, mon) + 1;
    this.#has.mon = true;
    this.#has.mday = true;
  }

  /** The day of the year from the week and the day of the week. */
  #dayOfWeek({ number, startsOn }: { readonly number: number; readonly startsOn: 0 | 1 }): void {
    const { tm } = this;
    const newYear = weekdayOf({ ...tm, mon: 0, mday: 1 });
    if (!this.#has.yday) {
      tm.yday = (7 - (newYear - startsOn)) % 7 + (number - 1) * 7 + (tm.wday - startsOn + 7) % 7;
    }
    if (!this.#has.mday || !this.#has.mon) this.#dayOfYear();
  }
}

const isDigit = (character: string | undefined) =>
  character !== undefined && character >= "0" && character <= "9";

/** glibc counts no leap day before the January and February of the year 0. */
function weekdayOf(tm: Tm): number {
  const days = daysOf(tm) + (tm.year === -1900 && tm.mon < 2 ? 1 : 0);
  return (((days + 4) % 7) + 7) % 7;
}
