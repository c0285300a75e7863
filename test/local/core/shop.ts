import { allow, roleFor } from './roles.ts';
import { functionResource, writeAssembly } from './write-assembly.ts';

// Writes what it was called with into the table Seen, one item per event; `fail` in an event makes it throw.
const recorder = `
const call = (target, input) =>
  fetch(process.env.AWS_ENDPOINT_URL_DYNAMODB, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.' + target,
      'x-amz-date': '20200101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  });
const kindOf = (event) => event.kind ?? event['detail-type'] ?? event.Records?.[0].eventSource ?? 'api';
export const handler = async (event) => {
  const item = { pk: { S: kindOf(event) }, sk: { S: crypto.randomUUID() }, event: { S: JSON.stringify(event) } };
  const response = await call('PutItem', { TableName: process.env.SEEN, Item: item });
  if (!response.ok) throw new Error(await response.text());
  return { kind: kindOf(event) };
};`;

const echo = 'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });';

const key = (...names: string[]) => ({
  AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: names.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
  BillingMode: 'PAY_PER_REQUEST',
});

const mapping = (EventSourceArn: object, properties: object = {}) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: { FunctionName: { Ref: 'Recorder' }, EventSourceArn, ...properties },
});
const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

// Substituted by the template.
const placeholder = ['$', '{recorder}'].join('');
const definition = {
  StartAt: 'Wait',
  States: {
    Wait: { Type: 'Wait', Seconds: 3600, Next: 'Record' },
    Record: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: placeholder, Payload: { kind: 'workflow' } },
      End: true,
    },
  },
};

const state = {
  Resources: {
    Seen: { Type: 'AWS::DynamoDB::Table', Properties: key('pk', 'sk') },
    Books: {
      Type: 'AWS::DynamoDB::Table',
      Properties: { ...key('pk'), StreamSpecification: { StreamViewType: 'NEW_IMAGE' } },
    },
    Clicks: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } },
    Pages: { Type: 'AWS::S3::Bucket' },
    Covers: { Type: 'AWS::S3::Bucket' },
    Users: { Type: 'AWS::Cognito::UserPool' },
    Portal: { Type: 'AWS::Cognito::UserPoolClient', Properties: { UserPoolId: { Ref: 'Users' } } },
    Root: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: { PasswordLength: 40 } } },
  },
  Outputs: {
    SeenTable: { Value: { Ref: 'Seen' } },
    SeenArn: { Value: arnOf('Seen'), Export: { Name: 'seen-arn' } },
    SeenExport: { Value: { Ref: 'Seen' }, Export: { Name: 'seen' } },
    BooksTable: { Value: { Ref: 'Books' } },
    BooksStream: { Value: { 'Fn::GetAtt': ['Books', 'StreamArn'] }, Export: { Name: 'books-stream' } },
    ClicksStream: { Value: { Ref: 'Clicks' } },
    ClicksArn: { Value: arnOf('Clicks'), Export: { Name: 'clicks' } },
    PagesBucket: { Value: { Ref: 'Pages' } },
    PagesName: { Value: { Ref: 'Pages' }, Export: { Name: 'pages-bucket' } },
    CoversName: { Value: { Ref: 'Covers' }, Export: { Name: 'covers-bucket' } },
    PagesDomain: { Value: { 'Fn::GetAtt': ['Pages', 'RegionalDomainName'] }, Export: { Name: 'pages' } },
    CoversBucket: { Value: { Ref: 'Covers' } },
    CoversDomain: { Value: { 'Fn::GetAtt': ['Covers', 'RegionalDomainName'] }, Export: { Name: 'covers' } },
    UsersExport: { Value: { Ref: 'Users' }, Export: { Name: 'users' } },
    PortalExport: { Value: { Ref: 'Portal' }, Export: { Name: 'portal' } },
    RootSecret: { Value: { Ref: 'Root' } },
  },
};
const imported = (name: string) => ({ 'Fn::ImportValue': name });
const readStream = ['DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'].map((o) => `kinesis:${o}`);

