type Pooled = {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  /** How many bins went into the common one. */
  readonly pooled: number;
};

/**
 * Joins the bins whose expected count is below `minimum` on either side into one, because χ² is no approximation there
 * (Cochran 1954 asks for 5). When that one is still too small, the smallest other bin joins it. The order of what stays
 * is kept; the common bin comes last.
 */
export function poolSparseBins(reference: readonly number[], current: readonly number[], minimum = 5): Pooled {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const [n, m] = [total(reference), total(current)];
  const smallerShare = Math.min(n, m) / (n + m);
  const expectedOf = (i: number) => (reference[i]! + current[i]!) * smallerShare;
  const bySize = reference.map((_, i) => i).sort((a, b) => expectedOf(a) - expectedOf(b));
  let [pooled, expected] = [0, 0];
  for (const i of bySize) {
    const isEnough = pooled === 0 || expected >= minimum;
    if (expectedOf(i) >= minimum && isEnough) break;
    expected += expectedOf(i);
    pooled += 1;
  }
  if (pooled < 2) return { reference, current, pooled: 0 };
  const common = new Set(bySize.slice(0, pooled));
  const join = (counts: readonly number[]) => [
    ...counts.filter((_, i) => !common.has(i)),
    total(counts.filter((_, i) => common.has(i))),
  ];
  return { reference: join(reference), current: join(current), pooled };
}
