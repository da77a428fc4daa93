/**
 * Invented people, for notebook 1. The same seed gives the same people.
 * @module
 */

// One language: loading all of them takes as long as three of the SDK's clients.
import { faker } from "@faker-js/faker/locale/en";

/** A person as a small JSON record. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly city: string;
  /** ISO 8601, in UTC. */
  readonly signedUpAt: string;
}

/** All sign-ups are on this day, so that the same seed gives the same times. */
const DAY = new Date("2026-01-15T00:00:00Z");

/** `count` people. Their addresses are at example.com, so that no real person gets a message. */
export function fakePeople(count: number, seed = 1): Person[] {
  faker.seed(seed);
  return Array.from({ length: count }, (_, index) => {
    const [firstName, lastName] = [faker.person.firstName(), faker.person.lastName()];
    return {
      id: index + 1,
      name: `${firstName} ${lastName}`,
      email: faker.internet.email({ firstName, lastName, provider: "example.com" }).toLowerCase(),
      city: faker.location.city(),
      signedUpAt: faker.date.soon({ days: 1, refDate: DAY }).toISOString(),
    };
  });
}
