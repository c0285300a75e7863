import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Fault } from '../../local/edge/edge.ts';
import { ServiceError } from '../../local/types.ts';
import { connect } from '../../scripts/redrive/deployment.ts';
import { redriveBatches } from '../../scripts/redrive/redrive-batches.ts';
import { createKinesisEventStream } from '../../shared/adapters/kinesis/kinesis-event-stream.ts';
import { bucketOf, pack, partitionKeyOf, type WireEvent } from '../../shared/domain/ground-truth/wire-format.ts';
import { boot, statusOf } from '../e2e/boot.ts';
import { outcome, prediction, registeredAt, serve } from '../e2e/late-basic.ts';

/** The archive's batches wait five minutes. */
export const archiveMinutes = 6;
const writer = 'flights/tests';

export const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
export const predicted = (predictionId: string) => ({
  kind: 'prediction' as const,
  record: prediction({ predictionId }),
});
export const observed = (predictionId: string) => ({ kind: 'outcome' as const, record: outcome({ predictionId }) });

/** Services that fail while it says so. */
export function refusal(code: string, status = 400): ServiceError {
  return new ServiceError(code, 'made to fail by a test', status);
}

export type Drill = Awaited<ReturnType<typeof bootDrill>>;

/** The whole cloud with a model that serves, and services that can be made to fail. */
export async function bootDrill({ buckets = 1 } = {}) {
  let fault: Fault | undefined;
  const running = await boot(registeredAt, { fault: (...call) => fault?.(...call) });
  const { cloud, customer, dataDir, later } = running;
  await serve(running, 'late-basic', { buckets });
  const { key } = await customer.succeed('POST', '/v1/writers', { writer, scopes: ['predictions', 'outcomes'] });
  await later(20);
  const { outputs } = await statusWithOutputs(cloud.apiUrl);
  const connection = connect({ outputs, environment: cloud.sdkEnvironment() });
  const stream = createKinesisEventStream({ client: connection.kinesis, streamName: connection.streamName });

  function recordOf(event: WireEvent & { readonly record: { readonly predictionId: string } }) {
    const bucket = bucketOf(event.record.predictionId, buckets);
    const [data] = pack([event], { writer, key: String(key), modelId: 'late-basic', bucket });
    return { partitionKey: partitionKeyOf('late-basic', bucket), data: data ?? new Uint8Array() };
  }

  /** Ids in the raw archive, with how often each is there. */
  async function archived(kind: 'predictions' | 'outcomes'): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    const at = { Bucket: outputs.GroundTruthBucketName, Prefix: `raw/${kind}/` };
    for await (const page of paginateListObjectsV2({ client: connection.s3 }, at))
      for (const { Key } of page.Contents ?? []) {
        const { Body } = await connection.s3.send(new GetObjectCommand({ Bucket: at.Bucket, Key }));
        const file = Uint8Array.from((await Body?.transformToByteArray()) ?? []).buffer;
        for (const { prediction_id: id } of await parquetReadObjects({ file, compressors, columns: ['prediction_id'] }))
          counts.set(String(id), (counts.get(String(id)) ?? 0) + 1);
      }
    return counts;
  }

  return {
    ...running,
    outputs,
    recordOf,
    archived,
    put: (records: Parameters<typeof stream.put>[0]) => stream.put(records),
    /** From now on; undefined mends all. */
    breakWith(made: Fault | undefined): void {
      fault = made;
    },
    /** Batches that a consumer gave up. */
    async givenUp(queue: 'JoinFailures' | 'ArchiveFailures'): Promise<number> {
      const { queues } = await statusOf(running);
      const [, depth] = Object.entries(queues).find(([name]) => name.includes(queue)) ?? [];
      if (depth === undefined) throw new Error(`no queue ${queue} among ${Object.keys(queues)}`);
      return depth.visible + depth.inFlight;
    },
    redrive: (queue: 'JoinFailuresQueueUrl' | 'ArchiveFailuresQueueUrl') => redriveBatches(connection, outputs[queue]),
    /** Sum of a metric over all that functions wrote. */
    metric: (name: string) => sumInLogs(path.join(dataDir, 'logs'), name),
    async alarming(): Promise<readonly string[]> {
      const answer = await fetch(`${cloud.apiUrl}/_local/alarms`);
      const { alarms } = (await answer.json()) as { alarms: { description: string; state: string }[] };
      return alarms
        .filter(({ state }) => state === 'ALARM')
        .map(({ description }) => description.split(':')[0] ?? '')
        .toSorted();
    },
    async end(): Promise<void> {
      connection.close();
      await running.end();
    },
  };
}

type Outputs = Parameters<typeof connect>[0]['outputs'] & { readonly GroundTruthBucketName: string };

async function statusWithOutputs(apiUrl: string): Promise<{ readonly outputs: Outputs }> {
  return (await (await fetch(`${apiUrl}/_local/status`)).json()) as { readonly outputs: Outputs };
}

function sumInLogs(directory: string, metric: string): number {
  const values = readdirSync(directory).flatMap((file) =>
    [...readFileSync(path.join(directory, file), 'utf8').matchAll(new RegExp(`"${metric}":(\\d+)`, 'g'))].map(
      ([, value]) => Number(value),
    ),
  );
  return values.reduce((sum, value) => sum + value, 0);
}
