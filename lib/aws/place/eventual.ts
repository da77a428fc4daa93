/**
 * New keys and roles: on AWS it takes some seconds until every service knows them.
 * @module
 */

import { until } from "../../view/until.ts";

/** On AWS it mostly takes less than 10 s; the sandbox knows them at once. */
const KNOWN_WITHIN_SECONDS = 60;

/** The errors of services that a new key has not reached yet. */
const UNKNOWN_KEY = [
  "InvalidClientTokenId",
  "InvalidAccessKeyId",
  "UnrecognizedClientException",
];

/** Repeats `act` until AWS knows the new access key, and returns its answer. */
export async function onceKeyIsKnown<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  return await repeated(
    "AWS knows the new key",
    act,
    ({ name }) => UNKNOWN_KEY.includes(name),
    " If the key was deleted since, run the cell that creates it, then this one.",
  );
}

/**
 * Repeats `act` until AWS knows a new key and the permissions that its user has just got. S3 can
 * refuse both for more than ten seconds, after STS has known the key: InvalidAccessKeyId, then
 * AccessDenied (https://github.com/open-craft/opencraft/pull/389, 2019).
 */
export async function onceUserMayAct<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  return await repeated(
    "AWS knows the new key and what it may do",
    act,
    ({ name }) => [...UNKNOWN_KEY, "AccessDenied"].includes(name),
  );
}

/** Repeats `act`, which gives a new role to a service, until the service can assume the role. */
export async function onceRoleIsKnown<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  return await repeated(
    "AWS may assume the new role",
    act,
    ({ name, message }) =>
      /^Invalid(Argument|ParameterValue)Exception$/.test(name) && /\bassume/i.test(message),
  );
}

async function repeated<Answer>(
  what: string,
  act: () => Promise<Answer>,
  isEarly: (error: Error) => boolean,
  advice = "",
): Promise<Answer> {
  let last: Error | undefined;
  const probe = async () => {
    try {
      return { answer: await act() };
    } catch (error) {
      if (!(error instanceof Error) || !isEarly(error)) throw error;
      last = error;
    }
  };
  try {
    const { answer } = await until(what, probe, {
      withinSeconds: KNOWN_WITHIN_SECONDS,
      everySeconds: 1,
    });
    return answer;
  } catch (error) {
    // At the deadline, AWS's last error says more than "not in time".
    if (last === undefined || !(error instanceof Error) || error === last) throw error;
    throw new Error(`${error.message} AWS said last: ${last.name}: ${last.message}${advice}`, {
      cause: last,
    });
  }
}
