/**
 * AWS's own text for each error code of its guide, to the letter: "Monitor Amazon Data Firehose Using
 * CloudWatch Logs"
 * (https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html, the copy of
 * awsdocs/amazon-kinesis-data-firehose-developer-guide; newer copies write "Amazon Data Firehose").
 * @module
 */

/** AWS's text for a code; undefined for a code that the guide does not list. */
export function guideText(errorCode: string): string | undefined {
  return TEXTS.get(errorCode);
}

/** The codes of the guide, in its order. */
export function guideCodes(): readonly string[] {
  return [...TEXTS.keys()];
}

const ACCOUNT = "Access to the account provided has been disabled. Contact AWS Support.";

const TEXTS: ReadonlyMap<string, string> = new Map(Object.entries({
  "S3.KMS.NotFoundException":
    "The provided AWS KMS key was not found. If you are using what you believe to be a valid AWS KMS key with the correct role, check if there is a problem with the account to which the AWS KMS key is attached.",
  "S3.KMS.RequestLimitExceeded":
    "The KMS request per second limit was exceeded while attempting to encrypt S3 objects. Increase the request per second limit.",
  "S3.AccessDenied":
    "Access was denied. Ensure that the trust policy for the provided IAM role allows Kinesis Data Firehose to assume the role, and the access policy allows access to the S3 bucket.",
  "S3.AccountProblem":
    "There is a problem with your AWS account that prevents the operation from completing successfully. Contact AWS Support.",
  "S3.AllAccessDisabled": ACCOUNT,
  "S3.InvalidPayer": ACCOUNT,
  "S3.NotSignedUp":
    "The account is not signed up for Amazon S3. Sign the account up or use a different account.",
  "S3.NoSuchBucket":
    "The specified bucket does not exist. Create the bucket or use a different bucket that does exist.",
  "S3.MethodNotAllowed":
    "The specified method is not allowed against this resource. Modify the bucket’s policy to allow the correct Amazon S3 operation permissions.",
  InternalError:
    "An internal error occurred while attempting to deliver data. Delivery will be retried; if the error persists, then it will be reported to AWS for resolution.",
  "Lambda.AssumeRoleAccessDenied":
    "Access was denied. Ensure that the trust policy for the provided IAM role allows Kinesis Data Firehose to assume the role.",
  "Lambda.InvokeAccessDenied":
    "Access was denied. Ensure that the access policy allows access to the Lambda function.",
  "Lambda.JsonProcessingException":
    "There was an error parsing returned records from the Lambda function. Ensure that the returned records follow the status model required by Kinesis Data Firehose.",
  "Lambda.InvokeLimitExceeded":
    "The Lambda concurrent execution limit is exceeded. Increase the concurrent execution limit.",
  "Lambda.DuplicatedRecordId":
    "Multiple records were returned with the same record ID. Ensure that the Lambda function returns unique record IDs for each record.",
  "Lambda.MissingRecordId":
    "One or more record IDs were not returned. Ensure that the Lambda function returns all received record IDs.",
  "Lambda.ResourceNotFound":
    "The specified Lambda function does not exist. Use a different function that does exist.",
  "Lambda.InvalidSubnetIDException":
    "The specified subnet ID in the Lambda function VPC configuration is invalid. Ensure that the subnet ID is valid.",
  "Lambda.InvalidSecurityGroupIDException":
    "The specified security group ID in the Lambda function VPC configuration is invalid. Ensure that the security group ID is valid.",
  "Lambda.SubnetIPAddressLimitReachedException":
    "AWS Lambda was not able to set up the VPC access for the Lambda function because one or more configured subnets have no available IP addresses. Increase the IP address limit.",
  "Lambda.ENILimitReachedException":
    "AWS Lambda was not able to create an Elastic Network Interface (ENI) in the VPC, specified as part of the Lambda function configuration, because the limit for network interfaces has been reached. Increase the network interface limit.",
  "Redshift.TableNotFound":
    "The table to which to load data was not found. Ensure that the specified table exists.",
  "Redshift.SyntaxError": "The COPY command contains a syntax error. Retry the command.",
  "Redshift.AuthenticationFailed":
    "The provided user name and password failed authentication. Provide a valid user name and password.",
  "Redshift.AccessDenied":
    "Access was denied. Ensure that the trust policy for the provided IAM role allows Kinesis Data Firehose to assume the role.",
  "Redshift.S3BucketAccessDenied":
    "The COPY command was unable to access the S3 bucket. Ensure that the access policy for the provided IAM role allows access to the S3 bucket.",
  "Redshift.DataLoadFailed":
    "Loading data into the table failed. Check STL_LOAD_ERRORS system table for details.",
  "Redshift.ColumnNotFound":
    "A column in the COPY command does not exist in the table. Specify a valid column name.",
  "Redshift.DatabaseNotFound":
    "The database specified in the Amazon Redshift destination configuration or JDBC URL was not found. Specify a valid database name.",
  "Redshift.IncorrectCopyOptions":
    "Conflicting or redundant COPY options were provided. Some options are not compatible in certain combinations. Check the COPY command reference for more info.",
  "Redshift.MissingColumn":
    "There is a column defined in the table schema as NOT NULL without a DEFAULT value and not included in the column list. Exclude this column, ensure that the loaded data always provides a value for this column, or add a default value to the Amazon Redshift schema for this table.",
  "Redshift.ConnectionFailed":
    "The connection to the specified Amazon Redshift cluster failed. Ensure that security settings allow Kinesis Data Firehose connections, that the cluster or database specified in the Amazon Redshift destination configuration or JDBC URL is correct, and that the cluster is available.",
  "Redshift.ColumnMismatch":
    "The number of jsonpaths in the COPY command and the number of columns in the destination table should match. Retry the command.",
  "Redshift.IncorrectOrMissingRegion":
    "Amazon Redshift attempted to use the wrong region endpoint for accessing the S3 bucket. Either specify a correct region value in the COPY command options or ensure that the S3 bucket is in the same region as the Amazon Redshift database.",
  "Redshift.IncorrectJsonPathsFile":
    "The provided jsonpaths file is not in a supported JSON format. Retry the command.",
  "Redshift.MissingS3File":
    "One or more S3 files required by Amazon Redshift have been removed from the S3 bucket. Check the S3 bucket policies to remove any automatic deletion of S3 files.",
  "Redshift.InsufficientPrivilege":
    "The user does not have permissions to load data into the table. Check the Amazon Redshift user permissions for the INSERT privilege.",
  "Redshift.ReadOnlyCluster":
    "The query cannot be executed because the system is in resize mode. Try the query again later.",
  "Redshift.DiskFull":
    "Data could not be loaded because the disk is full. Increase the capacity of the Amazon Redshift cluster or delete unused data to free disk space.",
  "Splunk.ProxyWithoutStickySessions":
    "If you have a proxy (ELB or other) between Kinesis Data Firehose and the HEC node, you must enable sticky sessions to support HEC ACKs.",
  "Splunk.DisabledToken":
    "The HEC token is disabled. Enable the token to allow data delivery to Splunk.",
  "Splunk.InvalidToken":
    "The HEC token is invalid. Update Kinesis Data Firehose with a valid HEC token.",
  "Splunk.InvalidDataFormat": "The data is not formatted correctly.",
  "Splunk.InvalidIndex":
    "The HEC token or input is configured with an invalid index. Check your index configuration and try again.",
  "Splunk.ServerError":
    "Data delivery to Splunk failed due to a server error from the HEC node. Kinesis Data Firehose will retry sending the data if the retry duration in your Kinesis Data Firehose is greater than 0. If all the retries fail, Kinesis Data Firehose backs up the data to Amazon S3.",
  "Splunk.DisabledAck":
    "Indexer acknowledgement is disabled for the HEC token. Enable indexer acknowledgement and try again.",
  "Splunk.AckTimeout":
    "Did not receive an acknowledgement from HEC before the HEC acknowledgement timeout expired. Despite the acknowledgement timeout, it's possible the data was indexed successfully in Splunk. Kinesis Data Firehose backs up in Amazon S3 data for which the acknowledgement timeout expired.",
  "Splunk.MaxRetriesFailed":
    "Failed to deliver data to Splunk or to receive acknowledgment. Check your HEC health and try again.",
  "Splunk.ConnectionTimeout":
    "The connection to Splunk timed out. This might be a transient error and the request will be retried. Kinesis Data Firehose backs up the data to Amazon S3 if all retries fail.",
  "Splunk.InvalidEndpoint":
    "Could not connect to the HEC endpoint. Make sure that the HEC endpoint URL is valid and reachable from Kinesis Data Firehose.",
  "Splunk.ConnectionClosed":
    "Unable to send data to Splunk due to a connection failure. This might be a transient error. Increasing the retry duration in your Kinesis Data Firehose configuration might guard against such transient failures.",
  "Splunk.SSLUnverified":
    "Could not connect to the HEC endpoint. The host does not match the certificate provided by the peer. Make sure that the certificate and the host are valid.",
  "Splunk.SSLHandshake":
    "Could not connect to the HEC endpoint. Make sure that the certificate and the host are valid.",
}));
