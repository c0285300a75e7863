import type { ResolvedResource } from './types.ts';

type Support = 'emulated' | { readonly inert: string };
const emulated = 'emulated';
const inert = (reason: string): Support => ({ inert: reason });

// Reasons that recur.
const label = inert('a label for people and bills');
const encryption = inert('data on this machine is not encrypted');
const blocked = inert('nothing here asks without a signature but the CDN, which asks as CloudFront');
const logs = inert('logs are files in the data directory');
const network = inert('everything is on the loopback interface');
const graph = inert('capacity, backups and subnets are those of this machine');
const alarms = inert('nobody is paged from this machine');
const protection = inert('protects data in an account from deletion');
const tracing = inert('an invocation has a trace id for its logs, but nobody collects traces');
const directory = inert('the embedded issuer stands for the user pool: it signs a token for whoever asks');

/**
 * What the embedded cloud does with each property: `emulated`, or `inert` with the reason why leaving it out changes
 * nothing that runs here. A path covers everything below it, except where longer paths are listed; `*` covers the whole
 * type. `[]` stands for every item of a list. What is not listed is refused.
 */
export const supportedResources: Readonly<Record<string, Readonly<Record<string, Support>>>> = {
  'AWS::ApiGatewayV2::Api': {
    ProtocolType: emulated,
    CorsConfiguration: emulated,
    Name: label,
    Description: label,
    Tags: label,
  },
  'AWS::ApiGatewayV2::Authorizer': {
    ApiId: emulated,
    AuthorizerType: emulated,
    IdentitySource: emulated,
    'JwtConfiguration.Audience': emulated,
    'JwtConfiguration.Issuer': emulated,
    Name: label,
  },
  'AWS::ApiGatewayV2::Integration': {
    ApiId: emulated,
    IntegrationType: emulated,
    IntegrationUri: emulated,
    PayloadFormatVersion: emulated,
    TimeoutInMillis: emulated,
    Description: label,
  },
  'AWS::ApiGatewayV2::Route': {
    ApiId: emulated,
    RouteKey: emulated,
    Target: emulated,
    AuthorizationType: emulated,
    AuthorizerId: emulated,
    AuthorizationScopes: emulated,
    OperationName: label,
  },
  'AWS::ApiGatewayV2::Stage': {
    ApiId: emulated,
    StageName: emulated,
    AutoDeploy: inert('the template is always deployed'),
    AccessLogSettings: logs,
    DefaultRouteSettings: inert('a single user needs no throttling'),
    Description: label,
    Tags: label,
  },
  'AWS::CloudFront::Distribution': {
    'DistributionConfig.CacheBehaviors[].PathPattern': emulated,
    'DistributionConfig.CacheBehaviors[].TargetOriginId': emulated,
    'DistributionConfig.CacheBehaviors[].CachePolicyId': inert('every answer is fresh from its origin'),
    'DistributionConfig.CacheBehaviors[].AllowedMethods': emulated,
    'DistributionConfig.CacheBehaviors[].FunctionAssociations': emulated,
    'DistributionConfig.CacheBehaviors[].OriginRequestPolicyId': emulated,
    'DistributionConfig.CacheBehaviors[].ResponseHeadersPolicyId': emulated,
    'DistributionConfig.CacheBehaviors[].Compress': inert('the network is the loopback interface'),
    'DistributionConfig.CacheBehaviors[].ViewerProtocolPolicy': inert('loopback speaks plain HTTP'),
    'DistributionConfig.DefaultCacheBehavior.TargetOriginId': emulated,
    'DistributionConfig.DefaultCacheBehavior.CachePolicyId': inert('every answer is fresh from its origin'),
    'DistributionConfig.DefaultCacheBehavior.AllowedMethods': emulated,
    'DistributionConfig.DefaultCacheBehavior.FunctionAssociations': emulated,
    'DistributionConfig.DefaultCacheBehavior.OriginRequestPolicyId': emulated,
    'DistributionConfig.DefaultCacheBehavior.ResponseHeadersPolicyId': emulated,
    'DistributionConfig.DefaultCacheBehavior.Compress': inert('the network is the loopback interface'),
    'DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy': inert('loopback speaks plain HTTP'),
    'DistributionConfig.DefaultRootObject': emulated,
    'DistributionConfig.CustomErrorResponses[].ErrorCode': emulated,
    'DistributionConfig.CustomErrorResponses[].ResponseCode': emulated,
    'DistributionConfig.CustomErrorResponses[].ResponsePagePath': emulated,
    'DistributionConfig.CustomErrorResponses[].ErrorCachingMinTTL': inert('every answer is fresh from its origin'),
    'DistributionConfig.Origins[].Id': emulated,
    'DistributionConfig.Origins[].DomainName': emulated,
    'DistributionConfig.Origins[].OriginPath': emulated,
    'DistributionConfig.Origins[].CustomOriginConfig': inert('the API is called in this process'),
    'DistributionConfig.Origins[].S3OriginConfig': inert('the old way to sign; access control replaces it'),
    'DistributionConfig.Origins[].OriginAccessControlId': emulated,
    'DistributionConfig.Enabled': inert('a distribution that is off would not be in the template'),
    'DistributionConfig.HttpVersion': inert('loopback speaks plain HTTP/1.1'),
    'DistributionConfig.IPV6Enabled': network,
    'DistributionConfig.PriceClass': network,
    'DistributionConfig.Comment': label,
    Tags: label,
  },
  'AWS::CloudFront::Function': {
    FunctionCode: emulated,
    'FunctionConfig.Runtime': emulated,
    'FunctionConfig.Comment': label,
    AutoPublish: inert('the template is always deployed'),
    Name: emulated,
    Tags: label,
  },
  'AWS::CloudFront::OriginAccessControl': { '*': inert('the edge knows CloudFront without a signature') },
  'AWS::CloudFront::ResponseHeadersPolicy': {
    'ResponseHeadersPolicyConfig.SecurityHeadersConfig': emulated,
    'ResponseHeadersPolicyConfig.Name': label,
    'ResponseHeadersPolicyConfig.Comment': label,
  },
  'AWS::CloudWatch::Alarm': { '*': alarms },
  'AWS::CloudWatch::CompositeAlarm': { '*': alarms },
  'AWS::Cognito::UserPool': { '*': directory },
  'AWS::Cognito::UserPoolClient': {
    UserPoolId: directory,
    CallbackURLs: emulated,
    LogoutURLs: emulated,
    AllowedOAuthFlows: inert('the embedded issuer knows no flow but the authorization code'),
    AllowedOAuthFlowsUserPoolClient: inert('a client without callback addresses is refused anyway'),
    AllowedOAuthScopes: inert('no route asks for a scope'),
    SupportedIdentityProviders: directory,
    ExplicitAuthFlows: directory,
    GenerateSecret: inert('a browser keeps no secret; the code is bound to its verifier instead'),
    PreventUserExistenceErrors: directory,
    AccessTokenValidity: inert('tokens of this machine last for twelve hours'),
    TokenValidityUnits: inert('tokens of this machine last for twelve hours'),
  },
  'AWS::Cognito::UserPoolDomain': { '*': inert('the sign-in page is found below the embedded issuer') },
  'AWS::DynamoDB::Table': {
    KeySchema: emulated,
    AttributeDefinitions: emulated,
    GlobalSecondaryIndexes: emulated,
    StreamSpecification: emulated,
    TimeToLiveSpecification: inert('the engine expires by real time, which would be years too early in virtual time'),
    TableName: emulated,
    BillingMode: inert('capacity is that of this machine'),
    PointInTimeRecoverySpecification: protection,
    DeletionProtectionEnabled: protection,
    SSESpecification: encryption,
    Tags: label,
  },
  'AWS::EC2::RouteTable': { VpcId: network, Tags: label },
  'AWS::EC2::SecurityGroup': {
    SecurityGroupEgress: emulated,
    SecurityGroupIngress: emulated,
    VpcId: network,
    GroupDescription: label,
    Tags: label,
  },
  'AWS::EC2::SecurityGroupEgress': { '*': emulated },
  'AWS::EC2::SecurityGroupIngress': { '*': emulated },
  'AWS::EC2::Subnet': { '*': network },
  'AWS::EC2::SubnetRouteTableAssociation': { '*': emulated },
  'AWS::EC2::VPC': { '*': network },
  'AWS::EC2::VPCEndpoint': {
    ServiceName: emulated,
    VpcEndpointType: emulated,
    RouteTableIds: emulated,
    VpcId: network,
    Tags: label,
  },
  'AWS::Events::EventBus': { Name: emulated, Description: label, Tags: label },
  'AWS::Events::Rule': {
    EventBusName: emulated,
    EventPattern: emulated,
    State: emulated,
    'Targets[].Arn': emulated,
    'Targets[].Id': emulated,
    'Targets[].Input': emulated,
    'Targets[].InputPath': emulated,
    'Targets[].DeadLetterConfig.Arn': emulated,
    'Targets[].RetryPolicy.MaximumRetryAttempts': emulated,
    'Targets[].RetryPolicy.MaximumEventAgeInSeconds': inert('attempts run out long before an age of minutes or more'),
    Name: emulated,
    Description: label,
    Tags: label,
  },
  'AWS::IAM::Policy': { PolicyDocument: emulated, Roles: emulated, PolicyName: label },
  'AWS::IAM::Role': {
    AssumeRolePolicyDocument: emulated,
    ManagedPolicyArns: emulated,
    Policies: emulated,
    RoleName: emulated,
    Description: label,
    Tags: label,
  },
  'AWS::Kinesis::Stream': {
    Name: emulated,
    ShardCount: emulated,
    'StreamModeDetails.StreamMode': inert('capacity is that of this machine'),
    RetentionPeriodHours: inert('the engine trims by real time, and virtual days pass in seconds'),
    StreamEncryption: encryption,
    Tags: label,
  },
  'AWS::KMS::Key': { '*': encryption },
  'AWS::Lambda::EventSourceMapping': {
    FunctionName: emulated,
    EventSourceArn: emulated,
    Enabled: emulated,
    BatchSize: emulated,
    MaximumBatchingWindowInSeconds: emulated,
    StartingPosition: emulated,
    BisectBatchOnFunctionError: emulated,
    MaximumRetryAttempts: emulated,
    MaximumRecordAgeInSeconds: emulated,
    FunctionResponseTypes: emulated,
    'DestinationConfig.OnFailure.Destination': emulated,
    FilterCriteria: emulated,
    ParallelizationFactor: emulated,
    'ScalingConfig.MaximumConcurrency': inert('one batch at a time is within any maximum'),
    Tags: label,
  },
  'AWS::Lambda::Function': {
    'Code.S3Key': emulated,
    'Code.S3Bucket': inert('the asset is read from the assembly'),
    Environment: emulated,
    FunctionName: emulated,
    Handler: emulated,
    MemorySize: emulated,
    Timeout: emulated,
    'LoggingConfig.LogFormat': emulated,
    'LoggingConfig.LogGroup': logs,
    Architectures: inert('bundles hold no machine code'),
    Runtime: inert('functions run on the Node that runs the embedded cloud'),
    ReservedConcurrentExecutions: inert('one process per function is within any reservation'),
    Role: emulated,
    'VpcConfig.SecurityGroupIds': emulated,
    'VpcConfig.SubnetIds': emulated,
    TracingConfig: tracing,
    Description: label,
    Tags: label,
  },
  'AWS::Lambda::EventInvokeConfig': { '*': emulated },
  'AWS::Lambda::Permission': { '*': emulated },
  'AWS::Lambda::Version': { FunctionName: emulated, Description: label },
  'AWS::Logs::LogGroup': { '*': logs },
  'AWS::Neptune::DBCluster': {
    VpcSecurityGroupIds: emulated,
    DBPort: emulated,
    IamAuthEnabled: inert('every call has to be signed, here and there'),
    DBSubnetGroupName: graph,
    BackupRetentionPeriod: graph,
    ServerlessScalingConfiguration: graph,
    StorageEncrypted: encryption,
    DeletionProtection: protection,
    Tags: label,
  },
  'AWS::Neptune::DBInstance': { '*': graph },
  'AWS::Neptune::DBSubnetGroup': { '*': graph },
  'AWS::S3::Bucket': {
    BucketName: emulated,
    VersioningConfiguration: inert('protects objects from being overwritten; no function reads old versions'),
    LifecycleConfiguration: inert('nothing is kept long enough here to be expired'),
    BucketEncryption: encryption,
    PublicAccessBlockConfiguration: blocked,
    OwnershipControls: inert('every object belongs to the one account'),
    Tags: label,
  },
  'AWS::S3::BucketPolicy': { '*': emulated },
  'AWS::Scheduler::Schedule': {
    ScheduleExpression: emulated,
    State: emulated,
    'FlexibleTimeWindow.Mode': emulated,
    'Target.Arn': emulated,
    'Target.Input': emulated,
    'Target.DeadLetterConfig.Arn': emulated,
    'Target.RetryPolicy.MaximumRetryAttempts': emulated,
    'Target.RetryPolicy.MaximumEventAgeInSeconds': inert('attempts run out long before an age of minutes or more'),
    'Target.RoleArn': emulated,
    ScheduleExpressionTimezone: inert('a rate knows no time zone, and nothing but rates is emulated'),
    Name: emulated,
    Description: label,
  },
  'AWS::SecretsManager::Secret': {
    Name: emulated,
    SecretString: emulated,
    GenerateSecretString: emulated,
    KmsKeyId: encryption,
    Description: label,
    Tags: label,
  },
  'AWS::SNS::Subscription': { '*': alarms },
  'AWS::SNS::Topic': { '*': alarms },
  'AWS::SNS::TopicPolicy': { '*': alarms },
  'AWS::SQS::Queue': {
    QueueName: emulated,
    VisibilityTimeout: emulated,
    DelaySeconds: emulated,
    MessageRetentionPeriod: emulated,
    MaximumMessageSize: emulated,
    ReceiveMessageWaitTimeSeconds: emulated,
    'RedrivePolicy.deadLetterTargetArn': emulated,
    'RedrivePolicy.maxReceiveCount': emulated,
    RedriveAllowPolicy: inert('a queue moves messages only to the one that its own redrive policy names'),
    SqsManagedSseEnabled: encryption,
    KmsMasterKeyId: encryption,
    Tags: label,
  },
  'AWS::SQS::QueuePolicy': { '*': emulated },
  'AWS::StepFunctions::StateMachine': {
    StateMachineName: emulated,
    StateMachineType: emulated,
    DefinitionString: emulated,
    DefinitionSubstitutions: emulated,
    RoleArn: emulated,
    LoggingConfiguration: logs,
    TracingConfiguration: tracing,
    Tags: label,
  },
  'AWS::StepFunctions::StateMachineAlias': {
    Name: emulated,
    'RoutingConfiguration[].StateMachineVersionArn': emulated,
    'RoutingConfiguration[].Weight': inert('there is one version, so it has all the weight'),
    Description: label,
  },
  'AWS::StepFunctions::StateMachineVersion': {
    StateMachineArn: emulated,
    StateMachineRevisionId: inert('only the latest deployment is here, after a restart too'),
    Description: label,
  },
};

/** Throws an Error naming stack, resource and path of everything in `resource` that the table does not list. */
export function assertSupported(resource: ResolvedResource, stack: string): void {
  const where = `${stack}/${resource.logicalId} (${resource.type})`;
  const table = supportedResources[resource.type];
  if (table === undefined) throw new Error(`${where}: the embedded cloud does not know this resource type`);
  if ('*' in table) return;
  const unknown = Object.entries(resource.properties).flatMap(([name, value]) => unlisted(value, name, table));
  if (unknown.length > 0) {
    throw new Error(`${where}: the embedded cloud does not know ${[...new Set(unknown)].join(', ')}`);
  }
}

function unlisted(value: unknown, path: string, table: Readonly<Record<string, Support>>): readonly string[] {
  if (Object.hasOwn(table, path)) return [];
  const isPrefix = Object.keys(table).some((listed) => listed.startsWith(`${path}.`) || listed.startsWith(`${path}[`));
  if (!isPrefix || typeof value !== 'object' || value === null) return [path];
  if (Array.isArray(value)) return value.flatMap((item) => unlisted(item, `${path}[]`, table));
  return Object.entries(value).flatMap(([name, item]) => unlisted(item, `${path}.${name}`, table));
}
