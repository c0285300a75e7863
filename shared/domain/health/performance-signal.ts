import type { Coverage, HourlyPerformance, Performance } from '../ground-truth/aggregates.ts';
import type { Policy } from '../registry/policy.ts';
import type { TaskType } from '../registry/schemas.ts';
import { dayMillis, type Instant, toMillis } from '../time.ts';
import { dayCohorts } from './day-cohorts.ts';
import type { Signal } from './evaluation.ts';
import { countText, daysText, figure, neededRowsText } from './figures.ts';
import { judgePerformance } from './judge-performance.ts';
import type { LabelFacts } from './label-facts.ts';
import { type MatureCohorts, matureCohorts } from './mature-cohorts.ts';
import { performanceTests } from './performance-tests.ts';
import { worstVerdict } from './severity.ts';
import { insufficientSignal, type JudgedPart, leadingPart, reasonOf, withoutJudgement } from './signal.ts';

/** Predictions whose attribution window has closed, by hour: outcomes that come early must not speak for all. */
export type RealizedPerformance = {
  /** Ascending. */
  readonly hours: readonly HourlyPerformance[];
  readonly window: { readonly from: Instant; readonly to: Instant };
  /** Of `hours`. */
  readonly coverage: Coverage;
  /** Absent while it is not known when labels come, and in records from before it was kept. */
  readonly labels?: LabelFacts | undefined;
};

/**
 * Realized performance of the window against the baseline's, over the day cohorts whose labels have come. `value`:
 * log-loss skill or RMSE of these. Each test of the policy needs its effect and day-block evidence; one in breach is a
 * breach, the score is the highest.
 */
export function performanceSignal(
  policy: Policy,
  taskType: TaskType,
  baseline: Performance | undefined,
  realized: RealizedPerformance,
): Signal {
  const { hours, window } = realized;
  const cohorts = matureCohorts(dayCohorts(hours, window.to));
  const { performance } = cohorts;
  const n = performance?.n ?? 0;
  const unit = taskType === 'binary' ? 'log-loss skill' : 'RMSE';
  const maturity = cohorts.maturity ?? undefined;
  const rowsNeeded = { n, nNeeded: policy.minimumRows, ...(maturity !== undefined && { maturity }) };
  const base = { name: 'performance', unit, ...rowsNeeded } as const;
  const obstacle = whyUntrusted(policy, realized, cohorts);
  if (obstacle !== undefined || performance === undefined)
    return insufficientSignal({ ...base, reason: obstacle ?? 'no prediction is attributed' });
  const rows = { performance, blocks: cohorts.blocks, baseline };
  const judged = performanceTests(policy, performance, baseline).map((test) =>
    judgePerformance(test, rows, policy.significance),
  );
  const parts = judged.map(withoutJudgement);
  const hidden = judged.find(isAbstaining);
  const leading = leadingPart(judged);
  if (leading?.verdict === 'ok' && hidden !== undefined)
    return insufficientSignal({ ...base, parts, reason: hidden.reason });
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
    reason: `${reasonOf(judged)}, ${daysText(days)}, n ${countText(n)}, ${cohortsText(cohorts)}${abstained(judged)}`,
    parts,
  };
}

function whyUntrusted(policy: Policy, realized: RealizedPerformance, cohorts: MatureCohorts): string | undefined {
  const { coverage, labels } = realized;
  const { minimumCoverageRatio } = policy.signals.performance;
  const { attributed, predictions } = cohorts;
  if (labels?.status === 'idle') return 'no prediction in the window, so that no label is missing';
  if (coverage.coverageRatio === null) return 'no ground truth: no prediction whose attribution window has closed';
  if (coverage.attributedClosed === 0) return 'no ground truth: no outcome has come';
  const lacking = labels && whyLabelsLack(labels);
  if (lacking !== undefined) return lacking;
  if (attributed / predictions < minimumCoverageRatio)
    return `coverage ${figure(attributed / predictions)} is below ${minimumCoverageRatio}`;
  return attributed < policy.minimumRows
    ? `${neededRowsText(policy.minimumRows, attributed)} with an outcome`
    : undefined;
}

/** Labels that are still on their way are not missing. */
function whyLabelsLack({ status, maturity, labelledRatio, receivedRatio }: LabelFacts): string | undefined {
  switch (status) {
    case 'immature':
      return `labels are still on their way: maturity ${figure(maturity ?? 0)}`;
    case 'short':
      return `coverage ${figure(labelledRatio ?? 0)}, ${figure(100 * (receivedRatio ?? 0))} % of the labels that are usual by now`;
    case 'idle':
    case 'unknown':
    case 'sufficient':
      return undefined;
  }
}

function cohortsText({ attributed, predictions, maturity, immature }: MatureCohorts): string {
  const waiting = immature === 0 ? '' : `, ${daysText(immature)} left out whose labels have not come`;
  return `coverage ${figure(attributed / predictions)}, maturity ${figure(maturity ?? 0)}${waiting}`;
}

/** A breach could hide in it; a test that the rows do not define at all leaves the others to speak. */
function isAbstaining({ verdict, evidence }: JudgedPart): boolean {
  return verdict === 'insufficient-data' && evidence !== null;
}

function abstained(judged: readonly JudgedPart[]): string {
  const names = judged.filter(({ verdict }) => verdict === 'insufficient-data').map(({ name }) => name);
  return names.length === 0 ? '' : `, not judged: ${names.join(', ')}`;
}
