import { DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bootCloud, type Cloud, type CloudOptions } from '../../../local/cloud.ts';
import { allow, roleFor } from './roles.ts';
import { writeShop } from './shop.ts';
import { temporaryDirectory } from './write-assembly.ts';

const assembly = writeShop();
type Transform = NonNullable<CloudOptions['templateTransform']>;
type Resources = Parameters<Transform>[0]['Resources'];

/** The shop with resources of its service stack changed, and the lines of its log. */
async function bootWith(change: (resources: Resources) => Resources = (resources) => resources) {
  const log: string[] = [];
  const cloud = await bootCloud({
    assembly,
    dataDir: temporaryDirectory(),
    clock: { mode: 'virtual', start: '2001-01-22T06:00:00.000Z' },
    templateTransform: (template, stack) =>
      stack === 'shop-service' ? { ...template, Resources: change(template.Resources) } : template,
    log: (line) => log.push(line),
  });
  onTestFinished(() => cloud.stop());
  return { cloud, log, denied: () => log.filter((line) => line.startsWith('denied: ')) };
}

const without = (logicalId: string) => (resources: Resources) =>
  Object.fromEntries(Object.entries(resources).filter(([id]) => id !== logicalId));
const withRole = (logicalId: string, role: object) => (resources: Resources) =>
  ({ ...resources, [logicalId]: role }) as Resources;
const within = (logicalId: string, properties: object) => (resources: Resources) => {
  const { Type = '', Properties } = resources[logicalId] ?? {};
  return { ...resources, [logicalId]: { Type, Properties: { ...Properties, ...properties } } };
};

/** How a client reaches a service with the key of a function, or of the customer. */
function reach(cloud: Cloud, accessKeyId: string) {
  const endpoint = cloud.sdkEnvironment().AWS_ENDPOINT_URL_DYNAMODB ?? '';
  return { region: 'us-east-1', endpoint, credentials: { accessKeyId, secretAccessKey: 'local' }, maxAttempts: 1 };
}

async function seen(cloud: Cloud, kind: string): Promise<number> {
  const query = new QueryCommand({
    TableName: cloud.outputs.SeenTable,
    KeyConditionExpression: 'pk = :kind',
    ExpressionAttributeValues: { ':kind': { S: kind } },
    ConsistentRead: true,
  });
  return (await new DynamoDBClient(reach(cloud, 'customer')).send(query)).Count ?? 0;
}

