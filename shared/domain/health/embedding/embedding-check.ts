import { figure } from '../figures.ts';
import type { Limits } from '../severity.ts';
import { type Interval, intervalLevel } from './bootstrap-interval.ts';

export type EmbeddingVerdictKind = 'ok' | 'warning' | 'breach' | 'insufficient-data';

/** One figure and what it says. */
export type EmbeddingCheck = {
  readonly name: string;
  readonly verdict: EmbeddingVerdictKind;
  readonly reason: string;
  readonly value: number | null;
  /** The same between versions that differ by resampled training data only; null when none were given. */
  readonly noise: number | null;
  /** In the unit of the value; null when the verdict follows from what the versions are. */
  readonly limits: Limits | null;
  /** Of the value, 99 %; null where the value is a count of all rows or comes with a p-value. */
  readonly interval: Interval | null;
  readonly pValue: number | null;
  readonly n: number;
};

type Judged = Pick<EmbeddingCheck, 'name' | 'n'> & {
  readonly value: number;
  readonly limits: Limits;
  readonly worse: 'higher' | 'lower';
  readonly noise?: number | undefined;
  readonly interval?: Interval | undefined;
  /** With its significance: evidence of its own kind. */
  readonly test?: { readonly pValue: number; readonly significance: number } | undefined;
  /** What the figure is, `overlap of the 10 nearest neighbours`. */
  readonly label: string;
};

/**
 * Effect and evidence are both needed: the value beyond a limit, and its interval beyond the warning's, or its p-value
 * below the significance. A value beyond a limit that may be chance is a warning at most.
 */
export function judgeCheck({ worse, label, test, ...check }: Judged): EmbeddingCheck {
  const { value, limits, noise = null, interval = null, name, n } = check;
  const isBeyond = (limit: number, at: number) => (worse === 'higher' ? at >= limit : at <= limit);
  const favourable = interval === null ? value : worse === 'higher' ? interval.low : interval.high;
  const isProven = test === undefined ? isBeyond(limits.warning, favourable) : test.pValue < test.significance;
  const verdict = verdictOf(isBeyond(limits.breach, value), isBeyond(limits.warning, value), isProven);
  const limit = verdict === 'breach' ? limits.breach : limits.warning;
  const relation = isBeyond(limit, value) ? 'at or beyond' : 'within';
  const range =
    interval === null ? '' : ` (${intervalLevel * 100} % ${figure(interval.low)} to ${figure(interval.high)})`;
  const known = noise === null ? '' : `, noise ${figure(noise)}`;
  const chance = isBeyond(limit, value) && !isProven ? ', which may be chance' : '';
  const reason = `${label} ${figure(value)}${range} is ${relation} the limit ${figure(limit)}${known}${chance}`;
  return { name, verdict, reason, value, noise, limits, interval, pValue: test?.pValue ?? null, n };
}

function verdictOf(isBreach: boolean, isWarning: boolean, isProven: boolean): EmbeddingVerdictKind {
  if (isBreach) return isProven ? 'breach' : 'warning';
  return isWarning && isProven ? 'warning' : 'ok';
}

/** A figure that the data do not define, or a verdict that needs none. */
export function statedCheck(name: string, n: number, verdict: EmbeddingVerdictKind, reason: string): EmbeddingCheck {
  return { name, verdict, reason, value: null, noise: null, limits: null, interval: null, pValue: null, n };
}
