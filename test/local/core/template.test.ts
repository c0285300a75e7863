import { expect, test } from 'vitest';
import { supportedResources } from '../../../local/supported-resources.ts';
import { loadTemplate, type TemplateTransform } from '../../../local/template/load-template.ts';
import { functionResource, type TestTemplate, writeAssembly } from './write-assembly.ts';

const addresses = {
  apiUrl: 'http://127.0.0.1:1',
  cdnUrl: 'http://127.0.0.1:2',
  issuerUrl: 'http://127.0.0.1:1/issuer',
  servicesUrl: 'http://127.0.0.1:3',
};

function load(stacks: Readonly<Record<string, TestTemplate>>, transform?: TemplateTransform) {
  return loadTemplate({ assembly: writeAssembly(stacks), addresses, transform });
}

/** A placeholder as `Fn::Sub` reads it. */
const sub = (name: string) => `\${${name}}`;

/** What a value in a function's environment becomes, beside a table called Books and a queue called Orders. */
function resolved(value: unknown, rest: Omit<TestTemplate, 'Resources'> = {}): unknown {
  const Reader = functionResource('reader', { Environment: { Variables: { VALUE: value } } });
  const Books = { Type: 'AWS::DynamoDB::Table', Properties: {} };
  const Orders = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } };
  const template = load({ shop: { ...rest, Resources: { Books, Orders, Reader } } });
  const [reader] = template.ofType('AWS::Lambda::Function');
  const environment = reader?.properties.Environment as { readonly Variables: Readonly<Record<string, unknown>> };
  return environment.Variables.VALUE;
}

