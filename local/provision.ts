import path from 'node:path';
import * as z from 'zod';
import { startDynamo } from './engines/dynamo.ts';
import type { Engine } from './engines/engine.ts';
import { createJsonClient, type JsonClient } from './engines/json-client.ts';
import { type KinesisEngine, startKinesis } from './engines/kinesis.ts';
import { createNeptune, type NeptuneEngine } from './engines/neptune.ts';
import { type S3Engine, startS3 } from './engines/s3.ts';
import { parseProperties } from './services/properties.ts';
import type { ResolvedResource } from './types.ts';

export type Engines = {
  readonly dynamo: Engine;
  readonly kinesis: KinesisEngine;
  readonly neptune: NeptuneEngine;
  readonly s3: S3Engine;
};

/** Starts what holds the data. Each engine's stop is added to `closers` as soon as it runs. */
export async function startEngines(dataDir: string, closers: (() => unknown)[]): Promise<Engines> {
  const start = async <E extends Engine>(starting: Promise<E>): Promise<E> => {
    const engine = await starting;
    closers.push(engine.stop);
    return engine;
  };
  const neptune = createNeptune({ path: path.join(dataDir, 'neptune') });
  closers.push(neptune.stop);
  const dynamo = start(startDynamo({ dataDir }));
  const kinesis = start(startKinesis({ dataDir }));
  const s3 = start(startS3({ dataDir }));
  // One that fails must not leave another behind that had not started yet.
  await Promise.allSettled([dynamo, kinesis, s3]);
  return { dynamo: await dynamo, kinesis: await kinesis, neptune, s3: await s3 };
}

const tableProperties = z.object({
  AttributeDefinitions: z.array(z.unknown()),
  KeySchema: z.array(z.unknown()),
  GlobalSecondaryIndexes: z.array(z.unknown()).optional(),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
});
const streamProperties = z.object({ ShardCount: z.number().default(1) });

/** Creates the tables, streams and buckets of the template that the engines do not hold yet. */
export async function provision(
  ofType: (type: string) => readonly ResolvedResource[],
  engines: Engines,
): Promise<void> {
  const dynamo = createJsonClient(engines.dynamo.endpoint, 'DynamoDB_20120810', 'application/x-amz-json-1.0');
  await Promise.all([
    ...ofType('AWS::DynamoDB::Table').map((table) => createTable(dynamo, table)),
    ...ofType('AWS::Kinesis::Stream').map((stream) => {
      const { ShardCount } = parseProperties(stream, streamProperties);
      return engines.kinesis.ensureStream(stream.physicalName, ShardCount);
    }),
    ...ofType('AWS::S3::Bucket').map((bucket) => createBucket(engines.s3.endpoint, bucket.physicalName)),
  ]);
}

async function createTable(dynamo: JsonClient, table: ResolvedResource): Promise<void> {
  const { StreamSpecification, ...schema } = parseProperties(table, tableProperties);
  const stream = StreamSpecification && { StreamSpecification: { ...StreamSpecification, StreamEnabled: true } };
  try {
    const BillingMode = 'PAY_PER_REQUEST';
    await dynamo('CreateTable', { TableName: table.physicalName, BillingMode, ...schema, ...stream });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceInUseException') throw error;
  }
}

async function createBucket(endpoint: string, name: string): Promise<void> {
  const response = await fetch(`${endpoint}/${name}`, { method: 'PUT' });
  if (!response.ok && response.status !== 409) throw new Error(`bucket ${name}: ${await response.text()}`);
}

/** Writes objects for the services themselves. */
export function putObject(s3: Engine) {
  return async (bucket: string, key: string, body: string): Promise<void> => {
    const path = key.split('/').map(encodeURIComponent).join('/');
    const response = await fetch(`${s3.endpoint}/${bucket}/${path}`, { method: 'PUT', body });
    if (!response.ok) throw new Error(`object ${key} in ${bucket}: ${await response.text()}`);
  };
}
