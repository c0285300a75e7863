import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import studentCdf from '@stdlib/stats-base-dists-t-cdf';
import studentQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { SignalVerdict } from '../evaluation.ts';
import { figure, neededRowsText } from '../figures.ts';
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

/** Of each side of a 95 % interval. */
const tail95 = 0.025;

/**
 * Has a performance metric become worse? As `judgeShift`: a breach takes the effect (at its limit) and the evidence (t
 * test of the effect against its standard error, p below `alpha`, from at least eight blocks or an overwhelming effect).
 * `ok` takes evidence too, that the effect is below the limit (two one-sided tests, Schuirmann 1987): at `alpha` for a
 * single sample, at 2.5 % for a stream, which is looked at again; with `nNeeded` rows it is had with a probability of
 * 0.99. What is neither is `insufficient-data`, except that a stream warns of an effect of breach size that is above 0
 * with 97.5 % confidence. A proven effect between the limits is a warning.
 */
export function judgeDegradation(input: DegradationInput): JudgedDegradation {
  const { limits, alternative, n, blocks } = input;
  const effect = sizeOf(input.effect, alternative);
  const error = Math.sqrt(input.variance.reference + input.variance.current);
  const sides = alternative === 'greater' ? 1 : 2;
  const pValue = tailOf(effect, error, input.degreesOfFreedom) * sides;
  const reach = error === 0 ? 0 : -quantile(tail95, input.degreesOfFreedom) * error;
  const low = alternative === 'greater' ? effect - reach : Math.max(0, effect - reach);
  const judged = { pValue, interval: { low, high: effect + reach }, nNeeded: neededRows(input, sides) };
  const hasBlocks = blocks === undefined || blocks >= minimumBlocks;
  const isProven = pValue < input.alpha && (hasBlocks || effect >= overwhelmingLimits * limits.breach);
  const okLevel = blocks === undefined ? input.alpha : Math.max(input.alpha, tail95);
  const isExcluded = hasBlocks && tailOf(limits.breach - effect, error, input.degreesOfFreedom) < okLevel;
  const verdict = verdictOf(input, { interval: judged.interval, effect, isProven, isExcluded });
  const facts = { ...judged, verdict, score: scoreOf(effect, limits) };
  if (verdict !== 'insufficient-data') return facts;
  return { ...facts, lacking: lackingOf(n, judged, hasBlocks ? undefined : blocks) };
}

type Facts = Pick<JudgedDegradation, 'interval'> & {
  readonly effect: number;
  readonly isProven: boolean;
  readonly isExcluded: boolean;
};

function verdictOf({ limits, blocks }: DegradationInput, facts: Facts): SignalVerdict {
  const { effect, interval, isProven, isExcluded } = facts;
  const isStream = blocks !== undefined;
  if (effect >= limits.breach) {
    if (isProven) return 'breach';
    return isStream && interval.low > 0 ? 'warning' : 'insufficient-data';
  }
  if (isProven && effect >= limits.warning && (isStream || isExcluded)) return 'warning';
  return isExcluded ? 'ok' : 'insufficient-data';
}

function lackingOf(
  n: number,
  judged: Pick<JudgedDegradation, 'interval' | 'nNeeded'>,
  blocks: number | undefined,
): string {
  if (blocks !== undefined) return neededBlocksText(blocks);
  if (judged.nNeeded === null) return 'the reference has too few rows to find a breach with any number of current ones';
  if (n < judged.nNeeded) return neededRowsText(judged.nNeeded, n);
  return `an effect of ${figure(judged.interval.high)} cannot be excluded`;
}

export function neededBlocksText(blocks: number): string {
  return `needs ${minimumBlocks} day blocks, has ${blocks}`;
}

/** Both quantiles apart (z of the level and of the power), the variance of the current side falling as 1 / n. */
function neededRows({ limits, alpha, variance, n }: DegradationInput, sides: number): number | null {
  const distance = -normalQuantile(alpha / sides, 0, 1) + normalQuantile(power, 0, 1);
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
  return degreesOfFreedom === Number.POSITIVE_INFINITY
    ? normalCdf(distance, 0, 1)
    : studentCdf(distance, degreesOfFreedom);
}

function quantile(probability: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return normalQuantile(probability, 0, 1);
  return studentQuantile(probability, degreesOfFreedom);
}
