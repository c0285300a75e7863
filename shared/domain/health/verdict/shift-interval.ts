import { smoothedShares, totalOf } from '../smoothed-shares.ts';

const normalQuantile95 = 1.959963984540054;

export type Interval = { readonly low: number; readonly high: number };

/**
 * 95 % interval of the PSI without its small-sample bias: first-order delta method on both samples' shares, plus the
 * variance 2 (B − 1)(1/n + 1/m)² that is left where the gradient vanishes (no shift), all times the design effect.
 * Approximate; the low end is at least 0.
 */
export function shiftInterval(input: {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly value: number;
  readonly bias: number;
  readonly designEffect: number;
}): Interval {
  const { reference, current, value, bias, designEffect } = input;
  const [r, c] = [smoothedShares(reference), smoothedShares(current)];
  const ofCurrent = c.map((share, i) => Math.log(share / r[i]!) + 1 - r[i]! / share);
  const ofReference = r.map((share, i) => Math.log(share / c[i]!) + 1 - c[i]! / share);
  const firstOrder = varianceOf(ofCurrent, c) / totalOf(current) + varianceOf(ofReference, r) / totalOf(reference);
  const secondOrder = (2 * bias ** 2) / Math.max(1, reference.length - 1);
  const error = normalQuantile95 * Math.sqrt(designEffect * firstOrder + designEffect ** 2 * secondOrder);
  const centre = Math.max(0, value - bias);
  return { low: Math.max(0, centre - error), high: centre + error };
}

function varianceOf(values: readonly number[], shares: readonly number[]): number {
  const mean = values.reduce((sum, value, i) => sum + value * shares[i]!, 0);
  return values.reduce((sum, value, i) => sum + shares[i]! * (value - mean) ** 2, 0);
}
