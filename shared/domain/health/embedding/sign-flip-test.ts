import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { whyUnmatched } from './comparable.ts';
import { dot, type Matrix } from './matrix.ts';
import type { Random } from './maximum-mean-discrepancy.ts';

type SignFlipTest = {
  /** Length of the mean displacement. */
  readonly value: number;
  readonly pValue: number;
};

/**
 * Did matched vectors move in a common direction? If not, each id's displacement may as well have the opposite sign, and
 * the mean displacement is no longer than those after random flips (Fisher 1935; Winkler et al. 2014). The p-value is
 * never below 1 / (flips + 1). O(flips n d).
 */
export function signFlipTest(
  reference: Matrix,
  current: Matrix,
  { flips, random }: { readonly flips: number; readonly random: Random },
): SignFlipTest | UndefinedStatistic {
  const reason = whyUnmatched(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const moves = { ...current, values: current.values.map((value, at) => value - reference.values[at]!) };
  const observed = squaredSum(moves, () => 1);
  let extreme = 0;
  for (let round = 0; round < flips; round += 1) {
    const flipped = squaredSum(moves, () => (random() < 0.5 ? -1 : 1));
    if (flipped >= observed * (1 - 1e-12)) extreme += 1;
  }
  return { value: Math.sqrt(observed) / current.rows, pValue: (extreme + 1) / (flips + 1) };
}

function squaredSum({ rows, columns, values }: Matrix, sign: () => number): number {
  const sum = new Float64Array(columns);
  for (let row = 0; row < rows; row += 1) {
    const factor = sign();
    for (let j = 0; j < columns; j += 1) sum[j]! += factor * values[row * columns + j]!;
  }
  return dot(sum, sum);
}
