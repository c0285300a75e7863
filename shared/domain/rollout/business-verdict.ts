import type { ModelDefinition } from '../registry/schemas.ts';
import { type ArmChange, type ArmHour, armDifference } from './arm-difference.ts';
import { sampleFactor, sequenceHalfWidth } from './confidence-sequence.ts';
import { percentText } from './percent-text.ts';
import { sequenceBlocks } from './ratio-estimate.ts';
import type { BusinessEvidence, Verdict } from './rollout.ts';

export type BusinessLimits = {
  readonly metric: NonNullable<ModelDefinition['businessMetric']>;
  /** Relative worsening that is not tolerated. */
  readonly dropRatio: number;
  /** One-sided, over the whole rollout. */
  readonly significance: number;
  readonly minimumRowsPerArm: number;
};

export type BusinessResult = { readonly evidence: BusinessEvidence; readonly reason: string };

type Arms = Pick<BusinessEvidence, 'metric' | 'champion' | 'candidate'>;

/**
 * The business metric of the candidate's arm against the champion's, over the rollout so far. `pass`: the confidence
 * sequence excludes a worsening of `dropRatio` in hours like these. `fail`: on the traffic seen it excludes that there is
 * no worsening, and not one of `dropRatio`; chance assigned the arms, so that harm that is proven is harm. Too few rows or
 * hours are `inconclusive`, as is everything else, with the candidate's rows at which an equal candidate would be as
 * likely as not to pass.
 */
export function businessVerdict(hours: readonly ArmHour[], limits: BusinessLimits): BusinessResult {
  const { champion, candidate, change } = armDifference(hours);
  const arms = { metric: limits.metric.name, champion, candidate };
  const smaller = Math.min(champion.n, candidate.n);
  const minimum = Math.max(2, limits.minimumRowsPerArm);
  if (smaller < minimum) return unknown(arms, `needs ${minimum} rows per arm, has ${smaller}`);
  if (change === undefined) return unknown(arms, "the champion's mean is 0, so that no relative change exists");
  return judge(arms, change, limits);
}

function judge(arms: Arms, { seen, general }: ArmChange, limits: BusinessLimits): BusinessResult {
  const { metric, dropRatio: margin, significance } = limits;
  const terms = { significance, margin };
  const worst = general.blocks < sequenceBlocks.hour ? Number.POSITIVE_INFINITY : sequenceHalfWidth(general, terms);
  const best = sequenceHalfWidth(seen, terms);
  const isHigherBetter = metric.direction === 'higher-is-better';
  const relativeChange = seen.estimate;
  const verdict = verdictOf(isHigherBetter ? relativeChange : -relativeChange, { worst, best, margin });
  const has = arms.candidate.n;
  const needed = Math.ceil(has * sampleFactor(general.standardError, terms));
  const evidence = {
    ...arms,
    relativeChange,
    interval: intervalOf(relativeChange, isHigherBetter ? [worst, best] : [best, worst]),
    verdict,
    sequence: { significance, unit: general.unit, blocks: general.blocks, has, needed },
  };
  return { evidence, reason: describe(evidence) };
}

function verdictOf(
  improvement: number,
  { worst, best, margin }: { readonly worst: number; readonly best: number; readonly margin: number },
): Verdict {
  if (improvement - worst > -margin) return 'pass';
  return improvement + best < 0 ? 'fail' : 'inconclusive';
}

/** Null while few hours leave one side open. */
function intervalOf(change: number, [down, up]: readonly [number, number]): BusinessEvidence['interval'] {
  return Number.isFinite(down) && Number.isFinite(up) ? [change - down, change + up] : null;
}

function describe({ metric, relativeChange, interval, verdict, sequence: { has, needed, blocks } }: Judged): string {
  const bounds =
    interval === null
      ? `no interval yet from ${blocks} hours`
      : `interval ${percentText(interval[0])} to ${percentText(interval[1])}`;
  const figures = `${metric} ${percentText(relativeChange)}, ${bounds}`;
  return verdict === 'inconclusive' ? `needs about ${needed} rows of the candidate, has ${has}; ${figures}` : figures;
}

type Judged = BusinessEvidence & {
  readonly relativeChange: number;
  readonly sequence: NonNullable<BusinessEvidence['sequence']>;
};

function unknown(arms: Arms, reason: string): BusinessResult {
  return { evidence: { ...arms, relativeChange: null, interval: null, verdict: 'inconclusive' }, reason };
}
