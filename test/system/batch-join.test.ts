import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoBatchResults } from '../../shared/adapters/dynamodb/dynamo-batch-results.ts';
import { decodePerformanceHour } from '../../shared/domain/ground-truth/aggregate-codec.ts';
import { boot, type Running, withPatientGraph } from '../e2e/boot.ts';
import { definitionOf, outcomesOf, predictionsOf, versionOf } from '../mutation/model-life.ts';

// The batch join of the embedded cloud: schedule, workflow, Athena, files and table, under the template's permissions.

const start = '2001-01-22T00:55:00.000Z';
const modelId = 'late-batch';
const day = '2001-01-22';
let running: Running;
let client: DynamoDBDocumentClient;

beforeAll(async () => {
  running = await boot(start, { templateTransform: withPatientGraph });
  const environment = running.cloud.sdkEnvironment();
  const credentials = { accessKeyId: environment.AWS_ACCESS_KEY_ID!, secretAccessKey: 'local' };
  const endpoint = environment.AWS_ENDPOINT_URL_DYNAMODB!;
  client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: environment.AWS_REGION!, credentials }));
});
afterAll(async () => {
  client?.destroy();
  await running?.end();
});

async function joined() {
  const results = createDynamoBatchResults({ client, tableName: running.cloud.outputs.GroundTruthTableName! });
  const runId = (await results.runs(day, day)).get(day);
  if (runId === undefined) return undefined;
  const hours = await results.hours({ modelId, versions: '1', day, runId });
  const days = await results.days({ modelId, versions: '1', first: day, last: day });
  const points = hours.flatMap(({ data }) => decodePerformanceHour(data));
  const daily = days.filter((each) => each.runId === runId).flatMap(({ data }) => decodePerformanceHour(data));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const figures = (of: typeof points) => ({
    predictions: sum(of.map(({ predictions }) => predictions)),
    n: sum(of.map(({ performance }) => performance.n)),
  });
  return { runId, hours: figures(points), days: figures(daily) };
}

/** Exit code of the command, while time goes on. */
async function backfilled(): Promise<number | null> {
  const { apiUrl } = running.cloud;
  const command = spawn(process.execPath, ['scripts/backfill.ts', '--from', day, '--to', day, '--local', apiUrl]);
  command.stderr.pipe(process.stderr);
  const ended = once(command, 'exit');
  while (command.exitCode === null) {
    await running.later(1);
    await delay(200);
  }
  const [code] = (await ended) as [number | null];
  return code;
}

describe('the batch join', () => {
  it('joins a day, and restates it when labels come late', { timeout: 240_000 }, async () => {
    const { customer, later, log } = running;
    const definition = { ...definitionOf(modelId), attributionWindowMinutes: 1_380 };
    await customer.succeed('POST', '/v1/models', definition);
    await customer.succeed(
      'POST',
      `/v1/models/${modelId}/versions`,
      await versionOf(customer, modelId, 'first', Date.parse(start)),
    );
    await customer.succeed('POST', `/v1/models/${modelId}/versions/1/deployment`, {});
    await later(1);
    const predictions = predictionsOf(modelId, 60, running.now());
    await customer.succeed('POST', '/v1/predictions', { predictions });
    await customer.succeed('POST', '/v1/outcomes', { outcomes: outcomesOf(predictions.slice(0, 40)) });
    expect(await joined()).toBeUndefined();
    // The day is over and its window has closed by an hour before the second run.
    await later(48 * 60 + 5);
    const first = await joined();
    expect(first).toMatchObject({ hours: { predictions: 60, n: 40 }, days: { predictions: 60, n: 40 } });
    await customer.succeed('POST', '/v1/outcomes', { outcomes: outcomesOf(predictions.slice(40)) });
    await later(24 * 60 + 5);
    const second = await joined();
    expect(second).toMatchObject({ hours: { predictions: 60, n: 60 }, days: { predictions: 60, n: 60 } });
    expect(second?.runId).not.toBe(first?.runId);
    expect(await backfilled()).toBe(0);
    const third = await joined();
    expect(third?.runId).toMatch(`backfill-${day}-${day}-`);
    expect(third).toMatchObject({ hours: { predictions: 60, n: 60 } });
    expect(log.filter((line) => line.startsWith('denied:'))).toEqual([]);
  });
});
