/** Which hypotheses are rejected at a family-wise level (Holm 1979), under any dependence; in the order given. */
export function holm(pValues: readonly number[], significance: number): readonly boolean[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  const kept = order.findIndex((index, rank) => pValues[index]! > significance / (pValues.length - rank));
  const rejected = new Set(order.slice(0, kept === -1 ? order.length : kept));
  return pValues.map((_, index) => rejected.has(index));
}
