import type { FeatureCounts, Profile, SparseCounts } from '../ground-truth/aggregates.ts';
import { performanceOf } from '../ground-truth/performance.ts';
import type { Feature, TaskType } from '../registry/schemas.ts';
import type { Instant } from '../time.ts';
import type { Baseline, Bins } from './baseline.ts';
import { binIndex, categoricalBins, type FeatureValue, numericBins } from './bins.ts';

export type ReferenceRow = {
  readonly features: Readonly<Record<string, FeatureValue>>;
  readonly score: number;
  readonly label?: number | undefined;
};

export type ReferenceWindow = {
  readonly modelId: string;
  readonly version: number;
  readonly taskType: TaskType;
  /** Only these are binned; anything else in the rows is ignored. */
  readonly features: readonly Feature[];
  readonly rows: Iterable<ReferenceRow>;
  readonly from: Instant;
  readonly to: Instant;
};

/** Statistics of the rows of one reference window. `performance` is of the rows with a label, absent without any. */
export function buildBaseline(window: ReferenceWindow): Baseline {
  const { modelId, version, taskType, from, to } = window;
  const rows = [...window.rows];
  const columns = new Map(window.features.map((feature) => [feature, rows.map((row) => row.features[feature.name])]));
  const features = Object.fromEntries([...columns].map(([feature, values]) => [feature.name, binsOf(feature, values)]));
  const scores = numericBins(rows.map((row) => row.score));
  const profile: Profile = {
    n: rows.length,
    features: Object.fromEntries(
      [...columns].map(([feature, values]) => [feature.name, countValues(features[feature.name]!, values)]),
    ),
    scores: countValues(
      scores,
      rows.map((row) => row.score),
    ).bins,
  };
  const labelled = rows.flatMap(({ score, label }) => (label === undefined ? [] : [{ score, label }]));
  const performance = labelled.length === 0 ? {} : { performance: performanceOf(taskType, labelled) };
  return { modelId, version, taskType, n: rows.length, from, to, features, scores, profile, ...performance };
}

function binsOf(feature: Feature, values: readonly FeatureValue[]): Bins {
  const present = values.filter((value) => value !== null && value !== undefined);
  if (feature.type === 'categorical') return categoricalBins(present.map(String));
  return numericBins(present.filter((value) => typeof value !== 'string').map(Number));
}

/** Counts of values on given bins, missing and unseen ones apart. */
export function countValues(bins: Bins, values: Iterable<FeatureValue>): FeatureCounts {
  const counts: Record<string, number> = {};
  let missing = 0;
  let unseen = 0;
  for (const value of values) {
    const index = binIndex(bins, value);
    if (index === 'missing') missing += 1;
    else if (index === 'unseen') unseen += 1;
    else counts[index] = (counts[index] ?? 0) + 1;
  }
  return { bins: counts satisfies SparseCounts, missing, unseen };
}