test.each([
  ['a name', { Ref: 'Books' }, 'shop-Books'],
  ['an ARN', { 'Fn::GetAtt': ['Books', 'Arn'] }, 'arn:aws:dynamodb:us-east-1:000000000000:table/shop-Books'],
  ['an attribute after a dot', { 'Fn::GetAtt': 'Orders.QueueName' }, 'orders'],
  ['a queue by its local address', { Ref: 'Orders' }, 'http://127.0.0.1:3/000000000000/orders'],
  ['the parts of a join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 3]] }, 'a-us-east-1-3'],
  [
    'a text with names',
    { 'Fn::Sub': `${sub('Books')}:${sub('Orders.Arn')}:${sub('!Books')}` },
    `shop-Books:arn:aws:sqs:us-east-1:000000000000:orders:${sub('Books')}`,
  ],
  [
    'a text with values of its own',
    { 'Fn::Sub': [`${sub('x')}/${sub('AWS::AccountId')}`, { x: { Ref: 'AWS::Partition' } }] },
    'aws/000000000000',
  ],
  ['one of a split', { 'Fn::Select': ['1', { 'Fn::Split': [',', 'a,b'] }] }, 'b'],
  ['an encoded text', { 'Fn::Base64': 'hi' }, 'aGk='],
  ['the stack', { Ref: 'AWS::StackName' }, 'shop'],
  ['a parameter', { Ref: 'Colour' }, 'red'],
  ['a mapping', { 'Fn::FindInMap': ['Sizes', { Ref: 'Colour' }, 'large'] }, '10'],
  ['the branch of a condition that holds', { 'Fn::If': ['IsRed', 'yes', 'no'] }, 'yes'],
  ['the branch of a condition that does not', { 'Fn::If': ['IsBlue', 'yes', 'no'] }, 'no'],
  ['nothing', { 'Fn::If': ['IsRed', { Ref: 'AWS::NoValue' }, 'no'] }, undefined],
])('%s is resolved', (_what, value, expected) => {
  const isRed = { 'Fn::Equals': [{ Ref: 'Colour' }, 'red'] };
  const rest = {
    Parameters: { Colour: { Type: 'String', Default: 'red' } },
    Mappings: { Sizes: { red: { large: '10' } } },
    Conditions: {
      IsRed: { 'Fn::And': [isRed, { 'Fn::Or': [isRed, { Condition: 'IsBlue' }] }] },
      IsBlue: { 'Fn::Not': [isRed] },
    },
  };
  expect(resolved(value, rest)).toBe(expected);
});

test('a value that one stack exports reaches the other', () => {
  const template = load({
    service: {
      Resources: {
        Reader: functionResource('reader', {
          Environment: { Variables: { TABLE: { 'Fn::ImportValue': 'state:books' } } },
        }),
      },
      Outputs: { Table: { Value: { 'Fn::ImportValue': 'state:books' } } },
    },
    state: {
      Resources: { Books: { Type: 'AWS::DynamoDB::Table', Properties: {} } },
      Outputs: {
        Export: {
          Value: { Ref: 'Books' },
          Export: { Name: { 'Fn::Join': [':', [{ Ref: 'AWS::StackName' }, 'books']] } },
        },
      },
    },
  });
  expect(template.ofType('AWS::Lambda::Function')[0]?.properties.Environment).toEqual({
    Variables: { TABLE: 'state-Books' },
  });
  expect(template.outputs).toEqual({ Table: 'state-Books' });
});

test('addresses of AWS become addresses of this machine', () => {
  const template = load({
    web: {
      Resources: {
        Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
        Cdn: { Type: 'AWS::CloudFront::Distribution', Properties: {} },
        Users: { Type: 'AWS::Cognito::UserPool', Properties: {} },
      },
      Outputs: {
        Api: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
        Joined: {
          Value: { 'Fn::Sub': `https://${sub('Api')}.execute-api.${sub('AWS::Region')}.${sub('AWS::URLSuffix')}/v1` },
        },
        Cdn: { Value: { 'Fn::Sub': `https://${sub('Cdn.DomainName')}` } },
        Issuer: { Value: { 'Fn::Sub': `https://cognito-idp.${sub('AWS::Region')}.amazonaws.com/${sub('Users')}` } },
      },
    },
  });
  expect(template.outputs).toEqual({
    Api: 'http://127.0.0.1:1',
    Joined: 'http://127.0.0.1:1/v1',
    Cdn: 'http://127.0.0.1:2',
    Issuer: 'http://127.0.0.1:1/issuer',
  });
});

test('names are the same in every run, and those of buckets are lower case and short', () => {
  const Resources = { Kept: { Type: 'AWS::S3::Bucket' }, [`Very${'Long'.repeat(20)}`]: { Type: 'AWS::S3::Bucket' } };
  const names = () => load({ Shop: { Resources } }).resources.map((resource) => resource.physicalName);
  expect(names()).toEqual(names());
  expect(names()[0]).toBe('shop-kept');
  expect(names()[1]).toMatch(/^[a-z]{63}$/);
});

test('a resource whose condition does not hold is not there', () => {
  const template = load({
    shop: {
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: { Orders: { Type: 'AWS::SQS::Queue', Condition: 'Never' }, Books: { Type: 'AWS::S3::Bucket' } },
    },
  });
  expect(template.resources.map((resource) => resource.logicalId)).toEqual(['Books']);
});

test('a transform changes what is read', () => {
  const Resources = { Orders: { Type: 'AWS::SQS::Queue' }, Books: { Type: 'AWS::S3::Bucket' } };
  const template = load({ shop: { Resources } }, (raw, stack) => {
    const { Orders: _removed, ...rest } = raw.Resources;
    return stack === 'shop' ? { ...raw, Resources: rest } : raw;
  });
  expect(template.resources.map((resource) => resource.logicalId)).toEqual(['Books']);
});

test.each([
  [
    'an unknown reference',
    { Ref: 'Nothing' },
    /shop\/Reader \(AWS::Lambda::Function\) Properties\.Environment\.Variables\.VALUE: Ref "Nothing": .*no resource/,
  ],
  [
    'an attribute without a local value',
    { 'Fn::GetAtt': ['Books', 'Colour'] },
    /Variables\.VALUE: .*AWS::DynamoDB::Table has no local value for attribute Colour/,
  ],
  ['an export that nobody made', { 'Fn::ImportValue': 'x' }, /Variables\.VALUE: .*no stack exports x/],
  [
    'a function that is not supported',
    { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] },
    /Variables\.VALUE: Fn::Cidr is not supported/,
  ],
  [
    'a parameter that only SSM knows',
    { Ref: 'Image' },
    /parameter Image of type AWS::SSM::Parameter::Value<String> has no local value/,
  ],
  ['a selection beyond the end', { 'Fn::Select': [5, ['a']] }, /Variables\.VALUE: Fn::Select .*not there/],
])('%s is an error naming resource and path', (_what, value, message) => {
  const Parameters = { Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/path' } };
  expect(() => resolved(value, { Parameters })).toThrow(message);
});

test('a resource type that the table does not list is refused by name', () => {
  expect(() => load({ shop: { Resources: { Cache: { Type: 'AWS::ElastiCache::CacheCluster' } } } })).toThrow(
    'shop/Cache (AWS::ElastiCache::CacheCluster): the embedded cloud does not know this resource type',
  );
});

test('a property that the table does not list is refused with its path', () => {
  const Properties = { Targets: [{ Id: '1', Arn: 'a', EcsParameters: { TaskCount: 1 } }], Schedule: 'rate(1 day)' };
  expect(() => load({ shop: { Resources: { Daily: { Type: 'AWS::Events::Rule', Properties } } } })).toThrow(
    'shop/Daily (AWS::Events::Rule): the embedded cloud does not know Targets[].EcsParameters, Schedule',
  );
});

test('every inert property has a reason', () => {
  const entries = Object.values(supportedResources).flatMap((table) => Object.values(table));
  const reasons = entries.flatMap((support) => (support === 'emulated' ? [] : [support.inert]));
  expect(reasons.length).toBeGreaterThan(20);
  expect(reasons.filter((reason) => reason.length < 15)).toEqual([]);
});

test('a version and an alias are called after what they belong to', () => {
  const Reader = functionResource('reader', { FunctionName: 'reader' });
  const Version = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Reader' } } };
  const Machine = {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { StateMachineName: 'ship', DefinitionString: { 'Fn::Sub': sub('Version') } },
  };
  const Revision = {
    Type: 'AWS::StepFunctions::StateMachineVersion',
    Properties: {
      StateMachineArn: { Ref: 'Machine' },
      StateMachineRevisionId: { 'Fn::GetAtt': ['Machine', 'StateMachineRevisionId'] },
    },
  };
  const RoutingConfiguration = [{ StateMachineVersionArn: { Ref: 'Revision' }, Weight: 100 }];
  const Live = { Type: 'AWS::StepFunctions::StateMachineAlias', Properties: { Name: 'live', RoutingConfiguration } };
  const Outputs = { Live: { Value: { Ref: 'Live' } } };
  const template = load({ shop: { Resources: { Reader, Version, Machine, Revision, Live }, Outputs } });
  expect(template.outputs.Live).toBe('arn:aws:states:us-east-1:000000000000:stateMachine:ship:live');
  const [machine] = template.ofType('AWS::StepFunctions::StateMachine');
  expect(machine?.properties.DefinitionString).toBe('arn:aws:lambda:us-east-1:000000000000:function:reader:1');
});
