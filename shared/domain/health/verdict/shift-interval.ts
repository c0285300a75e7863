import { smoothedShares, totalOf } from '../smoothed-shares.ts';
import type { ShiftMeasure } from './shift-measure.ts';

const normalQuantile95 = 1.959963984540054;

export type Interval = { readonly low: number; readonly high: number };

/**
 * 95 % interval of the shift without its small-sample bias: first-order delta method on both samples' shares, plus the
 * variance 2 (B − 1)(1/n + 1/m)² that is left where the gradient vanishes (no shift), all times the design effect.
 * Approximate; the low end is at least 0.
 */
export function shiftInterval(input: {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly value: number;
  readonly bias: number;
  readonly designEffect: number;
  readonly measure: ShiftMeasure;
}): Interval {
  const { reference, current, value, bias, designEffect, measure } = input;
  const [r, c] = [smoothedShares(reference), smoothedShares(current)];
  const [ofReference, ofCurrent] = measure.gradients(r, c);
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
