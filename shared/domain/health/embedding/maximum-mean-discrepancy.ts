import { quantile } from '../bins.ts';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { whyDifferentSpaces } from './comparable.ts';
import { distance, type Matrix, rowsOf } from './matrix.ts';

/** Uniform in [0, 1); seeded by the caller, so that a verdict can be replayed. */
export type Random = () => number;

type Discrepancy = {
  /** Biased square (V-statistic), ≥ 0. */
  readonly value: number;
  /** Unbiased square (U-statistic), may be negative; null with fewer than two rows on a side. */
  readonly unbiased: number | null;
  /** Median distance of all pooled pairs: the width of the kernel. */
  readonly sigma: number;
  /** Of the permutation test. */
  readonly pValue: number | null;
};

/** Kernel values of all pooled pairs, a full symmetric matrix. */
type Kernel = { readonly size: number; readonly sigma: number; readonly values: Float64Array; readonly total: number };

/**
 * Maximum mean discrepancy of two populations with the Gaussian kernel e^(-d² / 2σ²), σ the median distance (Gretton et
 * al. 2012). The p-value comes from permutations of the pooled rows and is never below 1 / (permutations + 1) (Phipson &
 * Smyth 2010); none when `permutations` is 0. For unmatched rows only: matched ones are not exchangeable.
 * O((n + m)² (d + permutations)); draw a sample from larger populations.
 */
export function maximumMeanDiscrepancy(
  reference: Matrix,
  current: Matrix,
  test: { readonly permutations: number; readonly random: Random } = { permutations: 0, random: () => 0 },
): Discrepancy | UndefinedStatistic {
  const reason = whyDifferentSpaces(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const kernel = kernelOf(reference, current);
  if (kernel.sigma === 0) return undefinedStatistic('most vectors are equal: the kernel has no width');
  const n = reference.rows;
  const { biased, unbiased } = squares(
    kernel,
    n,
    Uint32Array.from({ length: kernel.size }, (_, i) => i),
  );
  return {
    value: biased,
    unbiased,
    sigma: kernel.sigma,
    pValue: test.permutations === 0 ? null : permutationTest(kernel, n, biased, test),
  };
}

function kernelOf(reference: Matrix, current: Matrix): Kernel {
  const size = reference.rows + current.rows;
  const rows = [...rowsOf(reference), ...rowsOf(current)];
  const values = new Float64Array(size * size);
  const distances = new Float64Array((size * (size - 1)) / 2);
  let pairs = 0;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const between = distance(rows[i]!, rows[j]!);
      distances[pairs] = between;
      pairs += 1;
      values[i * size + j] = between;
    }
  }
  const sigma = quantile(distances.sort(), 0.5);
  const gamma = sigma === 0 ? 0 : 1 / (2 * sigma * sigma);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const value = Math.exp(-gamma * values[i * size + j]! ** 2);
      values[i * size + j] = value;
      values[j * size + i] = value;
    }
  }
  return {
    size,
    sigma,
    values,
    total: sumWithin(
      { size, values },
      Uint32Array.from(rows, (_, i) => i),
    ),
  };
}

/** Squares for the first n places of the order against the others; `unbiased` needs two rows on each side. */
function squares(
  kernel: Kernel,
  n: number,
  order: Uint32Array,
): { readonly biased: number; readonly unbiased: number | null } {
  const m = kernel.size - n;
  const first = sumWithin(kernel, order.subarray(0, n));
  const second = sumWithin(kernel, order.subarray(n));
  const cross = (kernel.total - first - second) / (n * m);
  const biased = Math.max(0, first / (n * n) + second / (m * m) - cross);
  if (n < 2 || m < 2) return { biased, unbiased: null };
  return { biased, unbiased: (first - n) / (n * (n - 1)) + (second - m) / (m * (m - 1)) - cross };
}

/** Over all pairs of the rows, each row with itself included. */
function sumWithin({ size, values }: Pick<Kernel, 'size' | 'values'>, rows: Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i += 1) {
    const offset = rows[i]! * size;
    for (let j = 0; j < i; j += 1) sum += values[offset + rows[j]!]!;
  }
  return 2 * sum + rows.length;
}

function permutationTest(
  kernel: Kernel,
  n: number,
  observed: number,
  { permutations, random }: { readonly permutations: number; readonly random: Random },
): number {
  const order = Uint32Array.from({ length: kernel.size }, (_, i) => i);
  let extreme = 0;
  for (let round = 0; round < permutations; round += 1) {
    shuffle(order, random);
    // A permutation that only reorders a side must count as equal in spite of rounding.
    if (squares(kernel, n, order).biased >= observed - 1e-12) extreme += 1;
  }
  return (extreme + 1) / (permutations + 1);
}

/** Fisher–Yates (Durstenfeld 1964). */
function shuffle(order: Uint32Array, random: Random): void {
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
}
