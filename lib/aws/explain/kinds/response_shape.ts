/**
 * Tells responses of transformation functions from other documents, also those of a wrong shape.
 * @module
 */

import { messagesIn } from "../logs/wrappings.ts";
import { objectIn } from "../shared/json_members.ts";

/** Whether a document is, or was meant to be, what a transformation function answers. */
export function isResponse(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value === "string") return isResponseInText(value);
  if (Array.isArray(value)) return value.some(isReturnedRecord);
  const document = objectIn(value);
  const names = Object.keys(document);
  if (typeof value === "object" && names.length === 0) return true;
  if (Array.isArray(document.records)) return !isEventLike(document);
  if ("records" in document) return true;
  if ("statusCode" in document && "body" in document) return true;
  const { Records: misspelt } = document;
  return Array.isArray(misspelt) && (misspelt.length === 0 || misspelt.some(isReturnedRecord));
}

/** A text that was meant to be a response and is not JSON: cut off, with NaN, with a comma too many. */
export function isBrokenResponse(text: string): boolean {
  const begin = text.trimStart().slice(0, 65_536);
  return /^[{[]/.test(begin) && begin.includes('"recordId"') && begin.includes('"result"') &&
    !begin.includes('"rawData"') && !/^[^\n]*\}\s*\n\s*\{/.test(begin);
}

function isResponseInText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && isResponse(value) &&
      messagesIn(value) === undefined;
  } catch {
    return false;
  }
}

function isReturnedRecord(item: unknown): boolean {
  const record = objectIn(item);
  return "recordId" in record && ("result" in record || "data" in record) &&
    !("approximateArrivalTimestamp" in record);
}

function isEventLike(document: Readonly<Record<string, unknown>>): boolean {
  return "deliveryStreamArn" in document || "invocationId" in document;
}
