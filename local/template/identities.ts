/** Every resource lives here; the values are those that AWS reserves for nobody. */
export const account = '000000000000';
export const region = 'us-east-1';
export const urlSuffix = 'amazonaws.com';

/** A resource before its properties are resolved. */
export type Subject = {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** One resolved property; undefined when it is not set. */
  property(name: string): unknown;
};

export type Identity = { readonly name: string; readonly arn: string };

type Kind = {
  /** Property that holds a name given by hand. */
  readonly nameProperty?: string;
  /** From `<stack>-<logicalId>`. */
  readonly defaultName?: (name: string) => string;
  readonly arn?: (name: string) => string;
  /** Of a resource that is a part of another and called after it. @default from the logical id */
  readonly partOf?: (property: Subject['property']) => string;
  /** What `Ref` gives. @default the name */
  readonly ref?: (identity: Identity) => string;
  readonly attributes?: Readonly<Record<string, (identity: Identity) => string>>;
};

const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
const byArn = (identity: Identity) => identity.arn;
const lowerCase = (name: string) => name.toLowerCase();
const queueUrl = ({ name }: Identity) => `https://sqs.${region}.${urlSuffix}/${account}/${name}`;

const kinds: Readonly<Record<string, Kind>> = {
  'AWS::ApiGatewayV2::Api': {
    defaultName: lowerCase,
    arn: (name) => `arn:aws:apigateway:${region}::/apis/${name}`,
    attributes: { ApiEndpoint: ({ name }) => `https://${name}.execute-api.${region}.${urlSuffix}` },
  },
  'AWS::Athena::WorkGroup': { nameProperty: 'Name', arn: (name) => arn('athena', `workgroup/${name}`) },
  'AWS::CloudFront::Distribution': {
    defaultName: lowerCase,
    arn: (name) => `arn:aws:cloudfront::${account}:distribution/${name}`,
    attributes: { DomainName: ({ name }) => `${name}.cloudfront.net` },
  },
  'AWS::CloudFront::Function': {
    nameProperty: 'Name',
    arn: (name) => `arn:aws:cloudfront::${account}:function/${name}`,
    attributes: { FunctionARN: byArn },
  },
  'AWS::Cognito::UserPool': {
    defaultName: (name) => `${region}_${name.replaceAll('-', '')}`,
    arn: (name) => arn('cognito-idp', `userpool/${name}`),
    attributes: {
      ProviderName: ({ name }) => `cognito-idp.${region}.${urlSuffix}/${name}`,
      ProviderURL: ({ name }) => `https://cognito-idp.${region}.${urlSuffix}/${name}`,
    },
  },
  'AWS::Cognito::UserPoolDomain': { nameProperty: 'Domain' },
  'AWS::DynamoDB::Table': {
    nameProperty: 'TableName',
    arn: (name) => arn('dynamodb', `table/${name}`),
    attributes: { StreamArn: (identity) => `${identity.arn}/stream/2001-01-01T00:00:00.000` },
  },
  'AWS::Events::EventBus': { nameProperty: 'Name', arn: (name) => arn('events', `event-bus/${name}`) },
  'AWS::Events::Rule': { nameProperty: 'Name', arn: (name) => arn('events', `rule/${name}`) },
  'AWS::Glue::Database': {
    partOf: (property) => String(Object(property('DatabaseInput')).Name),
    arn: (name) => arn('glue', `database/${name}`),
  },
  'AWS::Glue::Table': {
    partOf: (property) => String(Object(property('TableInput')).Name),
    arn: (name) => arn('glue', `table/${name}`),
  },
  'AWS::IAM::Role': { nameProperty: 'RoleName', arn: (name) => `arn:aws:iam::${account}:role/${name}` },
  'AWS::Kinesis::Stream': { nameProperty: 'Name', arn: (name) => arn('kinesis', `stream/${name}`) },
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', arn: (name) => arn('lambda', `function:${name}`) },
  // The only version there is here, whatever its number in an account.
  'AWS::Lambda::Version': {
    partOf: (property) => `${property('FunctionName')}:1`,
    arn: (name) => arn('lambda', `function:${name}`),
    ref: byArn,
  },
  'AWS::Logs::LogGroup': { nameProperty: 'LogGroupName', arn: (name) => arn('logs', `log-group:${name}:*`) },
  'AWS::Neptune::DBCluster': {
    nameProperty: 'DBClusterIdentifier',
    defaultName: lowerCase,
    attributes: {
      Endpoint: ({ name }) => `${name}.cluster-local.${region}.neptune.${urlSuffix}`,
      Port: () => '8182',
    },
  },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    // A bucket's name has at most 63 characters.
    defaultName: (name) => name.toLowerCase().slice(-63).replace(/^-+/, ''),
    arn: (name) => `arn:aws:s3:::${name}`,
    attributes: {
      DomainName: ({ name }) => `${name}.s3.${urlSuffix}`,
      RegionalDomainName: ({ name }) => `${name}.s3.${region}.${urlSuffix}`,
    },
  },
  'AWS::Scheduler::Schedule': { nameProperty: 'Name', arn: (name) => arn('scheduler', `schedule/default/${name}`) },
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    arn: (name) => arn('secretsmanager', `secret:${name}-000000`),
    ref: byArn,
  },
  'AWS::SNS::Topic': { nameProperty: 'TopicName', arn: (name) => arn('sns', name), ref: byArn },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    arn: (name) => arn('sqs', name),
    ref: queueUrl,
    attributes: { QueueName: ({ name }) => name, QueueUrl: queueUrl },
  },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    arn: (name) => arn('states', `stateMachine:${name}`),
    ref: byArn,
  },
  'AWS::StepFunctions::StateMachineVersion': {
    partOf: (property) => `${machineName(property('StateMachineArn'))}:1`,
    arn: (name) => arn('states', `stateMachine:${name}`),
    ref: byArn,
  },
  'AWS::StepFunctions::StateMachineAlias': {
    partOf: (property) => `${machineName(routedVersion(property('RoutingConfiguration')))}:${property('Name')}`,
    arn: (name) => arn('states', `stateMachine:${name}`),
    ref: byArn,
  },
};

