/**
 * A sum without rounding, as doubles that do not overlap, the smallest first (Shewchuk 1997, "Adaptive Precision
 * Floating-Point Arithmetic"). Whatever the order of additions, and however often something is added and taken away
 * again, `valueOfSum` is the same to the last bit.
 */
export type ExactSum = number[];

// Beyond, partial sums could overflow; nothing that is measured comes near.
const largest = 2 ** 960;

/** Adds to the sum in place. What is not finite or above 2^960 counts as that. */
export function addExactly(sum: ExactSum, term: number): void {
  let carried = Math.max(-largest, Math.min(largest, term));
  let kept = 0;
  for (let i = 0; i < sum.length; i += 1) {
    const part = sum[i]!;
    const total = carried + part;
    const isLarger = Math.abs(carried) >= Math.abs(part);
    const rest = isLarger ? part - (total - carried) : carried - (total - part);
    if (rest !== 0) {
      sum[kept] = rest;
      kept += 1;
    }
    carried = total;
  }
  sum.length = kept;
  if (carried !== 0) sum.push(carried);
}

/** The double next to the sum; of two as near, the even one. */
export function valueOfSum(sum: ExactSum): number {
  let at = sum.length - 1;
  let value = sum[at] ?? 0;
  let rest = 0;
  while (at > 0 && rest === 0) {
    at -= 1;
    const total = value + sum[at]!;
    rest = sum[at]! - (total - value);
    value = total;
  }
  // Half a unit in the last place was rounded to even; what is below says to which side it belongs.
  const below = sum[at - 1] ?? 0;
  if (at > 0 && rest !== 0 && below !== 0 && rest < 0 === below < 0) {
    const doubled = rest * 2;
    const corrected = value + doubled;
    if (doubled === corrected - value) return corrected;
  }
  return value;
}
