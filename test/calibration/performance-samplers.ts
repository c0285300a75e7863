import type {
  BinaryPerformance,
  Performance,
  RegressionPerformance,
} from '../../shared/domain/ground-truth/aggregates.ts';
import { scoreBins } from '../../shared/domain/ground-truth/aggregates.ts';
import { mergeForJudging } from '../../shared/domain/ground-truth/performance.ts';
import { judgePerformance } from '../../shared/domain/health/judge-performance.ts';
import { performanceTests } from '../../shared/domain/health/performance-tests.ts';
import { defaultPolicy } from '../../shared/domain/registry/policy.ts';
import type { Draws } from './random.ts';
import type { Sample } from './shift-samplers.ts';
import type { DependenceName } from './streams.ts';
import { longAlpha } from './typical-team.ts';

export const metricNames = {
  AUC: 'auc',
  'log-loss skill': 'logLossSkill',
  'calibration bias': 'calibrationBias',
  RMSE: 'rmse',
} as const;

const days = { reference: 30, current: 8 } as const;
/** Of the label rate or the error's variance, relative, from day to day; normal. */
const dayDeviation = 0.2;
const policy = defaultPolicy(2);
/** Scores take these values, so that a day is a few binomial numbers whatever its size. */
const scores = Array.from({ length: 12 }, (_, i) => (i + 0.5) / 24);
const scoreShares = scores.map(
  (score) => scoreWeight(score) / scores.reduce((sum, each) => sum + scoreWeight(each), 0),
);

/** Eight days against thirty of the same model, labels as the scores say. */
export function performanceSampler(
  detector: keyof typeof metricNames,
  { draws, dependence, n }: { readonly draws: Draws; readonly dependence: DependenceName; readonly n: number },
): () => Sample {
  const deviation = dependence === 'independent' ? 0 : dayDeviation;
  const day = detector === 'RMSE' ? regressionDay : binaryDay;
  const take = (count: number): readonly Performance[] =>
    Array.from({ length: count }, (_, i) => {
      const rows = Math.floor(((i + 1) * n) / days.current) - Math.floor((i * n) / days.current);
      return day(draws, rows, Math.max(0.01, 1 + deviation * draws.normal()));
    });
  // As the signal does, whatever the metric.
  if (n < policy.minimumRows) return () => ({ pValue: null, isBreach: false, isAbstention: true });
  return () => {
    const baseline = mergeForJudging(take(days.reference))!;
    const blocks = take(days.current);
    const current = mergeForJudging(blocks)!;
    const test = performanceTests(policy, current, baseline).find(({ name }) => name === metricNames[detector])!;
    const judged = judgePerformance(test, { performance: current, blocks, baseline }, longAlpha);
    return {
      pValue: judged.evidence,
      isBreach: judged.verdict === 'breach',
      isAbstention: judged.verdict === 'insufficient-data',
    };
  };
}

function scoreWeight(score: number): number {
  return score * (1 - score) ** 3;
}

function binaryDay(draws: Draws, rows: number, effect: number): BinaryPerformance {
  const counts = new Float64Array(scores.length);
  draws.multinomial(rows, scoreShares, counts);
  const [positiveScores, negativeScores] = [new Float64Array(scoreBins), new Float64Array(scoreBins)];
  const sums = { n: rows, positives: 0, sumScore: 0, sumLogLoss: 0, sumSquaredError: 0, correct: 0 };
  for (const [i, score] of scores.entries()) {
    const all = counts[i]!;
    const positives = draws.binomial(all, Math.min(1, score * effect));
    const bin = Math.floor(score * scoreBins);
    positiveScores[bin]! += positives;
    negativeScores[bin]! += all - positives;
    sums.positives += positives;
    sums.sumScore += all * score;
    sums.sumLogLoss -= positives * Math.log(score) + (all - positives) * Math.log(1 - score);
    sums.sumSquaredError += positives * (1 - score) ** 2 + (all - positives) * score ** 2;
    sums.correct += score >= 0.5 ? positives : all - positives;
  }
  return { kind: 'binary', ...sums, positiveScores, negativeScores };
}

/** Only the sum of squares counts; of normal errors it is χ², drawn as twice a gamma. */
function regressionDay(draws: Draws, rows: number, effect: number): RegressionPerformance {
  const sumSquaredError = rows === 0 ? 0 : effect * 2 * gamma(draws, rows / 2);
  const unused = { sumError: 0, sumAbsoluteError: 0, sumLabel: 0, sumSquaredLabel: 0 };
  return { kind: 'regression', n: rows, sumSquaredError, ...unused };
}

/** Marsaglia & Tsang 2000; shape ≥ ½ (below 1 by one more uniform number). */
function gamma(draws: Draws, shape: number): number {
  if (shape < 1) return gamma(draws, shape + 1) * draws.uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = draws.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(draws.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
