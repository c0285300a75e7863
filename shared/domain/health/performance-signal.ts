import type { Coverage, HourlyPerformance, Performance } from '../ground-truth/aggregates.ts';
import { mergeForJudging } from '../ground-truth/performance.ts';
import type { Policy } from '../registry/policy.ts';
import type { TaskType } from '../registry/schemas.ts';
import { dayMillis, type Instant, toMillis } from '../time.ts';
import { dayBlocks } from './day-blocks.ts';
import type { Signal } from './evaluation.ts';
import { countText, daysText, figure, neededRowsText } from './figures.ts';
import { judgePerformance } from './judge-performance.ts';
import { performanceTests } from './performance-tests.ts';
import { worstVerdict } from './severity.ts';
import { insufficientSignal, leadingPart, reasonOf, withoutJudgement } from './signal.ts';

/** Predictions whose attribution window has closed, by hour: outcomes that come early must not speak for all. */
export type RealizedPerformance = {
  /** Ascending. */
  readonly hours: readonly HourlyPerformance[];
  readonly window: { readonly from: Instant; readonly to: Instant };
  /** Of `hours`. */
  readonly coverage: Coverage;
};

/**
 * Realized performance of the window against the baseline's. `value`: log-loss skill or RMSE of the window. Each test
 * of the policy needs its effect and day-block evidence; one in breach is a breach, the score is the highest.
 */
export function performanceSignal(
  policy: Policy,
  taskType: TaskType,
  baseline: Performance | undefined,
  realized: RealizedPerformance,
): Signal {
  const { hours, window } = realized;
  const blocks = dayBlocks(hours, window.to);
  const performance = mergeForJudging(blocks);
  const n = performance?.n ?? 0;
  const unit = taskType === 'binary' ? 'log-loss skill' : 'RMSE';
  const base = { name: 'performance', unit, n, nNeeded: policy.minimumRows } as const;
  const obstacle = whyUntrusted(policy, realized.coverage, n);
  if (obstacle !== undefined || performance === undefined)
    return insufficientSignal({ ...base, reason: obstacle ?? 'no prediction is attributed' });
  const tests = performanceTests(policy, performance, baseline);
  const judged = tests.map((test) => judgePerformance(policy, test, performance, blocks));
  const parts = judged.map(withoutJudgement);
  const leading = leadingPart(judged);
  if (leading === undefined || leading.verdict === 'insufficient-data')
    return insufficientSignal({ ...base, parts, reason: leading?.reason ?? 'the policy switches every test off' });
  const days = (toMillis(window.to) - toMillis(window.from)) / dayMillis;
  const value = parts.find((part) => part.name === 'logLossSkill' || part.name === 'rmse')?.value;
  return {
    ...base,
    value: value ?? null,
    score: Math.max(...judged.map((part) => part.score ?? 0)),
    evidence: leading.evidence,
    effect: leading.effect,
    verdict: worstVerdict(judged.map((part) => part.verdict)),
    reason: `${reasonOf(judged)}, ${daysText(days)}, n ${countText(n)}, coverage ${coverageText(realized.coverage)}`,
    parts,
  };
}

function whyUntrusted(policy: Policy, coverage: Coverage, n: number): string | undefined {
  const { minimumCoverageRatio } = policy.signals.performance;
  if (coverage.coverageRatio === null) return 'no ground truth: no prediction whose attribution window has closed';
  if (coverage.attributedClosed === 0) return 'no ground truth: no outcome has come';
  if (coverage.coverageRatio < minimumCoverageRatio)
    return `coverage ${coverageText(coverage)} is below ${minimumCoverageRatio}`;
  return n < policy.minimumRows ? `${neededRowsText(policy.minimumRows, n)} with an outcome` : undefined;
}

function coverageText(coverage: Coverage): string {
  return figure(coverage.coverageRatio ?? 0);
}
