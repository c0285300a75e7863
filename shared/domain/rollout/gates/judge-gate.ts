import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import studentQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { Verdict } from '../verdict.ts';
import { compare } from './compare.ts';
import type { Comparison } from './comparison.ts';
import { designEffect } from './design-effect.ts';
import type { Gate } from './gate.ts';
import type { HoldoutColumns } from './holdout-columns.ts';

/** One gate and what it was judged by. */
export type GateResult = {
  readonly metric: Gate['metric'];
  /** The improvement that the interval must lie above: positive for an improvement, else minus the tolerated regression. */
  readonly limit: number;
  readonly n: number;
  readonly test: string | null;
  readonly champion: number | null;
  readonly candidate: number | null;
  /** In the metric's unit, positive where the candidate is better. */
  readonly improvement: number | null;
  /** One-sided bounds at the level each, widened by the dependence of rows within a day or hour. */
  readonly interval: readonly [number, number] | null;
  /** Of the paired test that both are equal, two-sided, rows independent. */
  readonly pValue: number | null;
  readonly verdict: Verdict;
  readonly reason: string;
};

/**
 * `pass`: the lower bound reaches the limit; `fail`: the upper bound does not; else, and without enough data,
 * `inconclusive`. A candidate must pass every gate, so that each is judged at the whole level (Berger 1982,
 * intersection-union test).
 */
export function judgeGate(columns: HoldoutColumns, gate: Gate, significance: number): GateResult {
  const { metric } = gate;
  const limit = gate.minimumImprovement ?? -(gate.maximumRegression ?? 0);
  const facts = { metric, limit, n: columns.labels.length };
  const comparison = compare(columns, gate);
  const factor = comparison && widening(comparison, columns, significance);
  if (comparison === undefined || factor === undefined) return unjudged(facts, columns);
  const interval = comparison.bounds(factor);
  const { test, champion, candidate, improvement, pValue } = comparison;
  const verdict: Verdict = interval[0] >= limit ? 'pass' : interval[1] < limit ? 'fail' : 'inconclusive';
  const judged = { ...facts, test, champion, candidate, improvement, interval, pValue, verdict };
  return { ...judged, reason: describe(judged) };
}

/**
 * Standard errors of rows that make a one-sided bound: those of independent rows, or of blocks where blocks differ by more
 * than their rows explain. Undefined with fewer than two blocks.
 */
function widening(comparison: Comparison, columns: HoldoutColumns, significance: number) {
  const { blockCount } = columns;
  if (blockCount < 2) return undefined;
  const { degreesOfFreedom } = comparison;
  const level = 1 - significance;
  const ofRows =
    degreesOfFreedom === undefined ? normalQuantile(level, 0, 1) : studentQuantile(level, degreesOfFreedom);
  const effect = designEffect(comparison, columns);
  return Math.max(ofRows, studentQuantile(level, blockCount - 1) * Math.sqrt(effect));
}

function unjudged(facts: Pick<GateResult, 'metric' | 'limit' | 'n'>, { labels }: HoldoutColumns): GateResult {
  const positives = labels.reduce((count, label) => count + Number(label === 1), 0);
  const lacking =
    facts.metric === 'auc' && Math.min(positives, labels.length - positives) < 2
      ? `needs two rows of each class, has ${positives} positive ones of ${labels.length}`
      : `needs rows of two hours, has ${labels.length} rows`;
  const nothing = { test: null, champion: null, candidate: null, improvement: null, interval: null, pValue: null };
  return { ...facts, ...nothing, verdict: 'inconclusive', reason: `${facts.metric} inconclusive: ${lacking}` };
}

type Judged = Omit<GateResult, 'reason' | 'interval'> & { readonly interval: readonly [number, number] };

function describe({ metric, verdict, champion, candidate, interval, limit, test, pValue, n }: Judged): string {
  const figure = (value: number | null) => (value === null ? 'none' : String(Number(value.toPrecision(4))));
  const bounds = `improvement ${figure(interval[0])} to ${figure(interval[1])}`;
  return `${metric} ${verdict} (${figure(champion)} to ${figure(candidate)}, ${bounds}, limit ${figure(limit)}, ${test} p ${figure(pValue)}, n ${n})`;
}