/** The same name and ARN in every run: the given name, or `<stack>-<logicalId>`. */
export function identityOf({ stack, logicalId, type, property }: Subject): Identity {
  const kind = kinds[type] ?? {};
  const { nameProperty, partOf, defaultName = (name: string) => name, arn: arnOf = genericArn(type) } = kind;
  const given = nameProperty === undefined ? partOf?.(property) : property(nameProperty);
  const name = typeof given === 'string' ? given : defaultName(`${stack}-${logicalId}`);
  return { name, arn: arnOf(name) };
}

/** What `Ref` gives for a resource. */
export function refOf(subject: Subject): string {
  const identity = identityOf(subject);
  return kinds[subject.type]?.ref?.(identity) ?? identity.name;
}

/** What `Fn::GetAtt` gives. Throws an Error for an attribute that has no local value. */
export function attributeOf(subject: Subject, attribute: string): string {
  const identity = identityOf(subject);
  const known = kinds[subject.type]?.attributes?.[attribute];
  if (known !== undefined) return known(identity);
  if (attribute === 'Arn') return identity.arn;
  if (attribute === 'Name' || attribute.endsWith('Id')) return identity.name;
  throw new Error(`${subject.type} has no local value for attribute ${attribute}`);
}

/** `arn:aws:states:…:stateMachine:<name>[:<qualifier>]` → `<name>` */
function machineName(stateMachineArn: unknown): string {
  return String(stateMachineArn).split(':')[6] ?? '';
}

function routedVersion(routes: unknown): unknown {
  const [route] = Array.isArray(routes) ? routes : [];
  return route?.StateMachineVersionArn;
}

function genericArn(type: string): (name: string) => string {
  const [, service = 'local', kind = 'resource'] = type.toLowerCase().split('::');
  return (name) => arn(service, `${kind}/${name}`);
}
