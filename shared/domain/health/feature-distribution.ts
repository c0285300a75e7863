import type { FeatureCounts, SparseCounts } from '../ground-truth/aggregates.ts';
import { totalCount } from '../ground-truth/sparse-counts.ts';
import type { Policy } from '../registry/policy.ts';
import type { Bins } from './baseline.ts';
import { binCount } from './bins.ts';
import type { Signal, SignalPart, SignalVerdict } from './evaluation.ts';
import { type ComparedFeature, featureParts } from './feature-drift.ts';
import { figure } from './figures.ts';
import type { Judging } from './judged-part.ts';
import { populationStabilityIndex } from './population-stability-index.ts';
import { worstVerdict } from './severity.ts';
import { reasonOf } from './signal.ts';
import type { Interval } from './verdict/shift-interval.ts';

export type BinCounts = {
  readonly label: string;
  /** Of numeric bins; null: open. */
  readonly from?: number | null;
  readonly to?: number | null;
  readonly referenceCount: number;
  readonly currentCount: number;
};

/** One input, or the output, then and now. */
export type Distribution = {
  readonly name: string;
  readonly type: 'numeric' | 'categorical';
  readonly psi: number | null;
  /** 95 %, of the PSI less its small-sample bias. */
  readonly interval: Interval | null;
  readonly pValue: number | null;
  /** Significance level of the test. */
  readonly alpha: number | null;
  /** PSI that the reference shows against itself; below it nothing breaches. */
  readonly effectFloor: number | null;
  /** Rows tell as much as n / designEffect independent ones. */
  readonly designEffect: number | null;
  readonly blocks: { readonly reference: number; readonly current: number } | null;
  readonly verdict: SignalVerdict;
  readonly reason: string;
  /** Rows of now. */
  readonly n: number;
  /** null: no number of rows would do. */
  readonly nNeeded: number | null;
  readonly missingRatio: { readonly reference: number | null; readonly current: number | null };
  readonly bins: readonly BinCounts[];
};

const nothing: FeatureCounts = { bins: {}, missing: 0, unseen: 0 };

/** As the data drift signal judges it, with the counts behind it. */
export function featureDistribution(
  policy: Policy,
  feature: ComparedFeature & { readonly type: Distribution['type'] },
  judging: Judging,
): Distribution {
  const { name, type, bins } = feature;
  const reference = judging.sides.reference.profile.features[name] ?? nothing;
  const current = judging.sides.current.profile.features[name] ?? nothing;
  const { parts } = featureParts(policy, feature, judging);
  return {
    name,
    type,
    ...evidenceOf(parts.find((part) => part.name === name)),
    verdict: worstVerdict(parts.map((part) => part.verdict)),
    reason: reasonOf(parts),
    n: totalCount(current.bins) + current.unseen + current.missing,
    missingRatio: { reference: missingRatio(reference), current: missingRatio(current) },
    bins: bins === undefined ? [] : [...binCounts(bins, reference.bins, current.bins), ...unseen(reference, current)],
  };
}

/** The output on the baseline's bins, with the verdict of its signal and the evidence of its parts, which is one. */
export function predictionDistribution(
  signal: Signal,
  bins: Bins,
  reference: SparseCounts,
  current: SparseCounts,
): Distribution {
  const counts = binCounts(bins, reference, current);
  const psi = populationStabilityIndex(
    counts.map(({ referenceCount }) => referenceCount),
    counts.map(({ currentCount }) => currentCount),
  );
  const evidence = evidenceOf(signal.parts[0]);
  const own = evidenceOf(signal.parts.find((part) => part.name === 'psi'));
  return {
    name: 'prediction',
    type: bins.kind,
    ...evidence,
    psi: psi.value,
    interval: own.interval,
    effectFloor: own.effectFloor,
    verdict: signal.verdict,
    reason: signal.reason,
    n: totalCount(current),
    missingRatio: { reference: null, current: null },
    bins: counts,
  };
}

function evidenceOf(part: SignalPart | undefined) {
  return {
    psi: part?.value ?? null,
    interval: part?.interval ?? null,
    pValue: part?.evidence ?? null,
    alpha: part?.alpha ?? null,
    effectFloor: part?.effectFloor ?? null,
    designEffect: part?.designEffect ?? null,
    blocks: part?.blocks ?? null,
    nNeeded: part?.nNeeded ?? null,
  };
}

function missingRatio({ bins, missing, unseen }: FeatureCounts): number | null {
  const n = totalCount(bins) + missing + unseen;
  return n === 0 ? null : missing / n;
}

function binCounts(bins: Bins, reference: SparseCounts, current: SparseCounts): readonly BinCounts[] {
  return Array.from({ length: binCount(bins) }, (_, index) => ({
    ...nameOf(bins, index),
    referenceCount: reference[index] ?? 0,
    currentCount: current[index] ?? 0,
  }));
}

function unseen(reference: FeatureCounts, current: FeatureCounts): readonly BinCounts[] {
  if (reference.unseen + current.unseen === 0) return [];
  return [{ label: '(not in the reference)', referenceCount: reference.unseen, currentCount: current.unseen }];
}

function nameOf(bins: Bins, index: number): Pick<BinCounts, 'label' | 'from' | 'to'> {
  if (bins.kind === 'categorical') return { label: bins.categories[index] ?? '(all others)' };
  const [from, to] = [bins.boundaries[index - 1]?.value ?? null, bins.boundaries[index]?.value ?? null];
  return { label: numericLabel(from, to), from, to };
}

function numericLabel(from: number | null, to: number | null): string {
  if (from === null) return to === null ? 'all' : `below ${figure(to)}`;
  if (to === null) return `${figure(from)} and more`;
  return from === to ? `exactly ${figure(from)}` : `${figure(from)} to ${figure(to)}`;
}
