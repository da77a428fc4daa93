// Written by `deno task schemas` from @aws-sdk/client-iam. Do not edit.
// deno-fmt-ignore-file
import { unpack } from "./unpack.ts";

const operation = unpack({
  AttachRolePolicy: '[9,"com.amazonaws.iam","AttachRolePolicy",0,"#AttachRolePolicyRequest","unit"]',
  AttachUserPolicy: '[9,"com.amazonaws.iam","AttachUserPolicy",0,"#AttachUserPolicyRequest","unit"]',
  CreateAccessKey: '[9,"com.amazonaws.iam","CreateAccessKey",0,"#CreateAccessKeyRequest","#CreateAccessKeyResponse"]',
  CreatePolicy: '[9,"com.amazonaws.iam","CreatePolicy",0,"#CreatePolicyRequest","#CreatePolicyResponse"]',
  CreatePolicyVersion: '[9,"com.amazonaws.iam","CreatePolicyVersion",0,"#CreatePolicyVersionRequest","#CreatePolicyVersionResponse"]',
  CreateRole: '[9,"com.amazonaws.iam","CreateRole",0,"#CreateRoleRequest","#CreateRoleResponse"]',
  CreateUser: '[9,"com.amazonaws.iam","CreateUser",0,"#CreateUserRequest","#CreateUserResponse"]',
  DeleteAccessKey: '[9,"com.amazonaws.iam","DeleteAccessKey",0,"#DeleteAccessKeyRequest","unit"]',
  DeletePolicy: '[9,"com.amazonaws.iam","DeletePolicy",0,"#DeletePolicyRequest","unit"]',
  DeletePolicyVersion: '[9,"com.amazonaws.iam","DeletePolicyVersion",0,"#DeletePolicyVersionRequest","unit"]',
  DeleteRole: '[9,"com.amazonaws.iam","DeleteRole",0,"#DeleteRoleRequest","unit"]',
  DeleteRolePolicy: '[9,"com.amazonaws.iam","DeleteRolePolicy",0,"#DeleteRolePolicyRequest","unit"]',
  DeleteUser: '[9,"com.amazonaws.iam","DeleteUser",0,"#DeleteUserRequest","unit"]',
  DeleteUserPolicy: '[9,"com.amazonaws.iam","DeleteUserPolicy",0,"#DeleteUserPolicyRequest","unit"]',
  DetachRolePolicy: '[9,"com.amazonaws.iam","DetachRolePolicy",0,"#DetachRolePolicyRequest","unit"]',
  DetachUserPolicy: '[9,"com.amazonaws.iam","DetachUserPolicy",0,"#DetachUserPolicyRequest","unit"]',
  GetAccessKeyLastUsed: '[9,"com.amazonaws.iam","GetAccessKeyLastUsed",0,"#GetAccessKeyLastUsedRequest","#GetAccessKeyLastUsedResponse"]',
  GetPolicy: '[9,"com.amazonaws.iam","GetPolicy",0,"#GetPolicyRequest","#GetPolicyResponse"]',
  GetPolicyVersion: '[9,"com.amazonaws.iam","GetPolicyVersion",0,"#GetPolicyVersionRequest","#GetPolicyVersionResponse"]',
  GetRole: '[9,"com.amazonaws.iam","GetRole",0,"#GetRoleRequest","#GetRoleResponse"]',
  GetRolePolicy: '[9,"com.amazonaws.iam","GetRolePolicy",0,"#GetRolePolicyRequest","#GetRolePolicyResponse"]',
  GetUser: '[9,"com.amazonaws.iam","GetUser",0,"#GetUserRequest","#GetUserResponse"]',
  GetUserPolicy: '[9,"com.amazonaws.iam","GetUserPolicy",0,"#GetUserPolicyRequest","#GetUserPolicyResponse"]',
  ListAccessKeys: '[9,"com.amazonaws.iam","ListAccessKeys",0,"#ListAccessKeysRequest","#ListAccessKeysResponse"]',
  ListAttachedRolePolicies: '[9,"com.amazonaws.iam","ListAttachedRolePolicies",0,"#ListAttachedRolePoliciesRequest","#ListAttachedRolePoliciesResponse"]',
  ListAttachedUserPolicies: '[9,"com.amazonaws.iam","ListAttachedUserPolicies",0,"#ListAttachedUserPoliciesRequest","#ListAttachedUserPoliciesResponse"]',
  ListEntitiesForPolicy: '[9,"com.amazonaws.iam","ListEntitiesForPolicy",0,"#ListEntitiesForPolicyRequest","#ListEntitiesForPolicyResponse"]',
  ListGroupsForUser: '[9,"com.amazonaws.iam","ListGroupsForUser",0,"#ListGroupsForUserRequest","#ListGroupsForUserResponse"]',
  ListInstanceProfilesForRole: '[9,"com.amazonaws.iam","ListInstanceProfilesForRole",0,"#ListInstanceProfilesForRoleRequest","#ListInstanceProfilesForRoleResponse"]',
  ListPolicies: '[9,"com.amazonaws.iam","ListPolicies",0,"#ListPoliciesRequest","#ListPoliciesResponse"]',
  ListPolicyTags: '[9,"com.amazonaws.iam","ListPolicyTags",0,"#ListPolicyTagsRequest","#ListPolicyTagsResponse"]',
  ListPolicyVersions: '[9,"com.amazonaws.iam","ListPolicyVersions",0,"#ListPolicyVersionsRequest","#ListPolicyVersionsResponse"]',
  ListRolePolicies: '[9,"com.amazonaws.iam","ListRolePolicies",0,"#ListRolePoliciesRequest","#ListRolePoliciesResponse"]',
  ListRoleTags: '[9,"com.amazonaws.iam","ListRoleTags",0,"#ListRoleTagsRequest","#ListRoleTagsResponse"]',
  ListRoles: '[9,"com.amazonaws.iam","ListRoles",0,"#ListRolesRequest","#ListRolesResponse"]',
  ListUserPolicies: '[9,"com.amazonaws.iam","ListUserPolicies",0,"#ListUserPoliciesRequest","#ListUserPoliciesResponse"]',
  ListUserTags: '[9,"com.amazonaws.iam","ListUserTags",0,"#ListUserTagsRequest","#ListUserTagsResponse"]',
  ListUsers: '[9,"com.amazonaws.iam","ListUsers",0,"#ListUsersRequest","#ListUsersResponse"]',
  PutRolePolicy: '[9,"com.amazonaws.iam","PutRolePolicy",0,"#PutRolePolicyRequest","unit"]',
  PutUserPolicy: '[9,"com.amazonaws.iam","PutUserPolicy",0,"#PutUserPolicyRequest","unit"]',
  SetDefaultPolicyVersion: '[9,"com.amazonaws.iam","SetDefaultPolicyVersion",0,"#SetDefaultPolicyVersionRequest","unit"]',
  SimulateCustomPolicy: '[9,"com.amazonaws.iam","SimulateCustomPolicy",0,"#SimulateCustomPolicyRequest","#SimulatePolicyResponse"]',
  SimulatePrincipalPolicy: '[9,"com.amazonaws.iam","SimulatePrincipalPolicy",0,"#SimulatePrincipalPolicyRequest","#SimulatePolicyResponse"]',
  TagPolicy: '[9,"com.amazonaws.iam","TagPolicy",0,"#TagPolicyRequest","unit"]',
  TagRole: '[9,"com.amazonaws.iam","TagRole",0,"#TagRoleRequest","unit"]',
  TagUser: '[9,"com.amazonaws.iam","TagUser",0,"#TagUserRequest","unit"]',
  UntagPolicy: '[9,"com.amazonaws.iam","UntagPolicy",0,"#UntagPolicyRequest","unit"]',
  UntagRole: '[9,"com.amazonaws.iam","UntagRole",0,"#UntagRoleRequest","unit"]',
  UntagUser: '[9,"com.amazonaws.iam","UntagUser",0,"#UntagUserRequest","unit"]',
  UpdateAccessKey: '[9,"com.amazonaws.iam","UpdateAccessKey",0,"#UpdateAccessKeyRequest","unit"]',
  UpdateAssumeRolePolicy: '[9,"com.amazonaws.iam","UpdateAssumeRolePolicy",0,"#UpdateAssumeRolePolicyRequest","unit"]',
  AttachRolePolicyRequest: '[3,"com.amazonaws.iam","AttachRolePolicyRequest",0,["RoleName","PolicyArn"],[0,0],2]',
  AttachUserPolicyRequest: '[3,"com.amazonaws.iam","AttachUserPolicyRequest",0,["UserName","PolicyArn"],[0,0],2]',
  CreateAccessKeyRequest: '[3,"com.amazonaws.iam","CreateAccessKeyRequest",0,["UserName"],[0]]',
  CreateAccessKeyResponse: '[3,"com.amazonaws.iam","CreateAccessKeyResponse",0,["AccessKey"],[["#AccessKey",0]],1]',
  CreatePolicyRequest: '[3,"com.amazonaws.iam","CreatePolicyRequest",0,["PolicyName","PolicyDocument","Path","Description","Tags"],[0,0,0,0,"#tagListType"],2]',
  CreatePolicyResponse: '[3,"com.amazonaws.iam","CreatePolicyResponse",0,["Policy"],["#Policy"]]',
  CreatePolicyVersionRequest: '[3,"com.amazonaws.iam","CreatePolicyVersionRequest",0,["PolicyArn","PolicyDocument","SetAsDefault"],[0,0,2],2]',
  CreatePolicyVersionResponse: '[3,"com.amazonaws.iam","CreatePolicyVersionResponse",0,["PolicyVersion"],["#PolicyVersion"]]',
  CreateRoleRequest: '[3,"com.amazonaws.iam","CreateRoleRequest",0,["RoleName","AssumeRolePolicyDocument","Path","Description","MaxSessionDuration","PermissionsBoundary","Tags"],[0,0,0,0,1,0,"#tagListType"],2]',
  CreateRoleResponse: '[3,"com.amazonaws.iam","CreateRoleResponse",0,["Role"],["#Role"],1]',
  CreateUserRequest: '[3,"com.amazonaws.iam","CreateUserRequest",0,["UserName","Path","PermissionsBoundary","Tags"],[0,0,0,"#tagListType"],1]',
  CreateUserResponse: '[3,"com.amazonaws.iam","CreateUserResponse",0,["User"],["#User"]]',
  DeleteAccessKeyRequest: '[3,"com.amazonaws.iam","DeleteAccessKeyRequest",0,["AccessKeyId","UserName"],[0,0],1]',
  DeletePolicyRequest: '[3,"com.amazonaws.iam","DeletePolicyRequest",0,["PolicyArn"],[0],1]',
  DeletePolicyVersionRequest: '[3,"com.amazonaws.iam","DeletePolicyVersionRequest",0,["PolicyArn","VersionId"],[0,0],2]',
  DeleteRoleRequest: '[3,"com.amazonaws.iam","DeleteRoleRequest",0,["RoleName"],[0],1]',
  DeleteRolePolicyRequest: '[3,"com.amazonaws.iam","DeleteRolePolicyRequest",0,["RoleName","PolicyName"],[0,0],2]',
  DeleteUserRequest: '[3,"com.amazonaws.iam","DeleteUserRequest",0,["UserName"],[0],1]',
  DeleteUserPolicyRequest: '[3,"com.amazonaws.iam","DeleteUserPolicyRequest",0,["UserName","PolicyName"],[0,0],2]',
  DetachRolePolicyRequest: '[3,"com.amazonaws.iam","DetachRolePolicyRequest",0,["RoleName","PolicyArn"],[0,0],2]',
  DetachUserPolicyRequest: '[3,"com.amazonaws.iam","DetachUserPolicyRequest",0,["UserName","PolicyArn"],[0,0],2]',
  GetAccessKeyLastUsedRequest: '[3,"com.amazonaws.iam","GetAccessKeyLastUsedRequest",0,["AccessKeyId"],[0],1]',
  GetAccessKeyLastUsedResponse: '[3,"com.amazonaws.iam","GetAccessKeyLastUsedResponse",0,["UserName","AccessKeyLastUsed"],[0,"#AccessKeyLastUsed"]]',
  GetPolicyRequest: '[3,"com.amazonaws.iam","GetPolicyRequest",0,["PolicyArn"],[0],1]',
  GetPolicyResponse: '[3,"com.amazonaws.iam","GetPolicyResponse",0,["Policy"],["#Policy"]]',
  GetPolicyVersionRequest: '[3,"com.amazonaws.iam","GetPolicyVersionRequest",0,["PolicyArn","VersionId"],[0,0],2]',
  GetPolicyVersionResponse: '[3,"com.amazonaws.iam","GetPolicyVersionResponse",0,["PolicyVersion"],["#PolicyVersion"]]',
  GetRoleRequest: '[3,"com.amazonaws.iam","GetRoleRequest",0,["RoleName"],[0],1]',
  GetRoleResponse: '[3,"com.amazonaws.iam","GetRoleResponse",0,["Role"],["#Role"],1]',
  GetRolePolicyRequest: '[3,"com.amazonaws.iam","GetRolePolicyRequest",0,["RoleName","PolicyName"],[0,0],2]',
  GetRolePolicyResponse: '[3,"com.amazonaws.iam","GetRolePolicyResponse",0,["RoleName","PolicyName","PolicyDocument"],[0,0,0],3]',
  GetUserRequest: '[3,"com.amazonaws.iam","GetUserRequest",0,["UserName"],[0]]',
  GetUserResponse: '[3,"com.amazonaws.iam","GetUserResponse",0,["User"],["#User"],1]',
  GetUserPolicyRequest: '[3,"com.amazonaws.iam","GetUserPolicyRequest",0,["UserName","PolicyName"],[0,0],2]',
  GetUserPolicyResponse: '[3,"com.amazonaws.iam","GetUserPolicyResponse",0,["UserName","PolicyName","PolicyDocument"],[0,0,0],3]',
  ListAccessKeysRequest: '[3,"com.amazonaws.iam","ListAccessKeysRequest",0,["UserName","Marker","MaxItems"],[0,0,1]]',
  ListAccessKeysResponse: '[3,"com.amazonaws.iam","ListAccessKeysResponse",0,["AccessKeyMetadata","IsTruncated","Marker"],["#accessKeyMetadataListType",2,0],1]',
  ListAttachedRolePoliciesRequest: '[3,"com.amazonaws.iam","ListAttachedRolePoliciesRequest",0,["RoleName","PathPrefix","Marker","MaxItems"],[0,0,0,1],1]',
  ListAttachedRolePoliciesResponse: '[3,"com.amazonaws.iam","ListAttachedRolePoliciesResponse",0,["AttachedPolicies","IsTruncated","Marker"],["#attachedPoliciesListType",2,0]]',
  ListAttachedUserPoliciesRequest: '[3,"com.amazonaws.iam","ListAttachedUserPoliciesRequest",0,["UserName","PathPrefix","Marker","MaxItems"],[0,0,0,1],1]',
  ListAttachedUserPoliciesResponse: '[3,"com.amazonaws.iam","ListAttachedUserPoliciesResponse",0,["AttachedPolicies","IsTruncated","Marker"],["#attachedPoliciesListType",2,0]]',
  ListEntitiesForPolicyRequest: '[3,"com.amazonaws.iam","ListEntitiesForPolicyRequest",0,["PolicyArn","EntityFilter","PathPrefix","PolicyUsageFilter","Marker","MaxItems"],[0,0,0,0,0,1],1]',
  ListEntitiesForPolicyResponse: '[3,"com.amazonaws.iam","ListEntitiesForPolicyResponse",0,["PolicyGroups","PolicyUsers","PolicyRoles","IsTruncated","Marker"],["#PolicyGroupListType","#PolicyUserListType","#PolicyRoleListType",2,0]]',
  ListGroupsForUserRequest: '[3,"com.amazonaws.iam","ListGroupsForUserRequest",0,["UserName","Marker","MaxItems"],[0,0,1],1]',
  ListGroupsForUserResponse: '[3,"com.amazonaws.iam","ListGroupsForUserResponse",0,["Groups","IsTruncated","Marker"],["#groupListType",2,0],1]',
  ListInstanceProfilesForRoleRequest: '[3,"com.amazonaws.iam","ListInstanceProfilesForRoleRequest",0,["RoleName","Marker","MaxItems"],[0,0,1],1]',
  ListInstanceProfilesForRoleResponse: '[3,"com.amazonaws.iam","ListInstanceProfilesForRoleResponse",0,["InstanceProfiles","IsTruncated","Marker"],["#instanceProfileListType",2,0],1]',
  ListPoliciesRequest: '[3,"com.amazonaws.iam","ListPoliciesRequest",0,["Scope","OnlyAttached","PathPrefix","PolicyUsageFilter","Marker","MaxItems"],[0,2,0,0,0,1]]',
  ListPoliciesResponse: '[3,"com.amazonaws.iam","ListPoliciesResponse",0,["Policies","IsTruncated","Marker"],["#policyListType",2,0]]',
  ListPolicyTagsRequest: '[3,"com.amazonaws.iam","ListPolicyTagsRequest",0,["PolicyArn","Marker","MaxItems"],[0,0,1],1]',
  ListPolicyTagsResponse: '[3,"com.amazonaws.iam","ListPolicyTagsResponse",0,["Tags","IsTruncated","Marker"],["#tagListType",2,0],1]',
  ListPolicyVersionsRequest: '[3,"com.amazonaws.iam","ListPolicyVersionsRequest",0,["PolicyArn","Marker","MaxItems"],[0,0,1],1]',
  ListPolicyVersionsResponse: '[3,"com.amazonaws.iam","ListPolicyVersionsResponse",0,["Versions","IsTruncated","Marker"],["#policyDocumentVersionListType",2,0]]',
  ListRolePoliciesRequest: '[3,"com.amazonaws.iam","ListRolePoliciesRequest",0,["RoleName","Marker","MaxItems"],[0,0,1],1]',
  ListRolePoliciesResponse: '[3,"com.amazonaws.iam","ListRolePoliciesResponse",0,["PolicyNames","IsTruncated","Marker"],[64,2,0],1]',
  ListRoleTagsRequest: '[3,"com.amazonaws.iam","ListRoleTagsRequest",0,["RoleName","Marker","MaxItems"],[0,0,1],1]',
  ListRoleTagsResponse: '[3,"com.amazonaws.iam","ListRoleTagsResponse",0,["Tags","IsTruncated","Marker"],["#tagListType",2,0],1]',
  ListRolesRequest: '[3,"com.amazonaws.iam","ListRolesRequest",0,["PathPrefix","Marker","MaxItems"],[0,0,1]]',
  ListRolesResponse: '[3,"com.amazonaws.iam","ListRolesResponse",0,["Roles","IsTruncated","Marker"],["#roleListType",2,0],1]',
  ListUserPoliciesRequest: '[3,"com.amazonaws.iam","ListUserPoliciesRequest",0,["UserName","Marker","MaxItems"],[0,0,1],1]',
  ListUserPoliciesResponse: '[3,"com.amazonaws.iam","ListUserPoliciesResponse",0,["PolicyNames","IsTruncated","Marker"],[64,2,0],1]',
  ListUserTagsRequest: '[3,"com.amazonaws.iam","ListUserTagsRequest",0,["UserName","Marker","MaxItems"],[0,0,1],1]',
  ListUserTagsResponse: '[3,"com.amazonaws.iam","ListUserTagsResponse",0,["Tags","IsTruncated","Marker"],["#tagListType",2,0],1]',
  ListUsersRequest: '[3,"com.amazonaws.iam","ListUsersRequest",0,["PathPrefix","Marker","MaxItems"],[0,0,1]]',
  ListUsersResponse: '[3,"com.amazonaws.iam","ListUsersResponse",0,["Users","IsTruncated","Marker"],["#userListType",2,0],1]',
  PutRolePolicyRequest: '[3,"com.amazonaws.iam","PutRolePolicyRequest",0,["RoleName","PolicyName","PolicyDocument"],[0,0,0],3]',
  PutUserPolicyRequest: '[3,"com.amazonaws.iam","PutUserPolicyRequest",0,["UserName","PolicyName","PolicyDocument"],[0,0,0],3]',
  SetDefaultPolicyVersionRequest: '[3,"com.amazonaws.iam","SetDefaultPolicyVersionRequest",0,["PolicyArn","VersionId"],[0,0],2]',
  SimulateCustomPolicyRequest: '[3,"com.amazonaws.iam","SimulateCustomPolicyRequest",0,["PolicyInputList","ActionNames","PermissionsBoundaryPolicyInputList","OrderedOrganizationPolicyInputList","ResourceArns","ResourcePolicy","ResourceOwner","CallerArn","ContextEntries","ResourceHandlingOption","MaxItems","Marker"],[64,64,64,"#OrganizationPolicyListType",64,0,0,0,"#ContextEntryListType",0,1,0],2]',
  SimulatePolicyResponse: '[3,"com.amazonaws.iam","SimulatePolicyResponse",0,["EvaluationResults","IsTruncated","Marker"],["#EvaluationResultsListType",2,0]]',
  SimulatePrincipalPolicyRequest: '[3,"com.amazonaws.iam","SimulatePrincipalPolicyRequest",0,["PolicySourceArn","ActionNames","PolicyInputList","PermissionsBoundaryPolicyInputList","PolicyExclusionList","ResourceArns","ResourcePolicy","ResourceOwner","CallerArn","ContextEntries","ResourceHandlingOption","MaxItems","Marker"],[0,64,64,64,"#PolicyExclusionsListType",64,0,0,0,"#ContextEntryListType",0,1,0],2]',
  TagPolicyRequest: '[3,"com.amazonaws.iam","TagPolicyRequest",0,["PolicyArn","Tags"],[0,"#tagListType"],2]',
  TagRoleRequest: '[3,"com.amazonaws.iam","TagRoleRequest",0,["RoleName","Tags"],[0,"#tagListType"],2]',
  TagUserRequest: '[3,"com.amazonaws.iam","TagUserRequest",0,["UserName","Tags"],[0,"#tagListType"],2]',
  UntagPolicyRequest: '[3,"com.amazonaws.iam","UntagPolicyRequest",0,["PolicyArn","TagKeys"],[0,64],2]',
  UntagRoleRequest: '[3,"com.amazonaws.iam","UntagRoleRequest",0,["RoleName","TagKeys"],[0,64],2]',
  UntagUserRequest: '[3,"com.amazonaws.iam","UntagUserRequest",0,["UserName","TagKeys"],[0,64],2]',
  UpdateAccessKeyRequest: '[3,"com.amazonaws.iam","UpdateAccessKeyRequest",0,["AccessKeyId","Status","UserName"],[0,0,0],2]',
  UpdateAssumeRolePolicyRequest: '[3,"com.amazonaws.iam","UpdateAssumeRolePolicyRequest",0,["RoleName","PolicyDocument"],[0,0],2]',
  AccessKey: '[3,"com.amazonaws.iam","AccessKey",0,["UserName","AccessKeyId","Status","SecretAccessKey","CreateDate"],[0,0,0,["#accessKeySecretType",0],4],4]',
  tagListType: '[1,"com.amazonaws.iam","tagListType",0,"#Tag"]',
  Policy: '[3,"com.amazonaws.iam","Policy",0,["PolicyName","PolicyId","Arn","Path","DefaultVersionId","AttachmentCount","PermissionsBoundaryUsageCount","IsAttachable","Description","CreateDate","UpdateDate","Tags"],[0,0,0,0,0,1,1,2,0,4,4,"#tagListType"]]',
  PolicyVersion: '[3,"com.amazonaws.iam","PolicyVersion",0,["Document","VersionId","IsDefaultVersion","CreateDate"],[0,0,2,4]]',
  Role: '[3,"com.amazonaws.iam","Role",0,["Path","RoleName","RoleId","Arn","CreateDate","AssumeRolePolicyDocument","Description","MaxSessionDuration","PermissionsBoundary","Tags","RoleLastUsed","SourceRoleTemplate"],[0,0,0,0,4,0,0,1,"#AttachedPermissionsBoundary","#tagListType","#RoleLastUsed","#SourceRoleTemplate"],5]',
  User: '[3,"com.amazonaws.iam","User",0,["Path","UserName","UserId","Arn","CreateDate","PasswordLastUsed","PermissionsBoundary","Tags"],[0,0,0,0,4,4,"#AttachedPermissionsBoundary","#tagListType"],5]',
  AccessKeyLastUsed: '[3,"com.amazonaws.iam","AccessKeyLastUsed",0,["ServiceName","Region","LastUsedDate"],[0,0,4],2]',
  accessKeyMetadataListType: '[1,"com.amazonaws.iam","accessKeyMetadataListType",0,"#AccessKeyMetadata"]',
  attachedPoliciesListType: '[1,"com.amazonaws.iam","attachedPoliciesListType",0,"#AttachedPolicy"]',
  PolicyGroupListType: '[1,"com.amazonaws.iam","PolicyGroupListType",0,"#PolicyGroup"]',
  PolicyUserListType: '[1,"com.amazonaws.iam","PolicyUserListType",0,"#PolicyUser"]',
  PolicyRoleListType: '[1,"com.amazonaws.iam","PolicyRoleListType",0,"#PolicyRole"]',
  groupListType: '[1,"com.amazonaws.iam","groupListType",0,"#Group"]',
  instanceProfileListType: '[1,"com.amazonaws.iam","instanceProfileListType",0,"#InstanceProfile"]',
  policyListType: '[1,"com.amazonaws.iam","policyListType",0,"#Policy"]',
  policyDocumentVersionListType: '[1,"com.amazonaws.iam","policyDocumentVersionListType",0,"#PolicyVersion"]',
  roleListType: '[1,"com.amazonaws.iam","roleListType",0,"#Role"]',
  userListType: '[1,"com.amazonaws.iam","userListType",0,"#User"]',
  OrganizationPolicyListType: '[1,"com.amazonaws.iam","OrganizationPolicyListType",0,"#OrderedOrganizationPolicyType"]',
  ContextEntryListType: '[1,"com.amazonaws.iam","ContextEntryListType",0,"#ContextEntry"]',
  EvaluationResultsListType: '[1,"com.amazonaws.iam","EvaluationResultsListType",0,"#EvaluationResult"]',
  PolicyExclusionsListType: '[1,"com.amazonaws.iam","PolicyExclusionsListType",0,"#PolicyIdentifier"]',
  accessKeySecretType: '[0,"com.amazonaws.iam","accessKeySecretType",8,0]',
  Tag: '[3,"com.amazonaws.iam","Tag",0,["Key","Value"],[0,0],2]',
  AttachedPermissionsBoundary: '[3,"com.amazonaws.iam","AttachedPermissionsBoundary",0,["PermissionsBoundaryType","PermissionsBoundaryArn"],[0,0]]',
  RoleLastUsed: '[3,"com.amazonaws.iam","RoleLastUsed",0,["LastUsedDate","Region"],[4,0]]',
  SourceRoleTemplate: '[3,"com.amazonaws.iam","SourceRoleTemplate",0,["TemplateArn","TemplateMinorVersion"],[0,1],2]',
  AccessKeyMetadata: '[3,"com.amazonaws.iam","AccessKeyMetadata",0,["UserName","AccessKeyId","Status","CreateDate"],[0,0,0,4]]',
  AttachedPolicy: '[3,"com.amazonaws.iam","AttachedPolicy",0,["PolicyName","PolicyArn"],[0,0]]',
  PolicyGroup: '[3,"com.amazonaws.iam","PolicyGroup",0,["GroupName","GroupId"],[0,0]]',
  PolicyUser: '[3,"com.amazonaws.iam","PolicyUser",0,["UserName","UserId"],[0,0]]',
  PolicyRole: '[3,"com.amazonaws.iam","PolicyRole",0,["RoleName","RoleId"],[0,0]]',
  Group: '[3,"com.amazonaws.iam","Group",0,["Path","GroupName","GroupId","Arn","CreateDate"],[0,0,0,0,4],5]',
  InstanceProfile: '[3,"com.amazonaws.iam","InstanceProfile",0,["Path","InstanceProfileName","InstanceProfileId","Arn","CreateDate","Roles","Tags"],[0,0,0,0,4,"#roleListType","#tagListType"],6]',
  OrderedOrganizationPolicyType: '[3,"com.amazonaws.iam","OrderedOrganizationPolicyType",0,["ServiceControlPolicyInputList"],[64]]',
  ContextEntry: '[3,"com.amazonaws.iam","ContextEntry",0,["ContextKeyName","ContextKeyValues","ContextKeyType"],[0,64,0]]',
  EvaluationResult: '[3,"com.amazonaws.iam","EvaluationResult",0,["EvalActionName","EvalDecision","EvalResourceName","MatchedStatements","MissingContextValues","OrganizationsDecisionDetail","PermissionsBoundaryDecisionDetail","EvalDecisionDetails","ResourceSpecificResults"],[0,0,0,"#StatementListType",64,"#OrganizationsDecisionDetail","#PermissionsBoundaryDecisionDetail",128,"#ResourceSpecificResultListType"],2]',
  PolicyIdentifier: '[4,"com.amazonaws.iam","PolicyIdentifier",0,["PolicyType","PolicyArn","InlinePolicyIdentifier"],[0,0,"#InlinePolicyIdentifierType"]]',
  StatementListType: '[1,"com.amazonaws.iam","StatementListType",0,"#Statement"]',
  OrganizationsDecisionDetail: '[3,"com.amazonaws.iam","OrganizationsDecisionDetail",0,["AllowedByOrganizations"],[2]]',
  PermissionsBoundaryDecisionDetail: '[3,"com.amazonaws.iam","PermissionsBoundaryDecisionDetail",0,["AllowedByPermissionsBoundary"],[2]]',
  ResourceSpecificResultListType: '[1,"com.amazonaws.iam","ResourceSpecificResultListType",0,"#ResourceSpecificResult"]',
  InlinePolicyIdentifierType: '[3,"com.amazonaws.iam","InlinePolicyIdentifierType",0,["PolicyName","AttachmentType","AttachmentName"],[0,0,0],3]',
  Statement: '[3,"com.amazonaws.iam","Statement",0,["SourcePolicyId","SourcePolicyType","StartPosition","EndPosition"],[0,0,"#Position","#Position"]]',
  ResourceSpecificResult: '[3,"com.amazonaws.iam","ResourceSpecificResult",0,["EvalResourceName","EvalResourceDecision","MatchedStatements","MissingContextValues","EvalDecisionDetails","PermissionsBoundaryDecisionDetail"],[0,0,"#StatementListType",64,128,"#PermissionsBoundaryDecisionDetail"],2]',
  Position: '[3,"com.amazonaws.iam","Position",0,["Line","Column"],[1,1]]',
});

