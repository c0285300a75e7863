import studentQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { ArmSums } from '../ground-truth/aggregates.ts';
import type { ModelDefinition } from '../registry/schemas.ts';
import { percentText } from './percent-text.ts';
import type { BusinessEvidence, Verdict } from './rollout.ts';

export type BusinessLimits = {
  readonly metric: NonNullable<ModelDefinition['businessMetric']>;
  /** Relative worsening that fails. */
  readonly dropRatio: number;
  /** One-sided, already divided over all looks. */
  readonly significance: number;
  readonly minimumRowsPerArm: number;
};

export type BusinessResult = { readonly evidence: BusinessEvidence; readonly reason: string };
type Estimate = { readonly relativeChange: number; readonly halfWidth: number };

/**
 * The business metric of the candidate's arm against the champion's. The variance of the ratio of means is the delta
 * method's, v₁/m₀² + m₁² v₀/m₀⁴ with v the variances of the arms' means, its degrees of freedom Welch-Satterthwaite's
 * (Welch 1947; Deng, Knoblich, Lu, "Applying the delta method in metric analytics", 2018). `fail`: even the better bound
 * is worse than `dropRatio`; `pass`: even the worse bound is not. Too few rows in either arm are `inconclusive`.
 */
export function businessVerdict(champion: ArmSums, candidate: ArmSums, limits: BusinessLimits): BusinessResult {
  const arms = { metric: limits.metric.name, champion: meanOf(champion), candidate: meanOf(candidate) };
  const smaller = Math.min(champion.n, candidate.n);
  if (smaller < Math.max(2, limits.minimumRowsPerArm))
    return inconclusive(arms, `needs ${Math.max(2, limits.minimumRowsPerArm)} rows per arm, has ${smaller}`);
  const estimate = relativeChange(champion, candidate, limits.significance);
  if (estimate === undefined) return inconclusive(arms, "the champion's mean is 0, so that no relative change exists");
  const { relativeChange: change, halfWidth } = estimate;
  const verdict = judge(estimate, limits);
  const evidence: BusinessEvidence = {
    ...arms,
    relativeChange: change,
    interval: [change - halfWidth, change + halfWidth],
    verdict,
  };
  const figures = `${limits.metric.name} ${percentText(change)}, interval ${percentText(change - halfWidth)} to ${percentText(change + halfWidth)}`;
  // Half-widths shrink with the root of n; what is needed if the two arms were equal.
  const needed = Math.ceil(smaller * (halfWidth / limits.dropRatio) ** 2);
  return {
    evidence,
    reason: verdict === 'inconclusive' ? `needs about ${needed} rows per arm, has ${smaller}; ${figures}` : figures,
  };
}

function relativeChange(champion: ArmSums, candidate: ArmSums, significance: number): Estimate | undefined {
  const [m0, m1] = [champion.sum / champion.n, candidate.sum / candidate.n];
  if (m0 === 0) return undefined;
  const a = varianceOfMean(candidate) / m0 ** 2;
  const b = (m1 ** 2 * varianceOfMean(champion)) / m0 ** 4;
  const freedom = (a + b) ** 2 / (a ** 2 / (candidate.n - 1) + b ** 2 / (champion.n - 1));
  const halfWidth = a + b === 0 ? 0 : studentQuantile(1 - significance, freedom) * Math.sqrt(a + b);
  return { relativeChange: (m1 - m0) / Math.abs(m0), halfWidth };
}

function judge({ relativeChange, halfWidth }: Estimate, { metric, dropRatio }: BusinessLimits): Verdict {
  const improvement = metric.direction === 'higher-is-better' ? relativeChange : -relativeChange;
  if (improvement - halfWidth > -dropRatio) return 'pass';
  return improvement + halfWidth < -dropRatio ? 'fail' : 'inconclusive';
}

function inconclusive(
  arms: Pick<BusinessEvidence, 'metric' | 'champion' | 'candidate'>,
  reason: string,
): BusinessResult {
  return { evidence: { ...arms, relativeChange: null, interval: null, verdict: 'inconclusive' }, reason };
}

function meanOf({ n, sum }: ArmSums) {
  return { n, mean: n === 0 ? null : sum / n };
}

function varianceOfMean({ n, sum, sumSquares }: ArmSums): number {
  // Rounding of large sums can leave a tiny negative.
  return Math.max(0, (sumSquares - sum ** 2 / n) / (n - 1)) / n;
}
