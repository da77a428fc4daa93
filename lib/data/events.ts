/**
 * Events of invented databases, for the notebooks about partitioning. The same seed gives the same
 * events.
 * @module
 */

// One language: loading all of them takes as long as three of the SDK's clients.
import { faker } from "@faker-js/faker/locale/en";

/** A row of a table was inserted, updated or deleted. */
export interface SampleEvent {
  readonly id: number;
  readonly database: string;
  readonly table: string;
  /** RFC 3339, in UTC, to the second: what jq's `strptime` reads without help. */
  readonly time: string;
  readonly operation: "insert" | "update" | "delete";
  readonly row: {
    /** A UUID: as a partition key it would make a partition for each customer. */
    readonly customerId: string;
    readonly name: string;
    readonly address: { readonly city: string; readonly countryCode: string };
    readonly amount: number;
    readonly note: string;
  };
}

/** The tables that events come from, with the weight each has. */
const TABLES = [
  { weight: 6, value: { database: "shop", table: "orders" } },
  { weight: 3, value: { database: "shop", table: "customers" } },
  { weight: 4, value: { database: "billing", table: "invoices" } },
  { weight: 1, value: { database: "billing", table: "refunds" } },
  { weight: 2, value: { database: "support", table: "tickets" } },
];

const OPERATIONS: { weight: number; value: SampleEvent["operation"] }[] = [
  { weight: 5, value: "insert" },
  { weight: 4, value: "update" },
  { weight: 1, value: "delete" },
];

/** All events are within three hours: two of one day and one of the next. */
const FIRST = Date.parse("2026-01-15T22:00:00Z");
const HOURS = 3;

/** `count` events of about 330 bytes each as JSON, not in order of time. */
export function sampleEvents(count: number, seed = 1): SampleEvent[] {
  faker.seed(seed);
  return Array.from({ length: count }, (_, index) => sampleEvent(index + 1));
}

function sampleEvent(id: number): SampleEvent {
  const second = faker.number.int({ max: HOURS * 3600 - 1 });
  return {
    id,
    ...faker.helpers.weightedArrayElement(TABLES),
    time: new Date(FIRST + second * 1000).toISOString().replace(".000Z", "Z"),
    operation: faker.helpers.weightedArrayElement(OPERATIONS),
    row: {
      customerId: faker.string.uuid(),
      name: faker.person.fullName(),
      address: { city: faker.location.city(), countryCode: faker.location.countryCode() },
      amount: faker.number.float({ max: 500, fractionDigits: 2 }),
      note: faker.lorem.sentence(),
    },
  };
}