export const AttachRolePolicy$ = operation("AttachRolePolicy");
export const AttachUserPolicy$ = operation("AttachUserPolicy");
export const CreateAccessKey$ = operation("CreateAccessKey");
export const CreatePolicy$ = operation("CreatePolicy");
export const CreatePolicyVersion$ = operation("CreatePolicyVersion");
export const CreateRole$ = operation("CreateRole");
export const CreateUser$ = operation("CreateUser");
export const DeleteAccessKey$ = operation("DeleteAccessKey");
export const DeletePolicy$ = operation("DeletePolicy");
export const DeletePolicyVersion$ = operation("DeletePolicyVersion");
export const DeleteRole$ = operation("DeleteRole");
export const DeleteRolePolicy$ = operation("DeleteRolePolicy");
export const DeleteUser$ = operation("DeleteUser");
export const DeleteUserPolicy$ = operation("DeleteUserPolicy");
export const DetachRolePolicy$ = operation("DetachRolePolicy");
export const DetachUserPolicy$ = operation("DetachUserPolicy");
export const GetAccessKeyLastUsed$ = operation("GetAccessKeyLastUsed");
export const GetPolicy$ = operation("GetPolicy");
export const GetPolicyVersion$ = operation("GetPolicyVersion");
export const GetRole$ = operation("GetRole");
export const GetRolePolicy$ = operation("GetRolePolicy");
export const GetUser$ = operation("GetUser");
export const GetUserPolicy$ = operation("GetUserPolicy");
export const ListAccessKeys$ = operation("ListAccessKeys");
export const ListAttachedRolePolicies$ = operation("ListAttachedRolePolicies");
export const ListAttachedUserPolicies$ = operation("ListAttachedUserPolicies");
export const ListEntitiesForPolicy$ = operation("ListEntitiesForPolicy");
export const ListGroupsForUser$ = operation("ListGroupsForUser");
export const ListInstanceProfilesForRole$ = operation("ListInstanceProfilesForRole");
export const ListPolicies$ = operation("ListPolicies");
export const ListPolicyTags$ = operation("ListPolicyTags");
export const ListPolicyVersions$ = operation("ListPolicyVersions");
export const ListRolePolicies$ = operation("ListRolePolicies");
export const ListRoleTags$ = operation("ListRoleTags");
export const ListRoles$ = operation("ListRoles");
export const ListUserPolicies$ = operation("ListUserPolicies");
export const ListUserTags$ = operation("ListUserTags");
export const ListUsers$ = operation("ListUsers");
export const PutRolePolicy$ = operation("PutRolePolicy");
export const PutUserPolicy$ = operation("PutUserPolicy");
export const SetDefaultPolicyVersion$ = operation("SetDefaultPolicyVersion");
export const SimulateCustomPolicy$ = operation("SimulateCustomPolicy");
export const SimulatePrincipalPolicy$ = operation("SimulatePrincipalPolicy");
export const TagPolicy$ = operation("TagPolicy");
export const TagRole$ = operation("TagRole");
export const TagUser$ = operation("TagUser");
export const UntagPolicy$ = operation("UntagPolicy");
export const UntagRole$ = operation("UntagRole");
export const UntagUser$ = operation("UntagUser");
export const UpdateAccessKey$ = operation("UpdateAccessKey");
export const UpdateAssumeRolePolicy$ = operation("UpdateAssumeRolePolicy");
