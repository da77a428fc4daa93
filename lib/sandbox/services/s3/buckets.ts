/**
 * Buckets: CreateBucket, HeadBucket, ListBuckets, GetBucketLocation, DeleteBucket.
 * @module
 */

import type {
  BucketLocationConstraint,
  CreateBucketOutput,
  CreateBucketRequest,
  DeleteBucketRequest,
  GetBucketLocationOutput,
  GetBucketLocationRequest,
  HeadBucketOutput,
  HeadBucketRequest,
  ListBucketsOutput,
  ListBucketsRequest,
} from "@aws-sdk/client-s3";
import {
  CreateBucket$,
  DeleteBucket$,
  GetBucketLocation$,
  HeadBucket$,
  ListBuckets$,
} from "../../schemas/s3.ts";
import { AwsError } from "../../errors.ts";
import { isRegion } from "../../region_names.ts";
import type { Given } from "../../operation.ts";
import { s3Operation } from "./define.ts";
import { invalidArgument, notImplemented } from "./errors.ts";
import { bucketArn, lastModified } from "./object.ts";
import { ownerId, type S3State } from "./state.ts";
import { tagsOf } from "./tags.ts";

const NAME =
  /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!\d+(\.\d+){3}$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const RESERVED_SUFFIX = /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

export const CreateBucket = s3Operation<Given<CreateBucketRequest, "Bucket">, CreateBucketOutput>({
  schema: CreateBucket$,
  reads: ["CreateBucketConfiguration"],
  access: ({ Bucket, CreateBucketConfiguration }) => [
    { action: "s3:CreateBucket", resource: bucketArn(Bucket) },
    // Seen on AWS in 2026, with `aws s3api create-bucket` and Tags.
    ...(CreateBucketConfiguration?.Tags?.length
      ? [{ action: "s3:TagResource", resource: bucketArn(Bucket) }]
      : []),
  ],
  run: async (input, { state, nowMs }) => {
    const { Bucket, CreateBucketConfiguration: configuration } = input;
    if (!NAME.test(Bucket) || RESERVED_SUFFIX.test(Bucket)) {
      throw new AwsError("InvalidBucketName", 400, "The specified bucket is not valid.", {
        fields: { BucketName: Bucket },
      });
    }
    if (configuration?.Location) throw notImplemented("Location");
    if (configuration?.Bucket) throw notImplemented("Bucket");
    const home = await regionFor(configuration?.LocationConstraint, state);
    const tags = tagsOf(configuration?.Tags ?? [], "new bucket");
    await home.database.commit(() => {
      const owner = state.ownerOf(Bucket);
      // In us-east-1 creating a bucket again succeeds. Elsewhere, or with tags, it does not.
      const isGivenAgain = owner === home && home.region === US_EAST_1 &&
        !configuration?.Tags?.length;
      if (owner && !isGivenAgain) {
        throw new AwsError(
          "BucketAlreadyOwnedByYou",
          409,
          "Your previous request to create the named bucket succeeded and you already own it.",
          { fields: { BucketName: Bucket } },
        );
      }
      if (!owner) home.saveBucket({ name: Bucket, createMs: nowMs, tags });
    });
    return {
      Location: home.region === US_EAST_1 ? `/${Bucket}` : `http://${Bucket}.s3.amazonaws.com/`,
      BucketArn: bucketArn(Bucket),
    };
  },
});

/** The endpoint of us-east-1 is the global one: it creates buckets in every region. */
const US_EAST_1 = "us-east-1";

/** The state in which a bucket is created. The endpoint's region is the one in the signature. */
async function regionFor(
  constraint: BucketLocationConstraint | undefined,
  state: S3State,
): Promise<S3State> {
  if (constraint === undefined) {
    if (state.region === US_EAST_1) return state;
    throw illegalLocation("unspecified");
  }
  if (state.region !== US_EAST_1) {
    if (constraint !== state.region) throw illegalLocation(constraint);
    return state;
  }
  const name = constraint === "EU" ? "eu-west-1" : String(constraint);
  const found = name === US_EAST_1 ? undefined : await state.regions.s3In(name);
  if (found) return found;
  throw new AwsError(
    "InvalidLocationConstraint",
    400,
    "The specified location-constraint is not valid",
    { fields: { LocationConstraint: constraint } },
  );
}

