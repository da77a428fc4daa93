/**
 * The fixed names of what each notebook makes, so a cell that runs again finds what it made before.
 * @module
 */

/** Where names live. */
export interface AwsPlace {
  /** `aws`, or `aws-cn` and the like. */
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
}

/** Where a notebook's "AWS" is. */
export interface Whereabouts extends AwsPlace {
  readonly mode: "sandbox" | "real account";
  readonly profile: string;
  /** Who the profile is. */
  readonly arn: string;
  /** The sandbox's address; undefined on a real account. */
  readonly endpoint: string | undefined;
  /** Waits are this many times shorter than on AWS: 1 on a real account. */
  readonly speed: number;
}

/** The names of one notebook's things. Not every notebook makes all of them. */
export interface Names {
  /** Bucket names are unique in all of AWS, so account and region are part of it. */
  readonly bucket: string;
  readonly bucketArn: string;
  readonly stream: string;
  readonly streamArn: string;
  /** The role with which Firehose delivers. */
  readonly deliveryRole: string;
  readonly deliveryRoleArn: string;
  /** Where Firehose writes why a delivery failed. */
  readonly streamLogGroup: string;
  /** The transformation function: the name of `deno task deploy-lambda` with the notebook's number. */
  readonly function: string;
  readonly functionArn: string;
  /** Where the function writes its log. */
  readonly functionLogGroup: string;
  /** Notebook 0: the user who may do everything, and one who may do nothing. */
  readonly user: string;
  readonly guest: string;
}

/** A tag as IAM, S3 and Firehose take it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Every name begins with this, and clean-up looks at nothing else. */
export const NAME_PREFIX = "firehose-lab-";

/** The profile that notebook 0 makes. */
export const COURSE_PROFILE = "firehose-lab";

/** The names of notebook number `notebook` in this account and region. */
export function namesOf(notebook: number, { partition, accountId, region }: AwsPlace): Names {
  const stem = `${NAME_PREFIX}${notebook}`;
  const bucket = `${stem}-${accountId}-${region}`;
  const functionName = `${stem}-transform`;
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  return {
    bucket,
    bucketArn: `arn:${partition}:s3:::${bucket}`,
    stream: stem,
    streamArn: arn("firehose", `deliverystream/${stem}`),
    deliveryRole: `${stem}-delivery`,
    deliveryRoleArn: `arn:${partition}:iam::${accountId}:role/${stem}-delivery`,
    streamLogGroup: `/aws/kinesisfirehose/${stem}`,
    function: functionName,
    functionArn: arn("lambda", `function:${functionName}`),
    functionLogGroup: `/aws/lambda/${functionName}`,
    user: `${NAME_PREFIX}admin`,
    guest: `${NAME_PREFIX}guest`,
  };
}

/** The tags of one notebook's things. Clean-up finds them by these. */
export function tagsOf(notebook: number): Tag[] {
  return [
    { Key: "project", Value: "firehose-lab" },
    { Key: "notebook", Value: `${notebook}` },
  ];
}

/** Tags as Lambda takes them. */
export function tagMap(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}
