// Written by `deno task schemas` from @aws-sdk/client-cloudwatch-logs. Do not edit.
// deno-fmt-ignore-file
import { unpack } from "./unpack.ts";

const operation = unpack({
  CreateLogGroup: '[9,"com.amazonaws.cloudwatchlogs","CreateLogGroup",0,"#CreateLogGroupRequest","unit"]',
  CreateLogStream: '[9,"com.amazonaws.cloudwatchlogs","CreateLogStream",0,"#CreateLogStreamRequest","unit"]',
  DeleteLogGroup: '[9,"com.amazonaws.cloudwatchlogs","DeleteLogGroup",0,"#DeleteLogGroupRequest","unit"]',
  DeleteLogStream: '[9,"com.amazonaws.cloudwatchlogs","DeleteLogStream",0,"#DeleteLogStreamRequest","unit"]',
  DeleteRetentionPolicy: '[9,"com.amazonaws.cloudwatchlogs","DeleteRetentionPolicy",0,"#DeleteRetentionPolicyRequest","unit"]',
  DeleteSubscriptionFilter: '[9,"com.amazonaws.cloudwatchlogs","DeleteSubscriptionFilter",0,"#DeleteSubscriptionFilterRequest","unit"]',
  DescribeLogGroups: '[9,"com.amazonaws.cloudwatchlogs","DescribeLogGroups",0,"#DescribeLogGroupsRequest","#DescribeLogGroupsResponse"]',
  DescribeLogStreams: '[9,"com.amazonaws.cloudwatchlogs","DescribeLogStreams",0,"#DescribeLogStreamsRequest","#DescribeLogStreamsResponse"]',
  DescribeSubscriptionFilters: '[9,"com.amazonaws.cloudwatchlogs","DescribeSubscriptionFilters",0,"#DescribeSubscriptionFiltersRequest","#DescribeSubscriptionFiltersResponse"]',
  FilterLogEvents: '[9,"com.amazonaws.cloudwatchlogs","FilterLogEvents",0,"#FilterLogEventsRequest","#FilterLogEventsResponse"]',
  GetLogEvents: '[9,"com.amazonaws.cloudwatchlogs","GetLogEvents",0,"#GetLogEventsRequest","#GetLogEventsResponse"]',
  ListTagsForResource: '[9,"com.amazonaws.cloudwatchlogs","ListTagsForResource",0,"#ListTagsForResourceRequest","#ListTagsForResourceResponse"]',
  ListTagsLogGroup: '[9,"com.amazonaws.cloudwatchlogs","ListTagsLogGroup",0,"#ListTagsLogGroupRequest","#ListTagsLogGroupResponse"]',
  PutLogEvents: '[9,"com.amazonaws.cloudwatchlogs","PutLogEvents",0,"#PutLogEventsRequest","#PutLogEventsResponse"]',
  PutRetentionPolicy: '[9,"com.amazonaws.cloudwatchlogs","PutRetentionPolicy",0,"#PutRetentionPolicyRequest","unit"]',
  PutSubscriptionFilter: '[9,"com.amazonaws.cloudwatchlogs","PutSubscriptionFilter",0,"#PutSubscriptionFilterRequest","unit"]',
  TagLogGroup: '[9,"com.amazonaws.cloudwatchlogs","TagLogGroup",0,"#TagLogGroupRequest","unit"]',
  TagResource: '[9,"com.amazonaws.cloudwatchlogs","TagResource",0,"#TagResourceRequest","unit"]',
  UntagLogGroup: '[9,"com.amazonaws.cloudwatchlogs","UntagLogGroup",0,"#UntagLogGroupRequest","unit"]',
  UntagResource: '[9,"com.amazonaws.cloudwatchlogs","UntagResource",0,"#UntagResourceRequest","unit"]',
  CreateLogGroupRequest: '[3,"com.amazonaws.cloudwatchlogs","CreateLogGroupRequest",0,["logGroupName","kmsKeyId","tags","logGroupClass","deletionProtectionEnabled"],[0,0,128,0,2],1]',
  CreateLogStreamRequest: '[3,"com.amazonaws.cloudwatchlogs","CreateLogStreamRequest",0,["logGroupName","logStreamName"],[0,0],2]',
  DeleteLogGroupRequest: '[3,"com.amazonaws.cloudwatchlogs","DeleteLogGroupRequest",0,["logGroupName"],[0],1]',
  DeleteLogStreamRequest: '[3,"com.amazonaws.cloudwatchlogs","DeleteLogStreamRequest",0,["logGroupName","logStreamName"],[0,0],2]',
  DeleteRetentionPolicyRequest: '[3,"com.amazonaws.cloudwatchlogs","DeleteRetentionPolicyRequest",0,["logGroupName"],[0],1]',
  DeleteSubscriptionFilterRequest: '[3,"com.amazonaws.cloudwatchlogs","DeleteSubscriptionFilterRequest",0,["logGroupName","filterName"],[0,0],2]',
  DescribeLogGroupsRequest: '[3,"com.amazonaws.cloudwatchlogs","DescribeLogGroupsRequest",0,["accountIdentifiers","logGroupNamePrefix","logGroupNamePattern","nextToken","limit","includeLinkedAccounts","logGroupClass","logGroupIdentifiers"],[64,0,0,0,1,2,0,64]]',
  DescribeLogGroupsResponse: '[3,"com.amazonaws.cloudwatchlogs","DescribeLogGroupsResponse",0,["logGroups","nextToken"],["#LogGroups",0]]',
  DescribeLogStreamsRequest: '[3,"com.amazonaws.cloudwatchlogs","DescribeLogStreamsRequest",0,["logGroupName","logGroupIdentifier","logStreamNamePrefix","orderBy","descending","nextToken","limit"],[0,0,0,0,2,0,1]]',
  DescribeLogStreamsResponse: '[3,"com.amazonaws.cloudwatchlogs","DescribeLogStreamsResponse",0,["logStreams","nextToken"],["#LogStreams",0]]',
  DescribeSubscriptionFiltersRequest: '[3,"com.amazonaws.cloudwatchlogs","DescribeSubscriptionFiltersRequest",0,["logGroupName","filterNamePrefix","nextToken","limit"],[0,0,0,1],1]',
  DescribeSubscriptionFiltersResponse: '[3,"com.amazonaws.cloudwatchlogs","DescribeSubscriptionFiltersResponse",0,["subscriptionFilters","nextToken"],["#SubscriptionFilters",0]]',
  FilterLogEventsRequest: '[3,"com.amazonaws.cloudwatchlogs","FilterLogEventsRequest",0,["logGroupName","logGroupIdentifier","logStreamNames","logStreamNamePrefix","startTime","endTime","filterPattern","nextToken","limit","startFromHead","interleaved","unmask"],[0,0,64,0,1,1,0,0,1,2,2,2]]',
  FilterLogEventsResponse: '[3,"com.amazonaws.cloudwatchlogs","FilterLogEventsResponse",0,["events","searchedLogStreams","nextToken"],["#FilteredLogEvents","#SearchedLogStreams",0]]',
  GetLogEventsRequest: '[3,"com.amazonaws.cloudwatchlogs","GetLogEventsRequest",0,["logStreamName","logGroupName","logGroupIdentifier","startTime","endTime","nextToken","limit","startFromHead","unmask"],[0,0,0,1,1,0,1,2,2],1]',
  GetLogEventsResponse: '[3,"com.amazonaws.cloudwatchlogs","GetLogEventsResponse",0,["events","nextForwardToken","nextBackwardToken"],["#OutputLogEvents",0,0]]',
  ListTagsForResourceRequest: '[3,"com.amazonaws.cloudwatchlogs","ListTagsForResourceRequest",0,["resourceArn"],[0],1]',
  ListTagsForResourceResponse: '[3,"com.amazonaws.cloudwatchlogs","ListTagsForResourceResponse",0,["tags"],[128]]',
  ListTagsLogGroupRequest: '[3,"com.amazonaws.cloudwatchlogs","ListTagsLogGroupRequest",0,["logGroupName"],[0],1]',
  ListTagsLogGroupResponse: '[3,"com.amazonaws.cloudwatchlogs","ListTagsLogGroupResponse",0,["tags"],[128]]',
  PutLogEventsRequest: '[3,"com.amazonaws.cloudwatchlogs","PutLogEventsRequest",0,["logGroupName","logStreamName","logEvents","sequenceToken","entity"],[0,0,"#InputLogEvents",0,"#Entity"],3]',
  PutLogEventsResponse: '[3,"com.amazonaws.cloudwatchlogs","PutLogEventsResponse",0,["nextSequenceToken","rejectedLogEventsInfo","rejectedEntityInfo"],[0,"#RejectedLogEventsInfo","#RejectedEntityInfo"]]',
  PutRetentionPolicyRequest: '[3,"com.amazonaws.cloudwatchlogs","PutRetentionPolicyRequest",0,["logGroupName","retentionInDays"],[0,1],2]',
  PutSubscriptionFilterRequest: '[3,"com.amazonaws.cloudwatchlogs","PutSubscriptionFilterRequest",0,["logGroupName","filterName","filterPattern","destinationArn","roleArn","distribution","applyOnTransformedLogs","fieldSelectionCriteria","emitSystemFields"],[0,0,0,0,0,0,2,0,64],4]',
  TagLogGroupRequest: '[3,"com.amazonaws.cloudwatchlogs","TagLogGroupRequest",0,["logGroupName","tags"],[0,128],2]',
  TagResourceRequest: '[3,"com.amazonaws.cloudwatchlogs","TagResourceRequest",0,["resourceArn","tags"],[0,128],2]',
  UntagLogGroupRequest: '[3,"com.amazonaws.cloudwatchlogs","UntagLogGroupRequest",0,["logGroupName","tags"],[0,64],2]',
  UntagResourceRequest: '[3,"com.amazonaws.cloudwatchlogs","UntagResourceRequest",0,["resourceArn","tagKeys"],[0,64],2]',
  LogGroups: '[1,"com.amazonaws.cloudwatchlogs","LogGroups",0,"#LogGroup"]',
  LogStreams: '[1,"com.amazonaws.cloudwatchlogs","LogStreams",0,"#LogStream"]',
  SubscriptionFilters: '[1,"com.amazonaws.cloudwatchlogs","SubscriptionFilters",0,"#SubscriptionFilter"]',
  FilteredLogEvents: '[1,"com.amazonaws.cloudwatchlogs","FilteredLogEvents",0,"#FilteredLogEvent"]',
  SearchedLogStreams: '[1,"com.amazonaws.cloudwatchlogs","SearchedLogStreams",0,"#SearchedLogStream"]',
  OutputLogEvents: '[1,"com.amazonaws.cloudwatchlogs","OutputLogEvents",0,"#OutputLogEvent"]',
  InputLogEvents: '[1,"com.amazonaws.cloudwatchlogs","InputLogEvents",0,"#InputLogEvent"]',
  Entity: '[3,"com.amazonaws.cloudwatchlogs","Entity",0,["keyAttributes","attributes"],[128,128]]',
  RejectedLogEventsInfo: '[3,"com.amazonaws.cloudwatchlogs","RejectedLogEventsInfo",0,["tooNewLogEventStartIndex","tooOldLogEventEndIndex","expiredLogEventEndIndex"],[1,1,1]]',
  RejectedEntityInfo: '[3,"com.amazonaws.cloudwatchlogs","RejectedEntityInfo",0,["errorType"],[0],1]',
  LogGroup: '[3,"com.amazonaws.cloudwatchlogs","LogGroup",0,["logGroupName","creationTime","retentionInDays","metricFilterCount","arn","storedBytes","kmsKeyId","dataProtectionStatus","inheritedProperties","logGroupClass","logGroupArn","deletionProtectionEnabled","bearerTokenAuthenticationEnabled","retentionPolicyName"],[0,1,1,1,0,1,0,0,64,0,0,2,2,0]]',
  LogStream: '[3,"com.amazonaws.cloudwatchlogs","LogStream",0,["logStreamName","creationTime","firstEventTimestamp","lastEventTimestamp","lastIngestionTime","uploadSequenceToken","arn","storedBytes"],[0,1,1,1,1,0,0,1]]',
  SubscriptionFilter: '[3,"com.amazonaws.cloudwatchlogs","SubscriptionFilter",0,["filterName","logGroupName","filterPattern","destinationArn","roleArn","distribution","applyOnTransformedLogs","creationTime","fieldSelectionCriteria","emitSystemFields"],[0,0,0,0,0,0,2,1,0,64]]',
  FilteredLogEvent: '[3,"com.amazonaws.cloudwatchlogs","FilteredLogEvent",0,["logStreamName","timestamp","message","ingestionTime","eventId"],[0,1,0,1,0]]',
  SearchedLogStream: '[3,"com.amazonaws.cloudwatchlogs","SearchedLogStream",0,["logStreamName","searchedCompletely"],[0,2]]',
  OutputLogEvent: '[3,"com.amazonaws.cloudwatchlogs","OutputLogEvent",0,["timestamp","message","ingestionTime"],[1,0,1]]',
  InputLogEvent: '[3,"com.amazonaws.cloudwatchlogs","InputLogEvent",0,["timestamp","message"],[1,0],2]',
});

