import { plainShares, whyIncomparable } from '../smoothed-shares.ts';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

type JensenShannon = {
  /** Divergence in bits, 0..1. */
  readonly value: number;
  /** Its square root, a metric. */
  readonly distance: number;
};

/**
 * Jensen–Shannon divergence of two counts on the same bins (Lin 1991) and the distance √ of it (Endres & Schindelin
 * 2003), base 2. An empty bin needs no smoothing here. Undefined when a side has no values.
 */
export function jensenShannon(
  reference: readonly number[],
  current: readonly number[],
): JensenShannon | UndefinedStatistic {
  const reason = whyIncomparable(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const expected = plainShares(reference);
  const actual = plainShares(current);
  const nats = expected.reduce((sum, r, i) => {
    const half = (actual[i]! - r) / 2;
    return sum + excess(r, half) / 2 + excess(actual[i]!, -half) / 2;
  }, 0);
  const value = Math.min(1, Math.max(0, nats / Math.LN2));
  return { value, distance: Math.sqrt(value) };
}

/** p ln(p / (p + half)) + half. The added parts cancel over both sides, and keep small differences from drowning. */
function excess(share: number, half: number): number {
  return share === 0 ? half : half - share * Math.log1p(half / share);
}