const executeApi = 'arn:aws:execute-api:us-east-1:000000000000:';
const permission = (logicalId: string, principal: string, SourceArn: object) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: arnOf(logicalId),
    Principal: `${principal}.amazonaws.com`,
    SourceArn,
  },
});
const readableBy = (bucket: string) => ({
  Type: 'AWS::S3::BucketPolicy',
  Properties: {
    Bucket: imported(bucket),
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: 's3:GetObject',
          Principal: { Service: 'cloudfront.amazonaws.com' },
          Resource: { 'Fn::Join': ['', ['arn:aws:s3:::', imported(bucket), '/*']] },
          Condition: {
            StringEquals: {
              'AWS:SourceArn': {
                'Fn::Join': ['', ['arn:aws:cloudfront::000000000000:distribution/', { Ref: 'Distribution' }]],
              },
            },
          },
        },
      ],
    },
  },
});

const service = {
  Resources: {
    EchoRole: roleFor('lambda'),
    Echo: functionResource('echo', { Role: arnOf('EchoRole') }),
    EchoPermission: permission('Echo', 'apigateway', {
      'Fn::Join': ['', [executeApi, { Ref: 'Api' }, '/*/*/books/{id}']],
    }),
    RecorderRole: roleFor(
      'lambda',
      allow(['dynamodb:PutItem'], imported('seen-arn')),
      allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arnOf('Orders')),
      allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], imported('books-stream')),
      allow(readStream, imported('clicks')),
    ),
    Recorder: functionResource('recorder', {
      Role: arnOf('RecorderRole'),
      Environment: { Variables: { SEEN: imported('seen') } },
    }),
    RecorderPermission: permission('Recorder', 'events', arnOf('BookSold')),
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
    Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: 'Api' }, StageName: '$default' } },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: arnOf('Echo'),
        PayloadFormatVersion: '2.0',
      },
    },
    Jwt: {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: {
        ApiId: { Ref: 'Api' },
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: {
          Audience: [imported('portal')],
          Issuer: {
            'Fn::Join': ['', ['https://cognito-idp.', { Ref: 'AWS::Region' }, '.amazonaws.com/', imported('users')]],
          },
        },
      },
    },
    GetBook: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: 'GET /books/{id}',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
        AuthorizationType: 'JWT',
        AuthorizerId: { Ref: 'Jwt' },
      },
    },
    Orders: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 } },
    OrdersMapping: mapping(arnOf('Orders'), { BatchSize: 10 }),
    BooksMapping: mapping(imported('books-stream'), { StartingPosition: 'TRIM_HORIZON' }),
    ClicksMapping: mapping(imported('clicks'), { StartingPosition: 'TRIM_HORIZON' }),
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
    BookSold: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { 'detail-type': ['BookSold'] },
        Targets: [{ Id: '1', Arn: arnOf('Recorder') }],
      },
    },
    DailyRole: roleFor('scheduler', allow(['lambda:InvokeFunction'], arnOf('Recorder'))),
    Daily: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        ScheduleExpression: 'rate(1 day)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: arnOf('Recorder'),
          RoleArn: arnOf('DailyRole'),
          Input: '{"kind":"schedule","at":"<aws.scheduler.scheduled-time>"}',
        },
      },
    },
    WorkflowRole: roleFor('states', allow(['lambda:InvokeFunction'], arnOf('Recorder'))),
    Workflow: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        DefinitionString: JSON.stringify(definition),
        DefinitionSubstitutions: { recorder: arnOf('Recorder') },
        RoleArn: arnOf('WorkflowRole'),
      },
    },
    PagesPolicy: readableBy('pages-bucket'),
    CoversPolicy: readableBy('covers-bucket'),
    Distribution: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          Enabled: true,
          DefaultRootObject: 'index.html',
          DefaultCacheBehavior: { TargetOriginId: 'pages', ViewerProtocolPolicy: 'https-only' },
          CacheBehaviors: [{ PathPattern: 'covers/*', TargetOriginId: 'covers', ViewerProtocolPolicy: 'https-only' }],
          Origins: [
            { Id: 'pages', DomainName: imported('pages'), OriginAccessControlId: 'signed' },
            { Id: 'covers', DomainName: imported('covers'), OriginAccessControlId: 'signed' },
          ],
        },
      },
    },
  },
  Outputs: {
    ApiUrl: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
    OrdersQueue: { Value: { Ref: 'Orders' } },
    BusName: { Value: { Ref: 'Bus' } },
    WorkflowArn: { Value: { Ref: 'Workflow' } },
  },
};

/** A small shop in two stacks that uses every kind of part once; all that is asynchronous ends in the table Seen. */
export function writeShop(): string {
  return writeAssembly({ 'shop-state': state, 'shop-service': service }, { echo, recorder });
}
