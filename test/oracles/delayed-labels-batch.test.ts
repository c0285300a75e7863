import { afterAll, describe, expect, it } from 'vitest';
import type { BatchModel } from '../../shared/domain/ground-truth/batch/batch-model.ts';
import type { DayMetrics } from '../../shared/domain/ground-truth/batch/metric-rows.ts';
import { toInstant } from '../../shared/domain/time.ts';
import { type RawOutcome, type RawPrediction, startBatchEngine } from '../support/batch-engine.ts';
import { Comparison } from './compare.ts';
import { byWindow, hasOracles, type Json, readCsv, readJson, type Table } from './data.ts';
import { binaryFigures, regressionFigures } from './performance-figures.ts';

// How the oracles' rules become ours. They know no attribution window, so it is longer than any delay. What they observe
// before its prediction is observed with it, and arrives when they say. They ignore an event id that was seen; ours is
// a repetition that says the same later. Of one moment their last stands and our first by position, so positions of one
// moment run backwards.

const datasets = ['elec2', 'bank', 'bike'] as const;
const scores = ['a', 'b'] as const;
const endlessMinutes = 2_000 * 1_440;
const seconds = 1_000;

const engine = hasOracles ? await startBatchEngine() : undefined;
afterAll(() => engine?.stop());

function modelsOf(kind: 'binary' | 'numeric'): readonly BatchModel[] {
  const type = { name: 'label', kind, attributionWindowMinutes: endlessMinutes, provenance: 'exact' } as const;
  return scores.map((modelId) => ({ modelId, outcomeTypes: [type] }));
}

function rawPredictions(rows: Table): readonly RawPrediction[] {
  return scores.flatMap((modelId) =>
    rows.map((row, i) => {
      const at = Number(row.ts) * seconds;
      const predictedAt = toInstant(at);
      const score = Number(row[`score_${modelId}`]);
      const position = `shard#${String(i).padStart(8, '0')}`;
      return {
        modelId,
        predictionId: row.prediction_id!,
        modelVersion: 1,
        predictedAt,
        score,
        features: {},
        arrivedAt: at,
        position,
      };
    }),
  );
}

function rawOutcomes(rows: Table, predictedAt: ReadonlyMap<string, number>): readonly RawOutcome[] {
  return scores.flatMap((modelId) =>
    rows.map((row, i) => {
      const arrivedAt = Number(row.observed_at) * seconds;
      const made = predictedAt.get(row.prediction_id!);
      const observedAt = toInstant(Math.max(arrivedAt, made ?? 0));
      const position = `shard#${String(rows.length - i).padStart(8, '0')}`;
      const when = made === undefined || i % 2 === 0 ? {} : { predictedAt: toInstant(made) };
      return {
        modelId,
        predictionId: row.prediction_id!,
        ...when,
        observedAt,
        label: Number(row.label),
        arrivedAt,
        position,
      };
    }),
  );
}

/** The figures that follow from sums. */
function summed(metrics: readonly DayMetrics[], modelId: string) {
  const { predictions, performance } = metrics.find((each) => each.modelId === modelId)!.day;
  const { n } = performance;
  if (performance.kind === 'regression') {
    const { sumError, sumAbsoluteError, sumSquaredError } = performance;
    return { predictions, n, rmse: Math.sqrt(sumSquaredError / n), mae: sumAbsoluteError / n, bias: sumError / n };
  }
  const { positives, correct, sumSquaredError, sumLogLoss } = performance;
  return { predictions, n, positives, accuracy: correct / n, brier: sumSquaredError / n, logLoss: sumLogLoss / n };
}

async function joinedAt(models: readonly BatchModel[], rows: Table, watermark: number) {
  const times = rows.map(({ ts }) => Number(ts) * seconds);
  const [from, to] = [Math.min(...times), Math.max(...times) + 1];
  const metrics = await engine!.join({ models, from, to, cutoff: watermark * seconds + 1 }, to - from);
  return { metrics, rows: (await engine!.rows()).filter(({ status }) => status === 'attributed') };
}

describe.skipIf(!hasOracles)('delayed labels through the batch join', () => {
  it.each(datasets)('of %s are those of the oracle at every watermark', async (dataset) => {
    const { task, delayed } = readJson(`${dataset}/oracle.json`);
    const all = readCsv(`${dataset}/predictions.csv.gz`);
    const outcomes = readCsv(`${dataset}/outcomes.csv.gz`);
    const predictedAt = new Map(all.map((row) => [row.prediction_id!, Number(row.ts) * seconds]));
    const models = modelsOf(task === 'binary' ? 'binary' : 'numeric');
    await engine!.load(models, { predictions: rawPredictions(all), outcomes: rawOutcomes(outcomes, predictedAt) });
    const last = Math.max(...outcomes.map((row) => Number(row.observed_at)));
    const windows = byWindow(all);
    const comparison = new Comparison(`${dataset} delayed, batch`);
    const figures = task === 'binary' ? binaryFigures : regressionFigures;
    for (const [window, watermarks] of Object.entries<Json>(delayed.windows)) {
      for (const { streamStats: _, ...expected } of watermarks) {
        const joined = await joinedAt(models, windows.get(window)!, Math.min(expected.watermarkTs, last));
        const byModel = Map.groupBy(joined.rows, (row) => row.model_id);
        const of = (model: string) => byModel.get(model)!;
        const figuresOf = (model: string) =>
          figures(
            of(model).map((row) => row.label!),
            of(model).map((row) => row.score),
          );
        const predictions = windows.get(window)!.length;
        const matured = of('a').length;
        comparison.case(`${window}.${expected.watermark}`, expected, {
          predictions,
          matured,
          pending: predictions - matured,
          coverage: matured / predictions,
          a: figuresOf('a'),
          b: figuresOf('b'),
        });
        for (const model of scores) {
          const sums = summed(joined.metrics, model);
          comparison.case(
            `${window}.${expected.watermark}.${model}`,
            {
              ...Object.fromEntries(Object.keys(sums).map((name) => [name, expected[model][name]])),
              predictions: expected.predictions,
            },
            sums,
          );
        }
      }
    }
    comparison.finish();
    expect(comparison.tally.cases).toBeGreaterThanOrEqual(3 * 16);
  });
});