describe('a function', () => {
  test('may do through the edge what its role allows, and hears who may not do what to which resource', async () => {
    const { cloud, denied } = await bootWith();
    const item = { TableName: cloud.outputs.SeenTable, Item: { pk: { S: 'a' }, sk: { S: 'b' } } };
    const as = (name: string) => new DynamoDBClient(reach(cloud, `AK-${name}`));
    await as('recorder').send(new PutItemCommand(item));
    await expect(as('echo').send(new PutItemCommand(item))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(/role\/shop-service-EchoRole .* dynamodb:PutItem on .*:table\/shop-state-Seen /),
    });
    expect(denied()).toHaveLength(1);
  });

  test('is told by S3 in S3’s own words', async () => {
    const { cloud } = await bootWith();
    const object = { Bucket: cloud.outputs.PagesBucket, Key: 'index.html' };
    await new S3Client({ ...reach(cloud, 'customer'), forcePathStyle: true }).send(
      new PutObjectCommand({ ...object, Body: 'x' }),
    );
    const s3 = new S3Client({ ...reach(cloud, 'AK-echo'), forcePathStyle: true });
    await expect(s3.send(new GetObjectCommand(object))).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test('is told by SQS, and a key that nobody has is refused', async () => {
    const { cloud } = await bootWith();
    const message = new SendMessageCommand({ QueueUrl: cloud.outputs.OrdersQueue, MessageBody: 'x' });
    await expect(new SQSClient(reach(cloud, 'AK-recorder')).send(message)).rejects.toThrow('sqs:SendMessage');
    await expect(new SQSClient(reach(cloud, 'AK-nobody')).send(message)).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  test('must have a role that trusts Lambda', async () => {
    const boot = bootWith(withRole('EchoRole', roleFor('states')));
    await expect(boot).rejects.toThrow('does not trust lambda.amazonaws.com');
  });
});

describe('a request', () => {
  const request = async (cloud: Cloud, headers: Record<string, string>) => {
    const response = await fetch(cloud.sdkEnvironment().AWS_ENDPOINT_URL_SQS ?? '', { method: 'POST', headers });
    return [response.status, Object((await response.json()) as object).__type];
  };

  test('without a signature, or with half of one, is refused', async () => {
    const { cloud } = await bootWith();
    expect(await request(cloud, {})).toEqual([403, 'MissingAuthenticationTokenException']);
    expect(await request(cloud, { authorization: 'AWS4-HMAC-SHA256 Credential=customer' })).toEqual([
      403,
      'IncompleteSignatureException',
    ]);
  });

  test('signed for one service does not reach another', async () => {
    const { cloud } = await bootWith();
    const authorization =
      'AWS4-HMAC-SHA256 Credential=customer/20200101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0';
    expect(await request(cloud, { authorization, 'x-amz-target': 'DynamoDB_20120810.ListTables' })).toEqual([
      400,
      'UnknownOperationException',
    ]);
  });
});

describe('without its grant', () => {
  test('the API does not call the function', async () => {
    const { cloud, denied } = await bootWith(without('EchoPermission'));
    const headers = { authorization: `Bearer ${await cloud.token({ sub: 'ada', groups: [] })}` };
    expect((await fetch(`${cloud.apiUrl}/books/1`, { headers })).status).toBe(500);
    expect(denied()[0]).toMatch(/apigateway.amazonaws.com .* lambda:InvokeFunction/);
  });

  test('a mapping does not read its queue, and reads it with the grant', async () => {
    const { cloud, denied } = await bootWith(
      withRole('RecorderRole', roleFor('lambda', allow(['dynamodb:PutItem'], '*'))),
    );
    const send = new SendMessageCommand({ QueueUrl: cloud.outputs.OrdersQueue, MessageBody: 'x' });
    await new SQSClient(reach(cloud, 'customer')).send(send);
    await cloud.pump();
    expect(await seen(cloud, 'aws:sqs')).toBe(0);
    expect(denied().join()).toContain('sqs:ReceiveMessage');
    const receive = new ReceiveMessageCommand({ QueueUrl: cloud.outputs.OrdersQueue });
    expect((await new SQSClient(reach(cloud, 'customer')).send(receive)).Messages).toHaveLength(1);
  });

  test('a schedule, a rule and a workflow do not call their function', async () => {
    const empty = (service: string) => roleFor(service);
    const { cloud, denied } = await bootWith((resources) =>
      withRole('DailyRole', empty('scheduler'))(without('RecorderPermission')(resources)),
    );
    await cloud.advanceTo('2001-01-23T06:00:00.000Z');
    expect(await seen(cloud, 'schedule')).toBe(0);
    expect(denied().join()).toMatch(/DailyRole .* lambda:InvokeFunction/);
  });

  test('the CDN does not read its bucket', async () => {
    const { cloud, denied } = await bootWith(without('PagesPolicy'));
    const s3 = new S3Client({ ...reach(cloud, 'customer'), forcePathStyle: true });
    await s3.send(new PutObjectCommand({ Bucket: cloud.outputs.PagesBucket, Key: 'index.html', Body: 'x' }));
    expect((await fetch(cloud.cdnUrl)).status).toBe(403);
    expect(denied()[0]).toMatch(/cloudfront.amazonaws.com .* s3:GetObject/);
  });
});

const vpc = {
  Vpc: { Type: 'AWS::EC2::VPC' },
  Subnet: { Type: 'AWS::EC2::Subnet' },
  Table: { Type: 'AWS::EC2::RouteTable' },
  Association: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
  },
  Group: { Type: 'AWS::EC2::SecurityGroup' },
};
const gateway = (service: string) => ({
  Type: 'AWS::EC2::VPCEndpoint',
  Properties: {
    ServiceName: `com.amazonaws.us-east-1.${service}`,
    VpcEndpointType: 'Gateway',
    RouteTableIds: [{ Ref: 'Table' }],
  },
});
const inVpc = (more: object) => (resources: Resources) => {
  const VpcConfig = { SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [{ Ref: 'Group' }] };
  return within('Recorder', { VpcConfig })({ ...resources, ...vpc, ...more } as Resources);
};

describe('a function in a VPC', () => {
  const put = (cloud: Cloud) =>
    new DynamoDBClient(reach(cloud, 'AK-recorder')).send(
      new PutItemCommand({ TableName: cloud.outputs.SeenTable, Item: { pk: { S: 'vpc' }, sk: { S: '1' } } }),
    );

  test('reaches a service that has an endpoint there, and no other, whatever its role allows', async () => {
    const { cloud, log } = await bootWith(inVpc({ Endpoint: gateway('dynamodb') }));
    await put(cloud);
    const send = new SendMessageCommand({ QueueUrl: cloud.outputs.OrdersQueue, MessageBody: 'x' });
    await expect(new SQSClient(reach(cloud, 'AK-recorder')).send(send)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(log).toContain(
      'unreachable: AK-recorder cannot reach sqs: the VPC has no endpoint for sqs in the function’s route tables',
    );
  });

  test('reaches nothing through an endpoint of other route tables', async () => {
    const elsewhere = gateway('dynamodb');
    const endpoint = { ...elsewhere, Properties: { ...elsewhere.Properties, RouteTableIds: ['other'] } };
    const { cloud } = await bootWith(inVpc({ Endpoint: endpoint }));
    await expect(put(cloud)).rejects.toThrow(/socket hang up|ECONNRESET/);
  });

  test('reaches nothing when its security group lets nothing out', async () => {
    const nowhere = { CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86 };
    const Group = { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupEgress: [nowhere] } };
    const { cloud } = await bootWith(inVpc({ Endpoint: gateway('dynamodb'), Group }));
    await expect(put(cloud)).rejects.toThrow(/socket hang up|ECONNRESET/);
  });
});
