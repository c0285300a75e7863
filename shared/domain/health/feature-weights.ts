import type { Feature } from '../registry/schemas.ts';

export type FeatureWeights = {
  /** Relative, by name, ≥ 0. */
  readonly of: ReadonlyMap<string, number>;
  /** `given` by the owner; `estimated` from the reference rows, `equal` where they do not say. */
  readonly source: 'given' | 'estimated' | 'equal';
  /** The owner gave every feature an importance of 0. */
  readonly isZeroed: boolean;
};

type Weighed = Pick<Feature, 'name' | 'importance'>;

/**
 * How much each of these features weighs in the roll-up. What the owner gave counts: importances of which any two differ,
 * or any is 0. Equal ones, which is also what an owner has who gave none, say nothing: then what the reference rows say of
 * feature and score counts, and without them every feature weighs the same.
 */
export function featureWeights(
  features: readonly Weighed[],
  {
    all = features,
    estimated,
  }: {
    /** Of the version. @default `features` */
    readonly all?: readonly Weighed[];
    readonly estimated?: Readonly<Record<string, number>> | undefined;
  },
): FeatureWeights {
  const isGiven = all.some(({ importance }) => importance === 0 || importance !== all[0]?.importance);
  const isZeroed = features.length > 0 && features.every(({ importance }) => importance === 0);
  const weigh = (weight: (feature: (typeof features)[number]) => number) =>
    new Map(features.map((feature) => [feature.name, weight(feature)]));
  if (isZeroed) return { of: weigh(() => 1), source: 'equal', isZeroed };
  if (isGiven) return { of: weigh(({ importance }) => importance), source: 'given', isZeroed };
  const estimates = weigh(({ name }) => estimated?.[name] ?? 0);
  const isSaying = [...estimates.values()].some((weight) => weight > 0);
  return isSaying
    ? { of: estimates, source: 'estimated', isZeroed }
    : { of: weigh(() => 1), source: 'equal', isZeroed };
}

/** Mean of the scores by weight, 0..1; what could not be judged has no say. 0 without any. */
export function weightedScore(
  scored: readonly { readonly name: string; readonly score: number | null }[],
  { of }: FeatureWeights,
): number {
  const judged = scored.flatMap(({ name, score }) => (score === null ? [] : [{ score, weight: of.get(name) ?? 0 }]));
  const total = judged.reduce((sum, { weight }) => sum + weight, 0);
  if (judged.length === 0) return 0;
  const mean = judged.reduce(
    (sum, { score, weight }) => sum + score * (total === 0 ? 1 / judged.length : weight / total),
    0,
  );
  return Math.min(1, mean);
}
