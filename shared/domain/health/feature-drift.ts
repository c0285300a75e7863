import type { FeatureCounts, Profile, SparseCounts } from '../ground-truth/aggregates.ts';
import { totalCount } from '../ground-truth/sparse-counts.ts';
import type { Policy } from '../registry/policy.ts';
import type { Bins } from './baseline.ts';
import { binCount } from './bins.ts';
import { figure, neededRowsText } from './figures.ts';
import { insufficientPart, type Judging, judgedPart, rowsOf } from './judged-part.ts';
import { type Rate, rateCounts } from './rate-counts.ts';
import type { JudgedPart } from './signal.ts';

export type ComparedFeature = {
  readonly name: string;
  readonly isJudged: boolean;
  readonly bins: Bins | undefined;
  /** Share of the reference's rows whose category came once. @default 0 */
  readonly singletonRatio?: number | undefined;
};

export type FeatureParts = {
  readonly name: string;
  readonly isJudged: boolean;
  /** null when no part could be judged. */
  readonly score: number | null;
  readonly psi: number | undefined;
  readonly parts: readonly JudgedPart[];
};

const nothing: FeatureCounts = { bins: {}, missing: 0, unseen: 0 };

/** The shift of a feature's valid values and, where there are any, of its missing and unseen ones. */
export function featureParts(policy: Policy, feature: ComparedFeature, judging: Judging): FeatureParts {
  const { name, isJudged } = feature;
  const values = valuesPart(policy, feature, judging);
  const parts = [
    values,
    ...ratePart(policy, feature, 'missing', judging),
    ...ratePart(policy, feature, 'unseen', judging),
  ];
  const scores = parts.flatMap((part) => part.score ?? []);
  return {
    name,
    isJudged,
    score: scores.length === 0 ? null : Math.max(...scores),
    psi: values.value ?? undefined,
    parts: isJudged ? parts : parts.map((part) => ({ ...part, reason: `${part.reason}; shown, not judged` })),
  };
}

function valuesPart(policy: Policy, { name, bins }: ComparedFeature, judging: Judging): JudgedPart {
  if (bins === undefined) return insufficientPart(name, `${name} is not in the baseline`);
  const counting = {
    feature: name,
    countsOf: (profile: Profile) => denseCounts(bins, profile.features[name]?.bins ?? {}),
  };
  const valid = rowsOf(judging.sides.current.profile, counting);
  if (valid < policy.minimumRows)
    return insufficientPart(name, `${name}: ${neededRowsText(policy.minimumRows, valid)} with a value`);
  const order = bins.kind === 'numeric' ? 'ordered' : 'nominal';
  return judgedPart(judging, { ...counting, name, of: name, order, limits: limitsOfDrift(policy) });
}

/**
 * Missing: among all rows. Unseen: among rows with a value, beyond what the reference left unseen anyhow. The effect is the PSI of the two shares, on the same limits
 * as the values' PSI; `value` and `reference` are the rates. Nothing to say while neither side has any.
 */
function ratePart(
  policy: Policy,
  { name: feature, singletonRatio = 0 }: ComparedFeature,
  what: Rate,
  judging: Judging,
): readonly JudgedPart[] {
  const countsOf = (profile: Profile) => {
    const { bins, missing, unseen } = profile.features[feature] ?? nothing;
    return rateCounts({ known: totalCount(bins), missing, unseen }, what, singletonRatio);
  };
  const counting = { feature, countsOf };
  const { reference, current } = judging.sides;
  const rates = { value: rateOf(countsOf(current.profile)), reference: rateOf(countsOf(reference.profile)) };
  if (rates.value === null || rates.reference === null) return [];
  const isRare = rates.value === 0 && rates.reference === 0;
  if (isRare || rowsOf(current.profile, counting) < policy.minimumRows) return [];
  const name = `${feature}:${what}`;
  const limits = limitsOfDrift(policy);
  const part = judgedPart(judging, { ...counting, name, of: 'the two shares', order: 'nominal', limits });
  const both = `${what} rate of ${feature} ${figure(rates.value)}, ${figure(rates.reference)} at the baseline`;
  return [{ ...part, ...rates, reason: `${both}: ${part.reason}` }];
}

function rateOf([count = 0, others = 0]: readonly number[]): number | null {
  return count + others === 0 ? null : count / (count + others);
}

function limitsOfDrift({ signals }: Policy) {
  const { psiWarning, psiBreach } = signals.dataDrift;
  return { warning: psiWarning, breach: psiBreach };
}

/** One count per bin of the baseline. */
export function denseCounts(bins: Bins, counts: SparseCounts): readonly number[] {
  const dense: number[] = [];
  const length = binCount(bins);
  for (let bin = 0; bin < length; bin += 1) dense.push(counts[bin] ?? 0);
  return dense;
}
