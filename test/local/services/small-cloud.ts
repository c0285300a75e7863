import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { createClock } from '../../../local/clock.ts';
import { startDynamo } from '../../../local/engines/dynamo.ts';
import { startKinesis } from '../../../local/engines/kinesis.ts';
import { createDynamoMapping } from '../../../local/event-sources/dynamo-mapping.ts';
import { createKinesisMapping } from '../../../local/event-sources/kinesis-mapping.ts';
import { createSqsMapping } from '../../../local/event-sources/sqs-mapping.ts';
import { openJournal } from '../../../local/journal.ts';
import { createPump } from '../../../local/pump.ts';
import { createDeliveries } from '../../../local/services/deliveries.ts';
import { createScheduler } from '../../../local/services/scheduler.ts';
import { createSqs } from '../../../local/services/sqs.ts';
import type { Functions, ResolvedResource } from '../../../local/types.ts';

const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;
const queueArn = arn('sqs', 'Work');
const streamArn = arn('kinesis', 'stream/Events');
const tableStreamArn = arn('dynamodb', 'table/Events/stream/2001');
export const cloudStart = Date.parse('2001-01-01T00:00:00Z');

function resource(type: string, name: string, arn: string, properties: object): ResolvedResource {
  return { logicalId: name, type, physicalName: name, arn, properties: { ...properties } };
}

function mapping(functionName: string, EventSourceArn: string): ResolvedResource {
  const properties = { FunctionName: functionName, EventSourceArn, BatchSize: 1 };
  return resource('AWS::Lambda::EventSourceMapping', `${functionName}-mapping`, '', properties);
}

const schedule = resource('AWS::Scheduler::Schedule', 'Scan', arn('scheduler', 'schedule/default/Scan'), {
  ScheduleExpression: 'rate(5 minutes)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: arn('lambda', 'function:scheduled'), RoleArn: 'role', Input: '"<aws.scheduler.scheduled-time>"' },
});

/** All sources of asynchronous work on one data directory: each feeds a function of its own. */
export async function bootSmallCloud(dataDir: string, functions: Functions) {
  const journal = openJournal(`${dataDir}/journal.db`);
  const clock = createClock(journal, { mode: 'virtual', start: cloudStart });
  const [dynamo, kinesis] = await Promise.all([startDynamo({ dataDir }), startKinesis({ dataDir })]);
  await kinesis.ensureStream('Events', 1);
  const time = { journal, clock, functions };
  const queues = [resource('AWS::SQS::Queue', 'Work', queueArn, { VisibilityTimeout: 60 })];
  const sqs = createSqs({ ...time, queues, endpoint: () => '' });
  const deliveries = createDeliveries({ ...time, sendToQueue: sqs.send, guard: () => undefined, roleOf: () => 'role' });
  const onFailure = { sendToQueue: sqs.send, putObject: async () => undefined };
  const fromStream = { ...time, mapping: mapping('from-stream', streamArn), endpoint: kinesis.endpoint, onFailure };
  const fromTable = { ...time, mapping: mapping('from-table', tableStreamArn), endpoint: dynamo.endpoint, onFailure };
  const sources = [
    createScheduler({ ...time, schedules: [schedule], deliveries }),
    deliveries,
    createKinesisMapping({ ...fromStream, changes: kinesis.puts }),
    createDynamoMapping(fromTable),
    ...createSqsMapping({ ...time, mapping: mapping('from-queue', queueArn), sqs }),
    sqs,
  ];
  const pump = createPump({ clock, sources, idleProbes: [], log: console.error });
  return { clock, dynamo, kinesis, pump, putWork: () => putWork(dynamo.endpoint, kinesis.endpoint, sqs.send) };

  async function putWork(dynamoEndpoint: string, kinesisEndpoint: string, send: typeof sqs.send): Promise<void> {
    const common = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    const table = new DynamoDBClient({ ...common, endpoint: dynamoEndpoint });
    const stream = new KinesisClient({ ...common, endpoint: kinesisEndpoint });
    await table.send(
      new CreateTableCommand({
        TableName: 'Events',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    );
    for (const text of ['1', '2', '3']) {
      await stream.send(new PutRecordCommand({ StreamName: 'Events', PartitionKey: 'k', Data: Buffer.from(text) }));
      await table.send(new PutItemCommand({ TableName: 'Events', Item: { pk: { S: text } } }));
      send(queueArn, text);
    }
  }
}
