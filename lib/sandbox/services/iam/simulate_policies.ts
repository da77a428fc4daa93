/**
 * The policy simulator: SimulatePrincipalPolicy, SimulateCustomPolicy. Both evaluate policies for
 * calls that are not made.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 * @module
 */

import type {
  ContextEntry,
  SimulateCustomPolicyRequest,
  SimulatePrincipalPolicyRequest,
} from "@aws-sdk/client-iam";
import { SimulateCustomPolicy$, SimulatePrincipalPolicy$ } from "../../schemas/iam.ts";
import type { Caller, ConditionContext } from "../../access/caller.ts";
import type { ConditionValues } from "../../access/conditions.ts";
import { parsePolicy, PolicyFault } from "../../access/policy_document.ts";
import type { Constraints } from "../../constraints.ts";
import type { Given, OperationDefinition } from "../../operation.ts";
import type { PolicyOwner } from "./entities.ts";
import { invalidInput, noSuchEntity } from "./errors.ts";
import { DOCUMENT, MARKER, MAX_ITEMS, pageOf } from "./shapes.ts";
import { type EvaluationResult, simulate, type SimulatedPolicy } from "./simulation.ts";
import { lowerCased } from "./permissions.ts";
import type { IamState } from "./state.ts";

/** The output of both operations. */
interface Simulated {
  readonly EvaluationResults: readonly EvaluationResult[];
  readonly IsTruncated: boolean;
  readonly Marker?: string;
}

/** The constraints that both operations share. */
const SHARED: Constraints = {
  ActionNames: { required: true, item: { length: [3, 128] } },
  ResourceArns: { item: { length: [1, 2_048] } },
  ContextEntries: {
    item: {
      members: {
        ContextKeyName: { length: [5, 256] },
        ContextKeyType: {
          enum: [
            ...["string", "stringList", "numeric", "numericList", "boolean", "booleanList"],
            ...["ip", "ipList", "binary", "binaryList", "date", "dateList"],
          ],
        },
      },
    },
  },
  MaxItems: MAX_ITEMS,
  Marker: MARKER,
};

export const SimulatePrincipalPolicy: OperationDefinition<
  Given<SimulatePrincipalPolicyRequest, "PolicySourceArn" | "ActionNames">,
  Simulated,
  IamState
> = {
  schema: SimulatePrincipalPolicy$,
  constraints: {
    ...SHARED,
    PolicySourceArn: { required: true, length: [20, 2_048] },
    PolicyInputList: { item: DOCUMENT },
  },
  access: ({ PolicySourceArn }) => [
    { action: "iam:SimulatePrincipalPolicy", resource: PolicySourceArn },
  ],
  run: (input, { state }) => {
    refuseUnsupported(input);
    if (input.PolicyExclusionList) throw notSupported("PolicyExclusionList");
    const { PolicySourceArn, CallerArn = PolicySourceArn } = input;
    // The default is the user's own ARN. Another one is only needed for resource policies.
    if (CallerArn !== PolicySourceArn) throw notSupported("a CallerArn other than PolicySourceArn");
    const { owner, caller, kind } = principalOf(state, PolicySourceArn);
    const policies = [...policiesOf(state, owner, kind), ...givenPolicies(input.PolicyInputList)];
    const values = state.permissions.conditionValues(caller, contextOf(input.ContextEntries));
    return answer(policies, values, input);
  },
};

export const SimulateCustomPolicy: OperationDefinition<
  Given<SimulateCustomPolicyRequest, "PolicyInputList" | "ActionNames">,
  Simulated,
  IamState
> = {
  schema: SimulateCustomPolicy$,
  constraints: { ...SHARED, PolicyInputList: { required: true, item: DOCUMENT } },
  access: () => [{ action: "iam:SimulateCustomPolicy", resource: "*" }],
  run: (input) => {
    refuseUnsupported(input);
    if (input.OrderedOrganizationPolicyInputList) {
      throw notSupported("OrderedOrganizationPolicyInputList");
    }
    if (input.CallerArn !== undefined) throw notSupported("CallerArn");
    const values = lowerCased(contextOf(input.ContextEntries));
    return answer(givenPolicies(input.PolicyInputList), values, input);
  },
};

const notSupported = (what: string) => invalidInput(`The sandbox does not support ${what}.`);

const UNSUPPORTED = [
  "PermissionsBoundaryPolicyInputList",
  "ResourcePolicy",
  "ResourceOwner",
  "ResourceHandlingOption",
] as const;