const illegalLocation = (constraint: string) =>
  new AwsError(
    "IllegalLocationConstraintException",
    400,
    `The ${constraint} location constraint is incompatible for the region specific endpoint this ` +
      "request was sent to.",
  );

export const HeadBucket = s3Operation<Given<HeadBucketRequest, "Bucket">, HeadBucketOutput>({
  schema: HeadBucket$,
  reads: [],
  access: ({ Bucket }, { state }) => {
    state.bucket(Bucket);
    return [{ action: "s3:ListBucket", resource: bucketArn(Bucket) }];
  },
  run: ({ Bucket }, { state }) => ({
    BucketArn: bucketArn(Bucket),
    BucketRegion: state.region,
    AccessPointAlias: false,
  }),
});

export const ListBuckets = s3Operation<ListBucketsRequest, ListBucketsOutput>({
  schema: ListBuckets$,
  reads: ["BucketRegion", "ContinuationToken", "MaxBuckets", "Prefix"],
  // Policies name all buckets (AWS's guide, "User policy examples"), and a refusal names none (seen on
  // AWS, 2023 to 2026: awslabs' and others' notes of `aws s3 ls`).
  access: () => [{ action: "s3:ListAllMyBuckets", resource: bucketArn("*"), shownAs: "" }],
  run: (input, { state }) => {
    const { MaxBuckets = 10_000, Prefix = "", ContinuationToken } = input;
    if (!(MaxBuckets >= 1 && MaxBuckets <= 10_000)) {
      throw invalidArgument(
        "Argument max-buckets must be an integer between 1 and 10000",
        "max-buckets",
      );
    }
    if (input.BucketRegion !== undefined && !isRegion(input.BucketRegion)) {
      throw invalidArgument(
        `Argument value ${input.BucketRegion} is not a valid AWS Region`,
        "bucket-region",
      );
    }
    const after = ContinuationToken === undefined ? "" : tokenText(ContinuationToken);
    const all = state.regions.s3States()
      .filter(({ region }) => input.BucketRegion === undefined || input.BucketRegion === region)
      .flatMap((regional) => regional.buckets().map((bucket) => ({ ...bucket, regional })))
      .filter(({ name }) => name.startsWith(Prefix) && name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = all.slice(0, MaxBuckets);
    // Not in an answer to a call without parameters (recorded 2026-02).
    const showsRegions = [input.MaxBuckets, input.BucketRegion, input.Prefix, ContinuationToken]
      .some((given) => given !== undefined);
    return {
      Owner: { ID: ownerId(state.accountId) },
      Buckets: page.map(({ name, createMs, regional }) => ({
        Name: name,
        CreationDate: lastModified({ modifiedMs: createMs }),
        BucketArn: bucketArn(name),
        ...(showsRegions ? { BucketRegion: regional.region } : {}),
      })),
      ...(all.length > page.length ? { ContinuationToken: btoa(page.at(-1)?.name ?? "") } : {}),
      ...(Prefix === "" ? {} : { Prefix }),
    };
  },
});

function tokenText(token: string): string {
  try {
    return atob(token);
  } catch {
    throw invalidArgument("The continuation token provided is incorrect", "continuation-token");
  }
}

export const GetBucketLocation = s3Operation<
  Given<GetBucketLocationRequest, "Bucket">,
  GetBucketLocationOutput
>({
  schema: GetBucketLocation$,
  reads: [],
  access: ({ Bucket }, { state }) => {
    state.bucket(Bucket);
    return [{ action: "s3:GetBucketLocation", resource: bucketArn(Bucket) }];
  },
  // The location of us-east-1 is empty.
  run: (_, { state }) =>
    state.region === US_EAST_1
      ? {}
      : { LocationConstraint: state.region as BucketLocationConstraint },
});

export const DeleteBucket = s3Operation<Given<DeleteBucketRequest, "Bucket">, void>({
  schema: DeleteBucket$,
  reads: [],
  access: ({ Bucket }, { state }) => {
    state.bucket(Bucket);
    return [{ action: "s3:DeleteBucket", resource: bucketArn(Bucket) }];
  },
  status: 204,
  run: ({ Bucket }, { state }) =>
    state.database.commit(() => {
      state.bucket(Bucket);
      if (!state.isEmpty(Bucket)) {
        throw new AwsError("BucketNotEmpty", 409, "The bucket you tried to delete is not empty", {
          fields: { BucketName: Bucket },
        });
      }
      state.removeBucket(Bucket);
    }),
});
