/**
 * The errors that a fault can answer with: codes and statuses of the services' models (SDK for
 * JavaScript 3.1169), those that all services share ("Common errors" of the API references), and
 * AWS's texts where they are known. A code whose text is not known needs a message.
 * @module
 */

import { accessDeniedText } from "../access/access_denied.ts";
import { AwsError } from "../errors.ts";
import type { FaultedCall } from "../ports/fault_source.ts";

/** Codes by status, in words. */
type Codes = Readonly<Record<number, string>>;

/** https://docs.aws.amazon.com/firehose/latest/APIReference/CommonErrors.html */
const JSON_COMMON: Codes = {
  400:
    "AccessDeniedException ExpiredTokenException UnrecognizedClientException ThrottlingException " +
    "ValidationException",
  500: "InternalFailure",
  503: "ServiceUnavailable",
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const QUERY_COMMON: Codes = {
  400: "Throttling ValidationError",
  403: "AccessDenied ExpiredToken InvalidClientTokenId",
  500: "InternalFailure",
  503: "ServiceUnavailable",
};

const CODES: Readonly<Record<string, readonly Codes[]>> = {
  firehose: [JSON_COMMON, {
    400: "ConcurrentModificationException InvalidArgumentException InvalidKMSResourceException " +
      "InvalidSourceException LimitExceededException ResourceInUseException ResourceNotFoundException",
    503: "ServiceUnavailableException",
  }],
  logs: [JSON_COMMON, {
    400: "ConflictException DataAlreadyAcceptedException InternalStreamingException " +
      "InvalidOperationException InvalidParameterException InvalidSequenceTokenException " +
      "LimitExceededException MalformedQueryException OperationAbortedException " +
      "ResourceAlreadyExistsException ResourceNotFoundException ServiceQuotaExceededException " +
      "SessionStreamingException SessionTimeoutException TooManyTagsException",
    500: "InternalServerException ServiceUnavailableException",
  }],
  monitoring: [JSON_COMMON, {
    400: "DashboardInvalidInputError InvalidFormatFault InvalidNextToken " +
      "InvalidParameterCombinationException InvalidParameterValueException KmsAccessDeniedException " +
      "KmsKeyDisabledException KmsKeyNotFoundException LimitExceededException LimitExceededFault " +
      "MissingRequiredParameterException",
    404: "DashboardNotFoundError ResourceNotFound ResourceNotFoundException",
    409: "ConflictException ResourceConflict",
    429: "ConcurrentModificationException",
    500: "InternalServiceFault",
  }],
  lambda: [{
    400:
      "AliasLimitExceededException CallbackTimeoutException CapacityProviderLimitExceededException " +
      "CodeStorageExceededException CodeVerificationFailedException " +
      "FunctionVersionsPerCapacityProviderLimitExceededException InvalidCodeSignatureException " +
      "InvalidParameterValueException InvalidRequestContentException ModeNotSupportedException " +
      "NoPublishedVersionException PolicyLengthExceededException PublicPolicyException " +
      "RecursiveInvocationException ResourceInUseException SnapStartException ValidationException",
    402: "ServiceQuotaExceededException",
    403: "EFSMountFailureException S3FilesMountFailureException AccessDeniedException " +
      "ExpiredTokenException UnrecognizedClientException",
    404: "CodeSigningConfigNotFoundException ProvisionedConcurrencyConfigNotFoundException " +
      "ResourceNotFoundException",
    408:
      "EFSMountConnectivityException EFSMountTimeoutException S3FilesMountConnectivityException " +
      "S3FilesMountTimeoutException SnapStartTimeoutException",
    409: "CodeArtifactUserDeletedException CodeArtifactUserFailedException " +
      "CodeArtifactUserPendingException DurableExecutionAlreadyStartedException " +
      "ResourceConflictException SnapStartNotReadyException SnapStartRegenerationFailureException",
    410: "EFSIOException",
    412: "PreconditionFailedException",
    413: "RequestTooLargeException SerializedRequestEntityTooLargeException " +
      "RequestEntityTooLargeException",
    415: "UnsupportedMediaTypeException",
    429: "TooManyRequestsException",
    500: "ServiceException InternalFailure",
    502: "EC2AccessDeniedException EC2ThrottledException EC2UnexpectedException " +
      "ENILimitReachedException ENINotReadyException InvalidRuntimeException " +
      "InvalidSecurityGroupIDException InvalidSubnetIDException InvalidZipFileException " +
      "KMSAccessDeniedException KMSDisabledException KMSInvalidStateException KMSNotFoundException " +
      "ResourceNotReadyException SubnetIPAddressLimitReachedException",
    503: "ServiceUnavailable",
  }],
  // With "Error responses" of S3's API reference, as far as they can come to what is here; those of
  // KMS for the codes that Firehose makes of them.
  s3: [{
    400: "AnnotationLimitExceeded AnnotationNameTooLong EncryptionTypeMismatch " +
      "IdempotencyParameterMismatch InvalidAnnotationName InvalidPrefix InvalidRequest " +
      "InvalidWriteOffset TooManyParts ExpiredToken InvalidToken BadDigest IncompleteBody " +
      "EntityTooLarge RequestTimeout TooManyBuckets KMS.NotFoundException ThrottlingException",
    403:
      "AccessDenied InvalidObjectState ObjectAlreadyInActiveTierError ObjectNotInActiveTierError " +
      "AccountProblem AllAccessDisabled InvalidPayer NotSignedUp InvalidAccessKeyId " +
      "RequestTimeTooSkewed SignatureDoesNotMatch",
    404: "NoSuchAnnotation NoSuchBucket NoSuchKey NoSuchUpload NotFound",
    405: "MethodNotAllowed",
    409: "BucketAlreadyExists BucketAlreadyOwnedByYou ConditionalRequestConflict OperationAborted",
    412: "PreconditionFailed",
    415: "UnsupportedMediaType",
    500: "InternalError",
    503: "SlowDown ServiceUnavailable",
  }],
  iam: [QUERY_COMMON, {
    400: "DuplicateSSHPublicKey InvalidInput MalformedPolicyDocument PasswordPolicyViolation " +
      "PolicyNotAttachable UnmodifiableEntity",
    404: "NoSuchEntity",
    409:
      "ConcurrentModification DeleteConflict EntityAlreadyExists EntityTemporarilyUnmodifiable " +
      "LimitExceeded",
    500: "PolicyEvaluation ServiceFailure",
  }],
  sts: [QUERY_COMMON, {
    400: "ExpiredTokenException ExpiredTradeInTokenException IDPCommunicationError " +
      "InsufficientSessionLifetime InvalidAuthorizationMessageException InvalidContextAssertion " +
      "InvalidIdentityToken InvalidSubjectCredentials JWTPayloadSizeExceededException " +
      "MalformedPolicyDocument PackedPolicyTooLarge",
    403:
      "IDPRejectedClaim OutboundWebIdentityFederationDisabledException RegionDisabledException " +
      "SessionDurationEscalationException",
  }],
};

const EXPIRED = "The security token included in the request is expired";
const INVALID_TOKEN = "The security token included in the request is invalid.";
/** Seen in answers of many services. */
const RATE_EXCEEDED = "Rate exceeded";

/** By code, for services that have no other text below. The last two are those of the common errors. */
const SHARED_TEXTS: Readonly<Record<string, string>> = {
  ExpiredToken: EXPIRED,
  ExpiredTokenException: EXPIRED,
  InvalidClientTokenId: INVALID_TOKEN,
  UnrecognizedClientException: INVALID_TOKEN,
  Throttling: RATE_EXCEEDED,
  ThrottlingException: RATE_EXCEEDED,
  InternalFailure:
    "The request processing has failed because of an unknown error, exception or failure.",
  ServiceUnavailable: "The request has failed due to a temporary failure of the server.",
};

/** Captured 2021 to 2026, or from S3's error responses. */
const TEXTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  firehose: { ServiceUnavailableException: "Slow down." },
  lambda: { TooManyRequestsException: "Rate Exceeded." },
  s3: {
    ExpiredToken: "The provided token has expired.",
    InternalError: "We encountered an internal error. Please try again.",
    InvalidAccessKeyId: "The AWS Access Key Id you provided does not exist in our records.",
    InvalidToken: "The provided token is malformed or otherwise invalid.",
    MethodNotAllowed: "The specified method is not allowed against this resource.",
    NoSuchBucket: "The specified bucket does not exist",
    NoSuchKey: "The specified key does not exist.",
    NoSuchUpload:
      "The specified upload does not exist. The upload ID may be invalid, or the upload " +
      "may have been aborted or completed.",
    OperationAborted: "A conflicting conditional operation is currently in progress against this " +
      "resource. Please try again.",
    RequestTimeout:
      "Your socket connection to the server was not read from or written to within the " +
      "timeout period. Idle connections will be closed.",
    ServiceUnavailable: "Service is unable to handle request.",
    SlowDown: "Please reduce your request rate.",
    ThrottlingException:
      "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
  },
};

