import normal from '@stdlib/stats-base-dists-normal';
import t from '@stdlib/stats-base-dists-t';
import type { SignalVerdict } from '../evaluation.ts';
import { type Limits, scoreOf } from '../severity.ts';
import { minimumBlocks } from './block-evidence.ts';
import { power } from './rows-needed.ts';
import type { Interval } from './shift-interval.ts';

export type DegradationInput = {
  /** How far the metric is from where it ought to be; positive is worse, or either sign when two-sided. */
  readonly effect: number;
  readonly alternative: 'greater' | 'two-sided';
  /** In the unit of the effect. */
  readonly limits: Limits;
  /** Significance level of this one test. */
  readonly alpha: number;
  /** Of the effect: the share that the reference's sampling has in it, and the current side's. Each ≥ 0. */
  readonly variance: { readonly reference: number; readonly current: number };
  /** Of the variance; Infinity: it is known. */
  readonly degreesOfFreedom: number;
  /** Rows of the current side. */
  readonly n: number;
  /** Blocks of time of the current side whose spread the variance is; undefined: rows are taken as independent. */
  readonly blocks?: number | undefined;
};

export type JudgedDegradation = {
  readonly verdict: SignalVerdict;
  readonly pValue: number;
  /** 95 %, of the effect; of its size when two-sided. */
  readonly interval: Interval;
  /** 0 no effect … 1 a breach. */
  readonly score: number;
  /** null when the reference is too small to find a breach with any number of rows. */
  readonly nNeeded: number | null;
  /** Why it abstains. */
  readonly lacking?: string;
};

/**
 * So many times the limit is overwhelming, whatever the number of blocks. PSI grows with the square of a shift: this is
 * what four times its limit is there.
 */
const overwhelmingLimits = 2;

/**
 * Has a performance metric become worse? As `judgeShift`: a breach takes the effect (at its limit) and the evidence (t
 * test of the effect against its standard error, p below `alpha`, from at least eight blocks or an overwhelming effect).
 * What is not proven is `insufficient-data` while a breach could hide: too few blocks, an interval that reaches the limit,
 * or fewer rows than find an effect of the limit's size with a power of 0.99, unless those that are there exclude it at
 * `alpha` too (two one-sided tests, Schuirmann 1987); otherwise it is `ok`. A breach-sized effect that enough rows do not
 * prove is a warning, as is a proven one between the limits.
 */
export function judgeDegradation(input: DegradationInput): JudgedDegradation {
  const { limits, alternative, n, blocks } = input;
  const effect = sizeOf(input.effect, alternative);
  const error = Math.sqrt(input.variance.reference + input.variance.current);
  const sides = alternative === 'greater' ? 1 : 2;
  const pValue = tailOf(effect, error, input.degreesOfFreedom) * sides;
  const reach = error === 0 ? 0 : -quantile(0.025, input.degreesOfFreedom) * error;
  const low = alternative === 'greater' ? effect - reach : Math.max(0, effect - reach);
  const judged = { pValue, interval: { low, high: effect + reach }, nNeeded: neededRows(input, sides) };
  const hasBlocks = blocks === undefined || blocks >= minimumBlocks;
  const isProven = pValue < input.alpha && (hasBlocks || effect >= overwhelmingLimits * limits.breach);
  const isExcluded = tailOf(limits.breach - effect, error, input.degreesOfFreedom) < input.alpha;
  const verdict = verdictOf(input, { ...judged, effect, isProven, isExcluded, hasBlocks });
  const facts = { ...judged, verdict, score: scoreOf(effect, limits) };
  if (verdict !== 'insufficient-data') return facts;
  return { ...facts, lacking: lackingOf(n, judged, hasBlocks ? undefined : blocks) };
}

type Facts = Pick<JudgedDegradation, 'interval' | 'nNeeded'> & {
  readonly effect: number;
  readonly isProven: boolean;
  readonly isExcluded: boolean;
  readonly hasBlocks: boolean;
};

function verdictOf({ limits, n, blocks }: DegradationInput, facts: Facts): SignalVerdict {
  const { effect, interval, nNeeded, isProven, isExcluded, hasBlocks } = facts;
  if (isProven) {
    if (effect >= limits.breach) return 'breach';
    // A stream that warns is looked at again; a single sample that may as well be in breach needs more rows.
    if (blocks === undefined && interval.high >= limits.breach) return 'insufficient-data';
    return effect >= limits.warning ? 'warning' : 'ok';
  }
  if (!hasBlocks) return 'insufficient-data';
  if (isExcluded) return 'ok';
  if (nNeeded === null || n < nNeeded) return 'insufficient-data';
  if (effect >= limits.breach) return 'warning';
  return interval.high >= limits.breach ? 'insufficient-data' : 'ok';
}

function lackingOf(n: number, judged: Pick<Facts, 'interval' | 'nNeeded'>, blocks: number | undefined): string {
  if (blocks !== undefined) return `needs ${minimumBlocks} day blocks, has ${blocks}`;
  if (judged.nNeeded === null) return 'the reference has too few rows to find a breach with any number of current ones';
  if (n < judged.nNeeded) return `needs ${judged.nNeeded} rows, has ${n}`;
  return `an effect of ${Number(judged.interval.high.toPrecision(3))} cannot be excluded`;
}

/** Both quantiles apart (z of the level and of the power), the variance of the current side falling as 1 / n. */
function neededRows({ limits, alpha, variance, n }: DegradationInput, sides: number): number | null {
  const distance = -normal.quantile(alpha / sides, 0, 1) + normal.quantile(power, 0, 1);
  const left = (limits.breach / distance) ** 2 - variance.reference;
  return left <= 0 ? null : Math.ceil((n * variance.current) / left);
}

function sizeOf(effect: number, alternative: DegradationInput['alternative']): number {
  return alternative === 'greater' ? effect : Math.abs(effect);
}

function tailOf(effect: number, error: number, degreesOfFreedom: number): number {
  if (effect === 0) return 0.5;
  // Equal blocks leave no doubt.
  if (error === 0) return effect > 0 ? 0 : 1;
  const distance = -effect / error;
  return degreesOfFreedom === Number.POSITIVE_INFINITY ? normal.cdf(distance, 0, 1) : t.cdf(distance, degreesOfFreedom);
}

function quantile(probability: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return normal.quantile(probability, 0, 1);
  return t.quantile(probability, degreesOfFreedom);
}
