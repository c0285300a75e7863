import { chiSquareTail } from '../chi-square-tail.ts';

/** x with P(X ≥ x) = `tail` for X ~ χ² with `degreesOfFreedom` ≥ 1 and 0 < tail < 1; by bisection to the last digit. */
export function chiSquareQuantile(tail: number, degreesOfFreedom: number): number {
  let low = 0;
  let high = degreesOfFreedom + 10;
  while (chiSquareTail(high, degreesOfFreedom) > tail) high *= 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (chiSquareTail(middle, degreesOfFreedom) > tail) low = middle;
    else high = middle;
  }
}
