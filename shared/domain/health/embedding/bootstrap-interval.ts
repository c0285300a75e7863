import { quantile } from '../bins.ts';
import type { Random } from './maximum-mean-discrepancy.ts';

export type Interval = { readonly low: number; readonly high: number };

export const intervalLevel = 0.99;
const replicates = 999;

/** A figure of some rows of a sample; the same row may come twice. */
export type RowStatistic = { readonly rows: number; readonly of: (rows: Uint32Array) => number };

/**
 * Percentile interval of `statistic - others` (Efron 1979): rows are drawn again with replacement, each sample on its own.
 * It says what another draw of items would change, and nothing about another training. Replicates that are no number
 * do not count; undefined when most are none. O(replicates × rows).
 */
export function bootstrapInterval(
  statistic: RowStatistic,
  other: RowStatistic | undefined,
  random: Random,
): Interval | undefined {
  const values: number[] = [];
  for (let round = 0; round < replicates; round += 1) {
    const value = replicate(statistic, random) - (other === undefined ? 0 : replicate(other, random));
    if (Number.isFinite(value)) values.push(value);
  }
  if (values.length < replicates / 2) return undefined;
  const sorted = Float64Array.from(values).sort();
  const tail = (1 - intervalLevel) / 2;
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

function replicate({ rows, of }: RowStatistic, random: Random): number {
  return of(Uint32Array.from({ length: rows }, () => Math.floor(random() * rows)));
}

export function allRows({ rows, of }: RowStatistic): number {
  return of(Uint32Array.from({ length: rows }, (_, row) => row));
}
