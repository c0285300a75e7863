/** Features of a model that are judged; each one more makes every other's test stricter. */
export const maximumJudgedFeatures = 200;

/**
 * The features that are judged when a model has more than `limit`: the most important ones, of equal ones the first by
 * name. The others are shown. In the order they came.
 */
export function sampledFeatures<T extends { readonly name: string; readonly importance: number }>(
  features: readonly T[],
  limit: number = maximumJudgedFeatures,
): readonly T[] {
  if (features.length <= limit) return features;
  const byName = (a: T, b: T) => (a.name < b.name ? -1 : 1);
  const kept = new Set(features.toSorted((a, b) => b.importance - a.importance || byName(a, b)).slice(0, limit));
  return features.filter((feature) => kept.has(feature));
}