function refuseUnsupported(
  input: Pick<SimulateCustomPolicyRequest, typeof UNSUPPORTED[number]>,
): void {
  const found = UNSUPPORTED.find((name) => input[name] !== undefined);
  if (found) throw notSupported(found);
}

/** The user or role whose policies are simulated, and the caller it would be. */
function principalOf(state: IamState, arn: string): {
  readonly owner: PolicyOwner;
  readonly caller: Caller;
  readonly kind: "user" | "role";
} {
  const user = state.all("user").find((other) => other.arn === arn);
  if (user) {
    const { accountId } = state;
    const { id: userId, userName } = user;
    return {
      owner: user,
      kind: "user",
      caller: { kind: "user", accountId, arn, userId, userName },
    };
  }
  const role = state.roleOfArn(arn);
  if (role) return { owner: role, kind: "role", caller: state.sessionOf(role, "simulation", []) };
  // The text is ours: AWS's is not known.
  throw noSuchEntity(`No user or role has the ARN ${arn}.`);
}

/** The policies of a user or role, named as the simulator does (ids of inline ones: assumed). */
function policiesOf(state: IamState, owner: PolicyOwner, kind: "user" | "role"): SimulatedPolicy[] {
  const ownerName = owner.arn.split("/").at(-1);
  const inline = Object.entries(owner.inline).map(([name, text]) =>
    simulated(`${kind}_${ownerName}_${name}`, text)
  );
  const managed = owner.attached.flatMap((arn) => {
    const text = state.managedDocument(arn);
    return text === undefined ? [] : [simulated(arn.split("/").at(-1) ?? arn, text)];
  });
  return [...inline, ...managed];
}

function givenPolicies(texts: readonly string[] = []): SimulatedPolicy[] {
  return texts.map((text, index) => simulated(`PolicyInputList.${index + 1}`, text));
}

/** Throws InvalidInput if the text is not an identity policy. */
function simulated(id: string, text: string): SimulatedPolicy {
  try {
    return { id, text, policy: parsePolicy(text, "identity") };
  } catch (error) {
    if (error instanceof PolicyFault) throw invalidInput(`${id}: ${error.message}`);
    throw error;
  }
}

/** Context values by key. Throws InvalidInput for a value that is not of its type. */
function contextOf(entries: readonly ContextEntry[] = []): ConditionContext {
  return Object.fromEntries(entries.map((entry) => {
    const { ContextKeyName = "", ContextKeyValues = [], ContextKeyType = "string" } = entry;
    for (const value of ContextKeyValues) {
      if (!isOfType(value, ContextKeyType)) {
        throw invalidInput(
          `The value ${value} of ${ContextKeyName} is not of type ${ContextKeyType}.`,
        );
      }
    }
    return [ContextKeyName, ContextKeyValues];
  }));
}

function isOfType(value: string, type: string): boolean {
  if (type.startsWith("numeric")) return value.trim() !== "" && Number.isFinite(Number(value));
  if (type.startsWith("boolean")) return value === "true" || value === "false";
  return true;
}

/** Pairs of an action and a resource in one call. */
const PAIRS_MAX = 100_000;

/** Every action on every resource, page by page. */
function answer(
  policies: readonly SimulatedPolicy[],
  values: ConditionValues,
  { ActionNames = [], ResourceArns = ["*"], MaxItems, Marker }: Pick<
    SimulateCustomPolicyRequest,
    "ActionNames" | "ResourceArns" | "MaxItems" | "Marker"
  >,
): Simulated {
  for (const action of ActionNames) {
    if (!/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) {
      // The text is ours: AWS's is not known.
      throw invalidInput(`${action} is not an action: service:Name is expected.`);
    }
  }
  if (ActionNames.length * ResourceArns.length > PAIRS_MAX) {
    // AWS names no limit. 5,000 of both, which fit into 380 KB, took 1.9 GB.
    throw invalidInput(
      `The sandbox simulates at most ${PAIRS_MAX} pairs of an action and a resource in one call.`,
    );
  }
  const pairs = ActionNames.flatMap((action) =>
    ResourceArns.map((resource) => ({ action, resource, values }))
  );
  const { items, ...page } = pageOf(pairs, (_, index) => String(index), { MaxItems, Marker });
  return { EvaluationResults: items.map((request) => simulate(policies, request)), ...page };
}
