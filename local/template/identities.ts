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
  readonly name?: (subject: Subject, defaultName: string) => string;
  readonly arn?: (name: string, subject: Subject) => string;
  /** What `Ref` gives. @default the name */
  readonly ref?: (identity: Identity, subject: Subject) => string;
  readonly attributes?: Readonly<Record<string, (identity: Identity, subject: Subject) => string>>;
};

const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
const byArn = (identity: Identity) => identity.arn;
const lowerCase = (_subject: Subject, name: string) => name.toLowerCase();
const text = (value: unknown) => (typeof value === 'string' ? value : '');

const kinds: Readonly<Record<string, Kind>> = {
  'AWS::ApiGatewayV2::Api': {
    name: lowerCase,
    arn: (name) => `arn:aws:apigateway:${region}::/apis/${name}`,
    attributes: { ApiEndpoint: ({ name }) => `https://${name}.execute-api.${region}.${urlSuffix}` },
  },
  'AWS::CloudFront::Distribution': {
    name: lowerCase,
    arn: (name) => `arn:aws:cloudfront::${account}:distribution/${name}`,
    attributes: { DomainName: ({ name }) => `${name}.cloudfront.net` },
  },
  'AWS::Cognito::UserPool': {
    name: (_subject, name) => `${region}_${name.replaceAll('-', '')}`,
    arn: (name) => arn('cognito-idp', `userpool/${name}`),
    attributes: {
      ProviderName: ({ name }) => `cognito-idp.${region}.${urlSuffix}/${name}`,
      ProviderURL: ({ name }) => `https://cognito-idp.${region}.${urlSuffix}/${name}`,
    },
  },
  'AWS::DynamoDB::Table': {
    nameProperty: 'TableName',
    arn: (name) => arn('dynamodb', `table/${name}`),
    attributes: { StreamArn: (identity) => `${identity.arn}/stream/2001-01-01T00:00:00.000` },
  },
  'AWS::Events::EventBus': { nameProperty: 'Name', arn: (name) => arn('events', `event-bus/${name}`) },
  'AWS::Events::Rule': { nameProperty: 'Name', arn: (name) => arn('events', `rule/${name}`) },
  'AWS::IAM::Role': { nameProperty: 'RoleName', arn: (name) => `arn:aws:iam::${account}:role/${name}` },
  'AWS::IAM::ManagedPolicy': {
    nameProperty: 'ManagedPolicyName',
    arn: (name) => `arn:aws:iam::${account}:policy/${name}`,
    ref: byArn,
  },
  'AWS::Kinesis::Stream': { nameProperty: 'Name', arn: (name) => arn('kinesis', `stream/${name}`) },
  'AWS::KMS::Key': { arn: (name) => arn('kms', `key/${name}`) },
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', arn: (name) => arn('lambda', `function:${name}`) },
  'AWS::Lambda::Version': {
    arn: (_name, subject) => qualifiedFunction(subject, '1'),
    ref: byArn,
    attributes: { Version: () => '1' },
  },
  'AWS::Lambda::Alias': {
    arn: (_name, subject) => qualifiedFunction(subject, text(subject.property('Name'))),
    ref: byArn,
    attributes: { AliasArn: byArn },
  },
  'AWS::Logs::LogGroup': { nameProperty: 'LogGroupName', arn: (name) => arn('logs', `log-group:${name}:*`) },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    // A bucket's name has at most 63 characters.
    name: (_subject, name) => name.toLowerCase().slice(-63).replace(/^-+/, ''),
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
    ref: ({ name }) => `https://sqs.${region}.${urlSuffix}/${account}/${name}`,
    attributes: {
      QueueName: ({ name }) => name,
      QueueUrl: ({ name }) => `https://sqs.${region}.${urlSuffix}/${account}/${name}`,
    },
  },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    arn: (name) => arn('states', `stateMachine:${name}`),
    ref: byArn,
  },
};

function qualifiedFunction(subject: Subject, qualifier: string): string {
  const name = text(subject.property('FunctionName')).replace(/^arn:.*:function:/, '');
  return arn('lambda', `function:${name}:${qualifier}`);
}

/** The same name and ARN in every run: the given name, or `<stack>-<logicalId>`. */
export function identityOf(subject: Subject): Identity {
  const kind = kinds[subject.type] ?? {};
  const given = kind.nameProperty === undefined ? undefined : subject.property(kind.nameProperty);
  const defaultName = `${subject.stack}-${subject.logicalId}`;
  const name = typeof given === 'string' ? given : (kind.name?.(subject, defaultName) ?? defaultName);
  return { name, arn: kind.arn?.(name, subject) ?? genericArn(subject.type, name) };
}

/** What `Ref` gives for a resource. */
export function refOf(subject: Subject): string {
  const identity = identityOf(subject);
  return kinds[subject.type]?.ref?.(identity, subject) ?? identity.name;
}

/** What `Fn::GetAtt` gives. Throws for an attribute that has no local value. */
export function attributeOf(subject: Subject, attribute: string): string {
  const identity = identityOf(subject);
  const known = kinds[subject.type]?.attributes?.[attribute];
  if (known !== undefined) return known(identity, subject);
  if (attribute === 'Arn') return identity.arn;
  if (attribute === 'Name' || attribute === 'Id' || attribute.endsWith('Id')) return identity.name;
  throw new Error(`${subject.type} has no local value for attribute ${attribute}`);
}

function genericArn(type: string, name: string): string {
  const [, service = 'local', kind = 'resource'] = type.toLowerCase().split('::');
  return arn(service, `${kind}/${name}`);
}
