/**
 * Rows of CSV as Insights and the console write it, read line by line: a field in quotes may have
 * line feeds, and a quote in it stands twice (RFC 4180).
 * @module
 */

/** Reads rows while their lines come. */
export class CsvReader {
  #row: string[] = [];
  #field = "";
  #inQuotes = false;

  /** The row that `line` ends; undefined while a field goes on. */
  add(line: string): readonly string[] | undefined {
    if (this.#inQuotes) this.#field += "\n";
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    for (let at = 0; at < text.length; at++) at = this.#take(text, at);
    if (this.#inQuotes) return undefined;
    return this.end();
  }

  /** What has come of a row. */
  end(): readonly string[] {
    const row = [...this.#row, this.#field];
    [this.#row, this.#field, this.#inQuotes] = [[], "", false];
    return row;
  }

  /** The position of the last character taken. */
  #take(text: string, at: number): number {
    const character = text[at];
    if (this.#inQuotes) {
      const quote = text.indexOf('"', at);
      const end = quote < 0 ? text.length : quote;
      this.#field += text.slice(at, end);
      if (quote < 0) return end;
      if (text[quote + 1] === '"') {
        this.#field += '"';
        return quote + 1;
      }
      this.#inQuotes = false;
      return quote;
    }
    if (character === '"' && this.#field === "") this.#inQuotes = true;
    else if (character === ",") {
      this.#row.push(this.#field);
      this.#field = "";
    } else this.#field += character;
    return at;
  }
}

/** The columns of a head that names a log's messages; undefined for any other line. */
export function logColumns(
  line: string,
): { readonly message: number; readonly stream: number } | undefined {
  if (!/^\ufeff?"?@?\w+"?(?:,"?@?[\w.]+"?)+\r?$/.test(line)) return undefined;
  const names = line.replace(/^\ufeff/, "").trim().split(",").map((name) =>
    name.replaceAll('"', "")
  );
  const message = names.findIndex((name) => name === "@message" || name === "message");
  if (message < 0) return undefined;
  return { message, stream: names.findIndex((name) => /^@?logStream(?:Name)?$/.test(name)) };
}
