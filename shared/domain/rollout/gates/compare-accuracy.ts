import { logBinomialTerm } from '../../health/statistics/log-factorial.ts';
import { mcnemar } from '../../health/statistics/mcnemar.ts';
import type { Comparison } from './comparison.ts';
import { endOf } from './end-of.ts';
import type { HoldoutColumns } from './holdout-columns.ts';

// Below, the exact test keeps its level by being rarely significant; the mid-p one keeps it closely from here on.
const fewDiscordant = 25;

/**
 * The difference of two accuracies on the same rows. Test: McNemar's (1947), exact where fewer than 25 rows are right for
 * one only, else mid-p (Fagerland, Lydersen & Laake 2013). Interval: the score interval of Tango (1998), whose test of no
 * difference is McNemar's.
 */
export function compareAccuracy(
  { labels, champion, candidate }: HoldoutColumns,
  threshold: number,
): Comparison | undefined {
  const n = labels.length;
  if (n === 0) return undefined;
  const isRight = (score: number, row: number) => (score >= threshold ? 1 : 0) === labels[row];
  const gains = candidate.map((score, row) => Number(isRight(score, row)) - Number(isRight(champion[row]!, row)));
  const onlyCandidate = gains.reduce((count, gain) => count + Number(gain > 0), 0);
  const onlyChampion = gains.reduce((count, gain) => count + Number(gain < 0), 0);
  const right = champion.reduce((count, score, row) => count + Number(isRight(score, row)), 0);
  const improvement = (onlyCandidate - onlyChampion) / n;
  const influences = gains.map((gain) => (gain - improvement) / n);
  return {
    ...mcnemarTest(onlyChampion, onlyCandidate),
    champion: right / n,
    candidate: right / n + improvement,
    improvement,
    influences,
    variance: influences.reduce((sum, value) => sum + value ** 2, 0),
    bounds: (standardErrors) => tangoBounds({ n, onlyCandidate, onlyChampion }, standardErrors),
    standardErrorsAbove: (limit) => tangoScore({ n, onlyCandidate, onlyChampion }, limit),
  };
}

type Pairs = { readonly n: number; readonly onlyCandidate: number; readonly onlyChampion: number };

function mcnemarTest(onlyChampion: number, onlyCandidate: number): Pick<Comparison, 'test' | 'pValue'> {
  const discordant = onlyChampion + onlyCandidate;
  const { pValue } = mcnemar(onlyChampion, onlyCandidate);
  if (discordant < fewDiscordant || pValue === null) return { test: 'McNemar, exact', pValue };
  return { test: 'McNemar, mid-p', pValue: midP(onlyChampion, onlyCandidate) };
}

/** The exact p-value with half the weight of what was seen (Fagerland, Lydersen & Laake 2013). */
export function midP(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond;
  const seen = Math.exp(logBinomialTerm(n, Math.min(onlyFirst, onlySecond), 0.5, 0.5));
  if (onlyFirst === onlySecond) return 1 - seen / 2;
  return (mcnemar(onlyFirst, onlySecond).pValue ?? 1) - seen;
}

/** Score statistic of the difference of paired proportions being `difference` (Tango 1998, Statistics in Medicine 17). */
export function tangoScore({ n, onlyCandidate, onlyChampion }: Pairs, difference: number): number {
  const b = -onlyCandidate - onlyChampion + (2 * n - onlyCandidate + onlyChampion) * difference;
  const c = -onlyChampion * difference * (1 - difference);
  const nuisance = (Math.sqrt(b * b - 8 * n * c) - b) / (4 * n);
  const variance = n * (2 * nuisance + difference * (1 - difference));
  const distance = onlyCandidate - onlyChampion - n * difference;
  if (variance > 0) return distance / Math.sqrt(variance);
  return distance === 0 ? 0 : Math.sign(distance) * Number.POSITIVE_INFINITY;
}

function tangoBounds(pairs: Pairs, standardErrors: number): readonly [number, number] {
  const estimate = (pairs.onlyCandidate - pairs.onlyChampion) / pairs.n;
  return [
    endOf((difference) => tangoScore(pairs, difference) > standardErrors, -1, estimate),
    endOf((difference) => tangoScore(pairs, difference) >= -standardErrors, estimate, 1),
  ];
}
