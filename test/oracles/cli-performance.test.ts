import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { runJson } from '../support/run-cli.ts';
import { Comparison } from './compare.ts';
import { hasOracles, type Json, readJson } from './data.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url));

/** The oracles' names for what the command calls otherwise. */
const binaryNames = { auc: 'rocAuc', ece: 'ece10', mce: 'mce10' };
const regressionNames = { mape: 'mapeNonZero' };

const datasets = [
  { dataset: 'elec2', files: '', model: 'a', score: 'score_a' },
  { dataset: 'bank', files: '', model: 'b', score: 'score_b' },
  { dataset: 'bike', files: '', model: 'a', score: 'score_a' },
  { dataset: 'movietweetings', files: 'rating_', model: 'model', score: 'score' },
];

describe.skipIf(!hasOracles)('the performance command agrees with the oracles of delayed outcomes', () => {
  it.each(datasets)('of $dataset, model $model', async ({ dataset, files, model, score }) => {
    const { task = 'regression', delayed } = readJson(`${dataset}/oracle.json`);
    const isBinary = task === 'binary';
    const comparison = new Comparison(`${dataset}, runway performance`);
    const names: Readonly<Record<string, string>> = isBinary ? binaryNames : regressionNames;
    const predictionFile = pathOf(`${dataset}/${files}predictions.csv.gz`);
    const outcomeFile = pathOf(`${dataset}/${files}outcomes.csv.gz`);
    for (const [window, watermarks] of Object.entries<Json>(delayed.windows)) {
      for (const expected of watermarks) {
        const { join, coverage, metrics } = await runJson(
          'performance',
          `--task=${isBinary ? 'binary' : 'regression'}`,
          `--score-column=${score}`,
          `--predictions=${predictionFile}`,
          `--outcomes=${outcomeFile}`,
          `--window=${window}`,
          `--as-of=${expected.watermarkTs}`,
        );
        const { predictions, matured, streamStats } = expected;
        comparison.case(
          `${window}.${expected.watermark}`,
          {
            join: {
              predictions,
              attributed: matured,
              pending: predictions - matured,
              orphaned: streamStats.orphans,
              duplicates: streamStats.duplicates,
              corrections: streamStats.corrections,
            },
            coverage: expected.coverage,
            metrics: figuresOf(expected[model], metrics, names),
          },
          { join, coverage, metrics },
        );
      }
    }
    comparison.finish();
  });
});

/** Of the oracle's figures those that the command gives, under the command's names. */
function figuresOf(expected: Json, metrics: Json, names: Readonly<Record<string, string>>) {
  const given = Object.keys(metrics).filter((name) => name !== 'reasons');
  // The oracles leave rmsle out where it is not defined.
  return Object.fromEntries(given.map((name) => [name, expected[names[name] ?? name] ?? null]));
}
