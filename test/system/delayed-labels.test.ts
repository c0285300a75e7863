import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boot, type Running, withPatientGraph } from '../e2e/boot.ts';
import { definitionOf, versionOf } from '../mutation/model-life.ts';
import { hasOracles } from '../oracles/data.ts';
import { type Checkpoint, type DelayedLabels, delayedLabels } from './delayed-labels.ts';

// Real labels that arrive late, twice, corrected, before their prediction or never, over the stream of the embedded
// cloud: at each watermark, what is joined is what the public oracles say.

const start = '2001-01-22T00:55:00.000Z';
const datasets = ['elec2', 'bank', 'bike'] as const;
const scores = ['a', 'b'] as const;
let running: Running;
let key = '';
beforeAll(async () => {
  if (!hasOracles) return;
  running = await boot(start, { templateTransform: withPatientGraph });
  key = String(
    (
      await running.customer.succeed('POST', '/v1/writers', {
        writer: 'flights/tests',
        scopes: ['predictions', 'outcomes'],
      })
    ).key,
  );
});
afterAll(() => running?.end());

async function register({ modelId, taskType }: DelayedLabels): Promise<void> {
  const { customer } = running;
  const model = `/v1/models/${modelId}`;
  const definition = { ...definitionOf(modelId), taskType, tier: 4, attributionWindowMinutes: 129_600 };
  await customer.succeed('POST', '/v1/models', definition);
  await customer.succeed('POST', `${model}/versions`, await versionOf(customer, modelId, 'first', Date.parse(start)));
  await customer.succeed('POST', `${model}/versions/1/deployment`, {});
}

async function joined({ modelId, windows }: DelayedLabels, window: string) {
  const { from, to } = windows.get(window)!;
  const query = `version=1&bucket=all&from=${from}&to=${to}`;
  const { points } = await running.customer.succeed('GET', `/v1/models/${modelId}/performance?${query}`);
  const [point] = points as { n: number; predictions: number; metrics: Record<string, number> }[];
  return point!;
}

function expectAgreement(point: Awaited<ReturnType<typeof joined>>, { expected, figures }: Checkpoint): void {
  expect({ predictions: point.predictions, n: point.n }).toEqual({
    predictions: expected.predictions,
    n: expected.matured,
  });
  const names = { rmse: 'rmse', mae: 'mae', bias: 'bias', brier: 'brier', logLoss: 'logLoss', accuracy: 'accuracy' };
  const compared = Object.entries({ ...names, prevalence: 'baseRate' }).filter(([name]) => figures[name] !== undefined);
  expect(compared.length).toBeGreaterThanOrEqual(3);
  for (const [name, ours] of compared) expect(point.metrics[ours], name).toBeCloseTo(figures[name]!, 8);
}

describe.skipIf(!hasOracles)('delayed labels over the stream', () => {
  it('are joined as the oracles say at every watermark', { timeout: 300_000 }, async () => {
    const all = datasets.flatMap((dataset) => scores.map((score) => delayedLabels(dataset, score, Date.parse(start))));
    for (const labels of all) await register(labels);
    const steps = all
      .flatMap((labels) => labels.checkpoints.map((checkpoint) => ({ labels, checkpoint })))
      .toSorted((a, b) => a.labels.instantOf(a.checkpoint.watermark) - b.labels.instantOf(b.checkpoint.watermark));
    const sent = new Map<string, number>();
    for (const { labels, checkpoint } of steps) {
      const { modelId } = labels;
      const events = labels.between(sent.get(modelId) ?? 0, checkpoint.watermark);
      sent.set(modelId, checkpoint.watermark);
      await running.cloud.advanceTo(new Date(labels.instantOf(checkpoint.watermark)).toISOString());
      await running.customer.stream(modelId, key, events);
      await running.later(1 / 20);
      expectAgreement(await joined(labels, checkpoint.window), checkpoint);
    }
    expect(steps).toHaveLength(120);
  });
});