/** Members of an error besides its message (captured). */
const FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "lambda TooManyRequestsException": {
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
  },
};

/** The codes of a service, with their statuses. */
export function codesOf(service: string): ReadonlyMap<string, number> {
  return new Map(
    (CODES[service] ?? []).flatMap((codes) =>
      Object.entries(codes).flatMap(([status, names]) =>
        names.split(" ").map((name) => [name, Number(status)] as const)
      )
    ),
  );
}

/** Whether the sandbox can write AWS's text of this code itself. */
export function hasText(service: string, code: string): boolean {
  return code.startsWith("AccessDenied") || knownText(service, code) !== undefined;
}

const knownText = (service: string, code: string): string | undefined =>
  TEXTS[service]?.[code] ?? SHARED_TEXTS[code];

/** The error of a call that is struck; `message` in place of AWS's text. */
export function faultError(code: string, call: FaultedCall, message: string | undefined): AwsError {
  const { service } = call;
  const text = message ?? knownText(service, code) ?? deniedText(call);
  const fields = FIELDS[`${service} ${code}`] ?? {};
  return new AwsError(code, codesOf(service).get(code) ?? 400, text, { fields });
}

function deniedText({ service, operation, caller, access }: FaultedCall): string {
  const request = access ?? { action: `${service}:${operation}`, resource: "*" };
  const reason = `because no identity-based policy allows the ${request.action} action`;
  return accessDeniedText(caller, request, reason);
}
