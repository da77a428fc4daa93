/**
 * The AWS services that a trust policy can name. IAM refuses every other name: it knows its
 * services one by one. The list holds the names that the services' documentation gives, as of
 * 2026-11, without `.amazonaws.com`; the names with two parts are those of one job of a service.
 * @module
 */

const NAMES: ReadonlySet<string> = new Set(
  `
a4b access-analyzer account acm acm-pca aiops airflow airflow-env airflow-serverless amplify
amplifybackend amplifyuibuilder aoss apigateway app-integrations appconfig appfabric appflow
application-autoscaling application-insights appmesh apprunner appstream appsync aps
arc-zonal-shift artifact athena auditmanager autoscaling autoscaling-plans
aws-artifact-account-sync backup backup-gateway backup-storage batch bedrock bedrock-agentcore
billingconductor braket budgets cassandra chatbot chime cleanrooms cleanrooms-ml cloud9
clouddirectory cloudformation cloudfront cloudhsm cloudsearch cloudtrail cloudwatch
cloudwatch-crossaccount codeartifact codebuild codecatalyst codecatalyst-runner codecommit
codeconnections codedeploy codeguru-profiler codeguru-reviewer codeguru-security codepipeline
codestar codestar-connections codestar-notifications cognito-idp cognito-sync
comprehend comprehendmedical compute-optimizer config config-conforms config-multiaccountsetup
connect connect-campaigns controltower cost-optimization-hub databrew dataexchange datapipeline
datasync datazone dax deadline deeplens detective devicefarm devops-guru directconnect discovery
dlm dms docdb-elastic drs ds dsql dynamodb ec2 ec2-images ec2-instance-connect ec2fastlaunch
ec2fleet ec2scheduled ecr ecr-public ecs ecs-compute ecs-tasks edgelambda eks eks-connector
eks-fargate eks-fargate-pods eks-nodegroup elastic-inference elasticache elasticbeanstalk
elasticfilesystem elasticloadbalancing elasticmapreduce elastictranscoder emr-containers
emr-serverless entityresolution es events evidently evs finspace finspace-api firehose fis fms
forecast frauddetector freertos fsx gamelift geo glacier globalaccelerator glue grafana greengrass
groundstation guardduty health healthlake honeycode iam imagebuilder importexport
inspector inspector2 internetmonitor iot iotanalytics iotdeviceadvisor iotevents iotfleethub
iotfleetwise iotmanagedintegrations iotroborunner iotsitewise iotthingsgraph iottwinmaker
iotwireless ivs ivschat kafka kafkaconnect kendra kinesis kinesisanalytics kinesisvideo kms
lakeformation lambda launchwizard lex lexv2 license-manager license-manager-user-subscriptions
lightsail logs lookoutequipment lookoutmetrics lookoutvision m2 machinelearning macie macie2
managedblockchain managedservices mediaconnect mediaconvert medialive mediapackage mediapackagev2
mediastore mediatailor medical-imaging memorydb mgn migrationhub migrationhub-orchestrator
migrationhub-strategy mobileanalytics mobilehub monitron mpa mq neptune-graph
network-firewall networkmanager networkmonitor nimble notifications observabilityadmin odb omics
opensearchservice opsworks opsworks-cm organizations osis outposts panorama payment-cryptography
pca-connector-ad pcs personalize pinpoint pipes privatelink profile proton
purchaseorders q qapps qbusiness qldb quicksight ram rds redshift redshift-data
redshift-serverless refactor-spaces rekognition repostspace resiliencehub resource-explorer-2
resource-groups robomaker rolesanywhere route53 route53-recovery-control-config
route53-recovery-readiness route53domains route53resolver rum s3 s3-object-lambda s3-outposts
s3express s3tables s3vectors sagemaker sagemaker-geospatial scheduler schemas secretsmanager
security-ir securityhub securityhubv2 securitylake serverlessrepo servicecatalog
servicecatalog-appregistry servicediscovery servicequotas ses shield signer signin simspaceweaver
sms sms-voice snow-device-management snowball sns social-messaging spot spotfleet sqlworkbench sqs
ssm ssm-contacts ssm-guiconnect ssm-incidents ssm-quicksetup ssm-sap sso states storagegateway sts
support supportapp supportplans swf synthetics textract timestream timestream-influxdb transcribe
transfer transform transitgateway translate trustedadvisor tts verifiedpermissions vmie
voiceid vpc-flow-logs vpc-lattice waf waf-regional wafv2 wellarchitected wisdom workdocs worklink
workmail workspaces workspaces-instances workspaces-web xray
access-grants.s3 agentless.inspector2 apidestinations.events application-signals.cloudwatch
channels.lex channels.lexv2 context.cloudtrail continuousexport.discovery
contributorinsights.dynamodb credentials.iot custom.rds delivery.logs
directquery.opensearchservice dmsintegration.migrationhub email.cognito-idp
event-processor.health events.workmail kinesisreplication.dynamodb
license-management.marketplace logger.cloudfront maintenance.elasticbeanstalk
malware-protection-plan.guardduty malware-protection.guardduty managedupdates.elasticbeanstalk
member.org.stacksets.cloudformation metering-marketplace metrics.wellarchitected monitoring.rds
notifications.ssm observability.aoss ops.apigateway ops.emr-serverless
orgsdatasync.servicecatalog pods.eks practice-run.arc-zonal-shift remediation.config
replication.cassandra replication.dynamodb replication.ecr replicator.lambda
reporting.trustedadvisor restore-testing.backup scraper.aps stacksets.cloudformation
streams.metrics.cloudwatch sync.proton tagpolicies.tag transitgateway.ec2 vpcorigin.cloudfront
appstream.application-autoscaling cassandra.application-autoscaling
comprehend.application-autoscaling custom-resource.application-autoscaling
dynamodb.application-autoscaling ec2.application-autoscaling ecs.application-autoscaling
elasticache.application-autoscaling elasticmapreduce.application-autoscaling
kafka.application-autoscaling lambda.application-autoscaling neptune.application-autoscaling
rds.application-autoscaling sagemaker.application-autoscaling workspaces.application-autoscaling
`.trim().split(/\s+/),
);

/**
 * Whether a trust policy can name this service: `firehose.amazonaws.com`, or with a region,
 * `logs.eu-west-1.amazonaws.com`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(isServicePrincipal("firehose.amazonaws.com"), true);
 * assertEquals(isServicePrincipal("tagging.amazonaws.com"), false);
 * ```
 */
export function isServicePrincipal(principal: string): boolean {
  const [, name = ""] = /^([a-z0-9.-]+)\.amazonaws\.com$/.exec(principal) ?? [];
  return NAMES.has(name.replace(/\.[a-z]{2}(-[a-z]+){1,2}-\d$/, ""));
}
