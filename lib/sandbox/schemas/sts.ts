// Written by `deno task schemas` from @aws-sdk/client-sts. Do not edit.
// deno-fmt-ignore-file
import { unpack } from "./unpack.ts";

const operation = unpack({
  AssumeRole: '[9,"com.amazonaws.sts","AssumeRole",0,"#AssumeRoleRequest","#AssumeRoleResponse"]',
  GetCallerIdentity: '[9,"com.amazonaws.sts","GetCallerIdentity",0,"#GetCallerIdentityRequest","#GetCallerIdentityResponse"]',
  GetSessionToken: '[9,"com.amazonaws.sts","GetSessionToken",0,"#GetSessionTokenRequest","#GetSessionTokenResponse"]',
  AssumeRoleRequest: '[3,"com.amazonaws.sts","AssumeRoleRequest",0,["RoleArn","RoleSessionName","PolicyArns","Policy","DurationSeconds","Tags","TransitiveTagKeys","ExternalId","SerialNumber","TokenCode","SourceIdentity","ProvidedContexts","MinimumSessionTokenSize"],[0,0,"#policyDescriptorListType",0,1,"#tagListType",64,0,0,0,0,"#ProvidedContextsListType",1],2]',
  AssumeRoleResponse: '[3,"com.amazonaws.sts","AssumeRoleResponse",0,["Credentials","AssumedRoleUser","PackedPolicySize","SourceIdentity","SessionTokenUtilization","SessionTokenSize"],[["#Credentials",0],"#AssumedRoleUser",1,0,1,1]]',
  GetCallerIdentityRequest: '[3,"com.amazonaws.sts","GetCallerIdentityRequest",0,[],[]]',
  GetCallerIdentityResponse: '[3,"com.amazonaws.sts","GetCallerIdentityResponse",0,["UserId","Account","Arn"],[0,0,0]]',
  GetSessionTokenRequest: '[3,"com.amazonaws.sts","GetSessionTokenRequest",0,["DurationSeconds","SerialNumber","TokenCode","MinimumSessionTokenSize"],[1,0,0,1]]',
  GetSessionTokenResponse: '[3,"com.amazonaws.sts","GetSessionTokenResponse",0,["Credentials","SessionTokenUtilization","SessionTokenSize"],[["#Credentials",0],1,1]]',
  policyDescriptorListType: '[1,"com.amazonaws.sts","policyDescriptorListType",0,"#PolicyDescriptorType"]',
  tagListType: '[1,"com.amazonaws.sts","tagListType",0,"#Tag"]',
  ProvidedContextsListType: '[1,"com.amazonaws.sts","ProvidedContextsListType",0,"#ProvidedContext"]',
  Credentials: '[3,"com.amazonaws.sts","Credentials",0,["AccessKeyId","SecretAccessKey","SessionToken","Expiration"],[0,["#accessKeySecretType",0],0,4],4]',
  AssumedRoleUser: '[3,"com.amazonaws.sts","AssumedRoleUser",0,["AssumedRoleId","Arn"],[0,0],2]',
  PolicyDescriptorType: '[3,"com.amazonaws.sts","PolicyDescriptorType",0,["arn"],[0]]',
  Tag: '[3,"com.amazonaws.sts","Tag",0,["Key","Value"],[0,0],2]',
  ProvidedContext: '[3,"com.amazonaws.sts","ProvidedContext",0,["ProviderArn","ContextAssertion"],[0,0]]',
  accessKeySecretType: '[0,"com.amazonaws.sts","accessKeySecretType",8,0]',
});

export const AssumeRole$ = operation("AssumeRole");
export const GetCallerIdentity$ = operation("GetCallerIdentity");
export const GetSessionToken$ = operation("GetSessionToken");
