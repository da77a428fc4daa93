/**
 * The caller of an operation, and the access that the operation needs. Permissions are decided from
 * the two.
 * @module
 */

/** Values of condition keys of a request, by key name (`s3:prefix`, `iam:PassedToService`). */
export type ConditionContext = Readonly<
  Record<string, string | readonly string[]>
>;

/** The identity behind a signature, or behind a role that a service has assumed. */
export type Caller =
  & {
    readonly accountId: string;
    /** `arn:aws:iam::a:root`, `arn:aws:iam::a:user/p/n`, `arn:aws:sts::a:assumed-role/r/s`. */
    readonly arn: string;
    /** `aws:userid`: the account id, `AIDA…`, or `AROA…:session`. */
    readonly userId: string;
    /** When temporary credentials were issued, in milliseconds; absent for long-lived keys. */
    readonly issuedMs?: number;
  }
  & (
    | { readonly kind: "root" }
    | { readonly kind: "user"; readonly userName: string }
    | {
      readonly kind: "session";
      readonly roleName: string;
      /** The role's own ARN, which is `aws:PrincipalArn` of the session. */
      readonly roleArn: string;
      readonly sessionName: string;
      /** Session policies given at AssumeRole (JSON texts): each must allow as well. */
      readonly sessionPolicies: readonly string[];
      /** The function whose session this is: `lambda:SourceFunctionArn`. */
      readonly sourceFunctionArn?: string;
    }
  );

/** The identity of a role's session. */
export type SessionCaller = Extract<Caller, { readonly kind: "session" }>;

/** One access that a call needs: an action on a resource, with the request's condition keys. */
export interface AccessRequest {
  /** `firehose:PutRecord`. */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  readonly conditions?: ConditionContext;
  /**
   * How AWS's text for a refusal names the resource: `user alice`. Empty if the text names none; absent
   * means by its ARN.
   */
  readonly shownAs?: string;
  /** An action that is enough in place of `action`. */
  readonly orAction?: string;
}

/** The answer to an {@linkcode AccessRequest}. */
export type Decision = { readonly allowed: true } | Denial;

/** A refused {@linkcode AccessRequest}. */
export interface Denial {
  readonly allowed: false;
  readonly kind: DenialKind;
  /** The tail of AWS's AccessDenied text, for people. Code that decides reads `kind`. */
  readonly reason: string;
}

/**
 * Why a request is refused. `implicitDeny`: no identity-based policy allows it; the only kind that a
 * resource policy or a trust policy can turn into a yes. `explicitDeny`: some policy denies it.
 * `sessionPolicy`: no session policy allows it.
 */
export type DenialKind = "implicitDeny" | "explicitDeny" | "sessionPolicy";

/**
 * The part of IAM that other services call directly, without HTTP. Implemented by `services/iam`.
 */
export interface AccessControl {
  /** Whether services may assume roles of other accounts: with `--open` only. */
  readonly takesForeignRoles?: boolean;
  /** Evaluates the policies of `caller`; `reason` is e.g. "because no identity-based policy allows the s3:PutObject action". */
  decide(caller: Caller, request: AccessRequest): Decision;
  /**
   * The session of an AWS service that assumes `roleArn`; undefined if the role does not exist or
   * does not trust the service.
   */
  assumeRoleForService(options: {
    readonly roleArn: string;
    /** `firehose.amazonaws.com`. */
    readonly service: string;
    readonly sessionName: string;
    /** Condition keys of the assumption, such as `sts:ExternalId`. */
    readonly conditions?: ConditionContext;
  }): Caller | undefined;
  /** Issues temporary keys of a session, for code outside the sandbox such as a Lambda function. */
  issueKeys(session: Caller, durationSeconds: number): TemporaryKeys;
}

/** Temporary credentials as STS gives them. */
export interface TemporaryKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresMs: number;
}

/** Finds access keys for the signature check. Implemented by `services/iam`. */
export interface KeyRing {
  /** The key with this id; undefined if it does not exist or is inactive. */
  find(accessKeyId: string): SigningKey | undefined;
  /** Notes that a request was signed with a key. */
  noteUse(accessKeyId: string, use: KeyUse): void;
}

/** The use of a key: the service and region of a signature's scope. */
export interface KeyUse {
  readonly service: string;
  readonly region: string;
}

/** An access key: its secret, its owner and, if it is temporary, its token and expiry. */
export interface SigningKey {
  readonly secretAccessKey: string;
  readonly caller: Caller;
  readonly sessionToken?: string;
  /** Milliseconds since the epoch; absent for long-lived keys. */
  readonly expiresMs?: number;
}
