/**
 * What the console's page shows, number by number.
 * @module
 */

import type { Locator, Page } from "playwright-core";
import { ALL_BATCHES } from "./sdk_numbers.ts";

const digits = (text: string) => Number(text.replaceAll(",", ""));

/** The number of a field of the stream's card; undefined if the page does not show it. */
async function field(page: Page, name: string): Promise<number | undefined> {
  const found = page.locator(`[data-field="${name}"]`).first();
  if (await found.count() === 0) return undefined;
  return digits(await found.getAttribute("value") ?? await found.innerText());
}

/** What the page shows for a number that the SDK says. */
export async function shown(page: Page, what: string): Promise<string | number | undefined> {
  if (what === "Buffer by size, of") {
    const meter = page.getByRole("meter", { name: "Buffer by size" });
    return Number(await meter.getAttribute("aria-valuemax"));
  }
  if (what === ALL_BATCHES) {
    const texts = await page.locator(".batch > p:first-child").allInnerTexts();
    return texts.map((text) => digits(/([\d,]+) ms/.exec(text)?.[1] ?? ""))
      .reduce((sum, ms) => sum + ms, 0);
  }
  if (what === "delivered and failed") {
    const errors = await page.locator('[data-field^="error "]').allInnerTexts();
    return [await field(page, "delivered") ?? 0, ...errors.map(digits)]
      .reduce((sum, records) => sum + records, 0);
  }
  if (what.startsWith("object ")) return await objectRow(page, what.slice("object ".length));
  return await field(page, what);
}

/** Undefined for an object that is not among the newest. */
async function objectRow(page: Page, key: string): Promise<string | undefined> {
  const row = page.locator(".objects > li", { hasText: key });
  if (await row.count() === 0) return undefined;
  const text = await row.locator("span.quiet").last().innerText();
  const bytes = await row.locator("data").getAttribute("value");
  return `${text.split(",")[0]}, ${bytes}`;
}

/** Texts of what a locator finds, once there are `count` of them or five seconds have passed. */
export async function textsOf(found: Locator, count: number): Promise<string[]> {
  const endMs = Date.now() + 5_000;
  while (await found.count() !== count && Date.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return await found.allInnerTexts();
}
