import { parseArgs } from 'node:util';
import { ScanCommand, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEmbeddingStabilityStore } from '../../shared/adapters/dynamodb/dynamo-embedding-stability-store.ts';
import { createDynamoEvaluationStore } from '../../shared/adapters/dynamodb/dynamo-evaluation-store.ts';
import { createGatheringEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createRememberedGroundTruthMetrics } from '../../shared/adapters/dynamodb/dynamo-ground-truth-metrics.ts';
import { createMemoryScanQueue } from '../../shared/adapters/memory/memory-scan-queue.ts';
import { dayMillis, hourMillis, minuteMillis, toInstant, toMillis } from '../../shared/domain/time.ts';
import { createEvaluatedVersions } from '../../shared/use-cases/health/evaluated-versions.ts';
import { scanModels, scanShard } from '../../shared/use-cases/health/scan-models.ts';
import { eventsTable, startDynoxide } from '../contracts/dynoxide.ts';
import { healthTable } from '../contracts/evaluation-store.health-table.ts';
import { groundTruthTable } from '../contracts/join-buffer.table.ts';
import { seedFleet } from '../support/seed-fleet.ts';
import { countBytes } from './count-bytes.ts';

// How fast models are evaluated: `npm run bench:scan`. Prints, asserts nothing; see docs/benchmarks.md.

const { values } = parseArgs({
  options: { models: { type: 'string', default: '500' }, 'every-hours': { type: 'string', default: '1' } },
});
const models = Number(values.models);
const everyHours = Number(values['every-hours']);
const seededAt = '2001-02-01T12:02:00.000Z';

const engine = await startDynoxide();
const tables = { events: 'Events', health: 'Health', groundTruth: 'GroundTruth' };
await engine.createTable(eventsTable(tables.events));
await engine.createTable(healthTable(tables.health));
await engine.createTable({ ...groundTruthTable, TableName: tables.groundTruth });

const { client } = engine;
const received = countBytes(client);
const health = { client, tableName: tables.health };
const events = createGatheringEventStore({ client, tableName: tables.events });
const ports = {
  events,
  metrics: createRememberedGroundTruthMetrics({ client, tableName: tables.groundTruth }, 600_000_000),
  versions: createEvaluatedVersions(events, createDynamoBaselineStore(health), {
    stabilities: createDynamoEmbeddingStabilityStore(health),
  }),
  evaluations: createDynamoEvaluationStore(health),
};

async function measured(name: string, count: number, work: () => Promise<unknown>): Promise<void> {
  const [startedAt, cpu, bytes, calls] = [performance.now(), process.cpuUsage(), received.bytes, received.calls];
  await work();
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const each = (value: number, digits: number) => (value / count).toFixed(digits);
  const rate = Math.round(count / seconds).toLocaleString('en');
  console.log(
    `${name}: ${seconds.toFixed(2)} s, ${rate}/s, ${each((user + system) / 1_000, 2)} ms of processor time, ` +
      `${each((received.bytes - bytes) / 1_000, 1)} KB and ${each(received.calls - calls, 1)} calls each`,
  );
}

/** One tick, and the shards it hands over, one after another as one invocation takes them. */
async function scan(now: string): Promise<void> {
  const queue = createMemoryScanQueue();
  const onFailure = (modelId: string, error: unknown) => console.error(modelId, error);
  await scanModels(ports, { now, queue, onFailure });
  for (const shard of queue.shards) await scanShard(ports, shard, { onFailure });
}

/** What nobody can do without: every aggregate of the last week, read and parsed, and nothing made of it. */
async function bareRead(): Promise<void> {
  let start: Record<string, unknown> | undefined;
  do {
    const page: ScanCommandOutput = await client.send(
      new ScanCommand({ TableName: tables.groundTruth, ...(start && { ExclusiveStartKey: start }) }),
    );
    for (const { data } of page.Items ?? [])
      if (data instanceof Uint8Array && data[0] === 0) JSON.parse(Buffer.from(data.subarray(1)).toString());
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

const history = { days: 7, everyHours, rowsPerHour: 24 };
const environment = { AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint, AWS_ENDPOINT_URL_S3: engine.endpoint };
const outputs = {
  EventsTableName: tables.events,
  HealthTableName: tables.health,
  GroundTruthTableName: tables.groundTruth,
};
const startedAt = performance.now();
await seedFleet({ outputs, environment }, { models, now: seededAt, history });
const inSeconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
console.log(
  `${models} models of 10 features, traffic in one hour of ${everyHours} for a week; seeded in ${inSeconds} s`,
);

const after = (minutes: number) => toInstant(toMillis(seededAt) + minutes * minuteMillis);
await measured('baseline: the week of aggregates read page by page and parsed', models, bareRead);
await measured('first scan, nothing remembered', models, () => scan(after(0)));
await measured('scan in the same hour', models, () => scan(after(45)));
await measured('scan in the next hour', models, () => scan(after(45 + hourMillis / minuteMillis)));
await measured('scan on the next day', models, () => scan(after(dayMillis / minuteMillis)));
const rows = () => Promise.all([ports.events.rows('models'), ports.evaluations.rows()]);
await measured('the rows of the fleet, read and parsed', models, rows);
await engine.stop();
