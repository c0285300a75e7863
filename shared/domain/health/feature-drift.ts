import type { FeatureCounts, SparseCounts } from '../ground-truth/aggregates.ts';
import { totalCount } from '../ground-truth/sparse-counts.ts';
import type { Policy } from '../registry/policy.ts';
import type { Bins } from './baseline.ts';
import { binCount } from './bins.ts';
import { countText, figure, neededRowsText, pValueText } from './figures.ts';
import { populationStabilityIndex } from './population-stability-index.ts';
import { evidenceOf, scoreOf, verdictOf } from './severity.ts';
import type { JudgedPart } from './signal.ts';
import { twoProportionTest } from './two-proportion-test.ts';

export type ComparedFeature = {
  readonly name: string;
  readonly importance: number;
  readonly isJudged: boolean;
  readonly bins: Bins | undefined;
  readonly reference: FeatureCounts;
  readonly current: FeatureCounts;
};

export type FeatureParts = {
  readonly isJudged: boolean;
  readonly importance: number;
  /** null when no part could be measured. */
  readonly score: number | null;
  readonly psi: number | undefined;
  readonly parts: readonly JudgedPart[];
};

/** The shift of a feature's valid values and, where there are any, of its missing and unseen ones. */
export function featureParts(policy: Policy, feature: ComparedFeature): FeatureParts {
  const { isJudged, importance } = feature;
  const values = valuesPart(policy, feature);
  const parts = [values, ...ratePart(policy, feature, 'missing'), ...ratePart(policy, feature, 'unseen')];
  const scores = parts.flatMap((part) => part.score ?? []);
  return {
    isJudged,
    importance,
    score: scores.length === 0 ? null : Math.max(...scores),
    psi: values.value ?? undefined,
    parts: isJudged ? parts : parts.map((part) => ({ ...part, reason: `${part.reason}; shown, not judged` })),
  };
}

function valuesPart(policy: Policy, feature: ComparedFeature): JudgedPart {
  const { name, bins } = feature;
  if (bins === undefined) return insufficientPart(name, `${name} is not in the baseline`);
  const valid = totalCount(feature.current.bins);
  if (valid < policy.minimumRows)
    return insufficientPart(name, `${name}: ${neededRowsText(policy.minimumRows, valid)} with a value`);
  const psi = populationStabilityIndex(
    denseCounts(bins, feature.reference.bins),
    denseCounts(bins, feature.current.bins),
  );
  if (psi.value === null) return insufficientPart(name, `${name}: ${psi.reason}`);
  const { psiWarning, psiBreach } = policy.signals.dataDrift;
  const limits = { warning: psiWarning, breach: psiBreach };
  return {
    name,
    value: psi.value,
    reference: 0,
    evidence: psi.pValue,
    // What a sample of this size shows without any drift must not make a model look stale.
    score: scoreOf(psi.value - psi.bias, limits),
    effect: psi.value / psiBreach,
    verdict: verdictOf(psi.value, limits, evidenceOf(policy, psi.pValue)),
    reason: `PSI of ${name} ${figure(psi.value)} (breach at ${psiBreach}, ${pValueText(psi.pValue)}, n ${countText(valid)})`,
  };
}

/**
 * Missing: among all rows. Unseen: among rows with a value. The effect is the PSI of the two shares, on the same limits
 * as the values' PSI; `value` and `reference` are the rates. Nothing to say while neither side has any.
 */
function ratePart(policy: Policy, feature: ComparedFeature, what: 'missing' | 'unseen'): readonly JudgedPart[] {
  const reference = rateOf(feature.reference, what);
  const current = rateOf(feature.current, what);
  if ((reference.count === 0 && current.count === 0) || current.n < policy.minimumRows) return [];
  const psi = populationStabilityIndex(
    [reference.count, reference.n - reference.count],
    [current.count, current.n - current.count],
  );
  if (psi.value === null) return [];
  const { pValue } = twoProportionTest(reference, current);
  const { psiWarning, psiBreach } = policy.signals.dataDrift;
  const limits = { warning: psiWarning, breach: psiBreach };
  const rates = { value: current.count / current.n, reference: reference.count / reference.n };
  return [
    {
      name: `${feature.name}:${what}`,
      ...rates,
      evidence: pValue,
      score: scoreOf(psi.value - psi.bias, limits),
      effect: psi.value / psiBreach,
      verdict: verdictOf(psi.value, limits, evidenceOf(policy, pValue)),
      reason: `${what} rate of ${feature.name} ${figure(rates.value)}, ${figure(rates.reference)} at the baseline (psi ${figure(psi.value)}, breach at ${psiBreach}, ${pValueText(pValue)}, n ${countText(current.n)})`,
    },
  ];
}

function rateOf(counts: FeatureCounts, what: 'missing' | 'unseen'): { readonly count: number; readonly n: number } {
  const present = totalCount(counts.bins) + counts.unseen;
  return what === 'missing'
    ? { count: counts.missing, n: present + counts.missing }
    : { count: counts.unseen, n: present };
}

/** One count per bin of the baseline. */
export function denseCounts(bins: Bins, counts: SparseCounts): readonly number[] {
  return Array.from({ length: binCount(bins) }, (_, index) => counts[index] ?? 0);
}

function insufficientPart(name: string, reason: string): JudgedPart {
  return {
    name,
    value: null,
    reference: null,
    evidence: null,
    score: null,
    effect: null,
    verdict: 'insufficient-data',
    reason,
  };
}
