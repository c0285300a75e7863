import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export type Dynoxide = {
  readonly endpoint: string;
  readonly client: DynamoDBDocumentClient;
  readonly createTable: (input: CreateTableCommandInput) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** A DynamoDB engine in memory, on a free port of the loopback interface. */
export async function startDynoxide(): Promise<Dynoxide> {
  const port = await freePort();
  const process = spawn(binary(), ['--port', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  // It says on stderr that it listens.
  await once(process.stderr, 'data');
  process.stderr.resume();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const endpoint = `http://127.0.0.1:${port}`;
  const plain = new DynamoDBClient({
    endpoint,
    region: 'eu-west-1',
    credentials,
    maxAttempts: 10,
  });
  return {
    endpoint,
    client: DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } }),
    createTable: async (input) => void (await plain.send(new CreateTableCommand(input))),
    stop: () => stop(process, plain),
  };
}

/** Keys and indexes as the state stack declares them for the events table. */
export function eventsTable(TableName: string): CreateTableCommandInput {
  const index = (n: 1 | 2) => ({
    IndexName: `byList${n}`,
    KeySchema: [
      { AttributeName: `list${n}`, KeyType: 'HASH' as const },
      { AttributeName: `sort${n}`, KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'ALL' as const },
  });
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'list1', 'sort1', 'list2', 'sort2', 'rowList'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      index(1),
      index(2),
      {
        IndexName: 'byRow',
        KeySchema: [
          { AttributeName: 'rowList', KeyType: 'HASH' },
          { AttributeName: 'pk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['row'] },
      },
    ],
  };
}

/** A table with a partition key only. */
export function keyedTable(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  };
}

function binary(): string {
  return createRequire(import.meta.url).resolve(`@dynoxide/${process.platform}-${process.arch}/dynoxide`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function stop(process: ChildProcess, client: DynamoDBClient): Promise<void> {
  client.destroy();
  const exited = once(process, 'exit');
  process.kill();
  await exited;
}