export const CreateLogGroup$ = operation("CreateLogGroup");
export const CreateLogStream$ = operation("CreateLogStream");
export const DeleteLogGroup$ = operation("DeleteLogGroup");
export const DeleteLogStream$ = operation("DeleteLogStream");
export const DeleteRetentionPolicy$ = operation("DeleteRetentionPolicy");
export const DeleteSubscriptionFilter$ = operation("DeleteSubscriptionFilter");
export const DescribeLogGroups$ = operation("DescribeLogGroups");
export const DescribeLogStreams$ = operation("DescribeLogStreams");
export const DescribeSubscriptionFilters$ = operation("DescribeSubscriptionFilters");
export const FilterLogEvents$ = operation("FilterLogEvents");
export const GetLogEvents$ = operation("GetLogEvents");
export const ListTagsForResource$ = operation("ListTagsForResource");
export const ListTagsLogGroup$ = operation("ListTagsLogGroup");
export const PutLogEvents$ = operation("PutLogEvents");
export const PutRetentionPolicy$ = operation("PutRetentionPolicy");
export const PutSubscriptionFilter$ = operation("PutSubscriptionFilter");
export const TagLogGroup$ = operation("TagLogGroup");
export const TagResource$ = operation("TagResource");
export const UntagLogGroup$ = operation("UntagLogGroup");
export const UntagResource$ = operation("UntagResource");
