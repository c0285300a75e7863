import type { Performance } from '../ground-truth/aggregates.ts';
import { mergeForJudging } from '../ground-truth/performance.ts';
import { pValueText } from './figures.ts';
import type { Comparison, PerformanceTest } from './performance-tests.ts';
import { rowVariance } from './row-variance.ts';
import { limitsOf } from './severity.ts';
import type { JudgedPart } from './signal.ts';
import { effectSpread } from './verdict/effect-spread.ts';
import { judgeDegradation } from './verdict/judge-degradation.ts';

type Rows = {
  /** Of the window, and the same by day, in the order of time. */
  readonly performance: Performance;
  readonly blocks: readonly Performance[];
  readonly baseline: Performance | undefined;
};

/**
 * One test on the rows of the window, with the evidence of its day blocks. The baseline is known by its sums only, so
 * that its own uncertainty is taken from the window's.
 */
export function judgePerformance(test: PerformanceTest, rows: Rows, alpha: number): JudgedPart {
  const { performance, blocks, baseline } = rows;
  const value = test.metric(performance);
  const { comparison } = test;
  if (value === null) return insufficient(test, value, 'all labels of the window are equal');
  if (comparison === undefined) return insufficient(test, value, 'the baseline has nothing to compare with');
  const ofRows = rowVariance(test.name, performance);
  const spread = effectSpread(
    {
      blocks,
      merge: mergeDays,
      statistic: (part) => shiftOf(comparison, test.metric(part)),
    },
    ofRows,
  );
  if ('reason' in spread) return insufficient(test, value, spread.reason);
  const { limit, alternative, sentence, isAgainstBaseline } = comparison;
  const effect = comparison.shift(value);
  const { degreesOfFreedom, variance } = spread;
  const n = performance.n;
  const reference = isAgainstBaseline && baseline !== undefined ? baselineVariance(test, baseline, variance * n) : 0;
  const judged = judgeDegradation({
    effect,
    alternative,
    limits: limitsOf(limit),
    alpha,
    degreesOfFreedom,
    n,
    variance: { reference, current: variance },
    blocks: blocks.length,
  });
  const { verdict, pValue, interval, nNeeded, lacking } = judged;
  const figures = `${sentence(value)}, ${pValueText(pValue)} over ${blocks.length} day ${blocks.length === 1 ? 'block' : 'blocks'})`;
  return {
    name: test.name,
    value,
    reference: test.reference,
    evidence: pValue,
    score: verdict === 'insufficient-data' ? null : judged.score,
    effect: (alternative === 'greater' ? effect : Math.abs(effect)) / limit,
    verdict,
    reason: lacking === undefined ? figures : `${figures}: ${lacking}`,
    interval,
    n,
    nNeeded,
    ...(ofRows !== null && ofRows > 0 && { designEffect: variance / ofRows }),
    blocks: { reference: 0, current: blocks.length },
    alpha,
  };
}

function mergeDays(left: Performance, right: Performance): Performance {
  return mergeForJudging([left, right])!;
}

/** Its days are not known: it varies as rows do, and per row no less than the window does. */
function baselineVariance(test: PerformanceTest, baseline: Performance, variancePerRow: number): number {
  return Math.max(rowVariance(test.name, baseline) ?? 0, baseline.n === 0 ? 0 : variancePerRow / baseline.n);
}

function shiftOf(comparison: Comparison, metric: number | null): number | null {
  return metric === null ? null : comparison.shift(metric);
}

function insufficient(test: PerformanceTest, value: number | null, why: string): JudgedPart {
  const nothing = { evidence: null, score: null, effect: null, verdict: 'insufficient-data' } as const;
  return { name: test.name, value, reference: test.reference, ...nothing, reason: `${test.name}: ${why}` };
}
