// Written by `deno task schemas` from @aws-sdk/client-cloudwatch. Do not edit.
// deno-fmt-ignore-file
import { unpack } from "./unpack.ts";

const operation = unpack({
  GetMetricData: '[9,"com.amazonaws.cloudwatch","GetMetricData",0,"#GetMetricDataInput","#GetMetricDataOutput"]',
  GetMetricStatistics: '[9,"com.amazonaws.cloudwatch","GetMetricStatistics",0,"#GetMetricStatisticsInput","#GetMetricStatisticsOutput"]',
  ListMetrics: '[9,"com.amazonaws.cloudwatch","ListMetrics",0,"#ListMetricsInput","#ListMetricsOutput"]',
  PutMetricData: '[9,"com.amazonaws.cloudwatch","PutMetricData",0,"#PutMetricDataInput","unit"]',
  GetMetricDataInput: '[3,"com.amazonaws.cloudwatch","GetMetricDataInput",0,["MetricDataQueries","StartTime","EndTime","NextToken","ScanBy","MaxDatapoints","LabelOptions"],["#MetricDataQueries",4,4,0,0,1,"#LabelOptions"],3]',
  GetMetricDataOutput: '[3,"com.amazonaws.cloudwatch","GetMetricDataOutput",0,["MetricDataResults","NextToken","Messages"],["#MetricDataResults",0,"#MetricDataResultMessages"]]',
  GetMetricStatisticsInput: '[3,"com.amazonaws.cloudwatch","GetMetricStatisticsInput",0,["Namespace","MetricName","StartTime","EndTime","Period","Dimensions","Statistics","ExtendedStatistics","Unit"],[0,0,4,4,1,"#Dimensions",64,64,0],5]',
  GetMetricStatisticsOutput: '[3,"com.amazonaws.cloudwatch","GetMetricStatisticsOutput",0,["Label","Datapoints"],[0,"#Datapoints"]]',
  ListMetricsInput: '[3,"com.amazonaws.cloudwatch","ListMetricsInput",0,["Namespace","MetricName","Dimensions","NextToken","RecentlyActive","IncludeLinkedAccounts","OwningAccount"],[0,0,"#DimensionFilters",0,0,2,0]]',
  ListMetricsOutput: '[3,"com.amazonaws.cloudwatch","ListMetricsOutput",0,["Metrics","NextToken","OwningAccounts"],["#Metrics",0,64]]',
  PutMetricDataInput: '[3,"com.amazonaws.cloudwatch","PutMetricDataInput",0,["Namespace","MetricData","EntityMetricData","StrictEntityValidation"],[0,"#MetricData","#EntityMetricDataList",2],1]',
  MetricDataQueries: '[1,"com.amazonaws.cloudwatch","MetricDataQueries",0,"#MetricDataQuery"]',
  LabelOptions: '[3,"com.amazonaws.cloudwatch","LabelOptions",0,["Timezone"],[0]]',
  MetricDataResults: '[1,"com.amazonaws.cloudwatch","MetricDataResults",0,"#MetricDataResult"]',
  MetricDataResultMessages: '[1,"com.amazonaws.cloudwatch","MetricDataResultMessages",0,"#MessageData"]',
  Dimensions: '[1,"com.amazonaws.cloudwatch","Dimensions",0,"#Dimension"]',
  Datapoints: '[1,"com.amazonaws.cloudwatch","Datapoints",0,"#Datapoint"]',
  DimensionFilters: '[1,"com.amazonaws.cloudwatch","DimensionFilters",0,"#DimensionFilter"]',
  Metrics: '[1,"com.amazonaws.cloudwatch","Metrics",0,"#Metric"]',
  MetricData: '[1,"com.amazonaws.cloudwatch","MetricData",0,"#MetricDatum"]',
  EntityMetricDataList: '[1,"com.amazonaws.cloudwatch","EntityMetricDataList",0,"#EntityMetricData"]',
  MetricDataQuery: '[3,"com.amazonaws.cloudwatch","MetricDataQuery",0,["Id","MetricStat","Expression","Label","ReturnData","Period","AccountId"],[0,"#MetricStat",0,0,2,1,0],1]',
  MetricDataResult: '[3,"com.amazonaws.cloudwatch","MetricDataResult",0,["Id","Label","Timestamps","Values","StatusCode","Messages"],[0,0,68,65,0,"#MetricDataResultMessages"]]',
  MessageData: '[3,"com.amazonaws.cloudwatch","MessageData",0,["Code","Value"],[0,0]]',
  Dimension: '[3,"com.amazonaws.cloudwatch","Dimension",0,["Name","Value"],[0,0],2]',
  Datapoint: '[3,"com.amazonaws.cloudwatch","Datapoint",0,["Timestamp","SampleCount","Average","Sum","Minimum","Maximum","Unit","ExtendedStatistics"],[4,1,1,1,1,1,0,129]]',
  DimensionFilter: '[3,"com.amazonaws.cloudwatch","DimensionFilter",0,["Name","Value"],[0,0],1]',
  Metric: '[3,"com.amazonaws.cloudwatch","Metric",0,["Namespace","MetricName","Dimensions"],[0,0,"#Dimensions"]]',
  MetricDatum: '[3,"com.amazonaws.cloudwatch","MetricDatum",0,["MetricName","Dimensions","Timestamp","Value","StatisticValues","Values","Counts","Unit","StorageResolution"],[0,"#Dimensions",4,1,"#StatisticSet",65,65,0,1],1]',
  EntityMetricData: '[3,"com.amazonaws.cloudwatch","EntityMetricData",0,["Entity","MetricData"],["#Entity","#MetricData"]]',
  MetricStat: '[3,"com.amazonaws.cloudwatch","MetricStat",0,["Metric","Period","Stat","Unit"],["#Metric",1,0,0],3]',
  StatisticSet: '[3,"com.amazonaws.cloudwatch","StatisticSet",0,["SampleCount","Sum","Minimum","Maximum"],[1,1,1,1],4]',
  Entity: '[3,"com.amazonaws.cloudwatch","Entity",0,["KeyAttributes","Attributes"],[128,128]]',
});

export const GetMetricData$ = operation("GetMetricData");
export const GetMetricStatistics$ = operation("GetMetricStatistics");
export const ListMetrics$ = operation("ListMetrics");
export const PutMetricData$ = operation("PutMetricData");
