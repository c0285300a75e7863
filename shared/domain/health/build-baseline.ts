import { performanceOf } from '../ground-truth/performance.ts';
import { addToProfile, emptyProfile } from '../ground-truth/profile.ts';
import type { Feature, TaskType } from '../registry/schemas.ts';
import type { Instant } from '../time.ts';
import type { Baseline, Bins } from './baseline.ts';
import { categoricalBins, numericBins } from './bins.ts';
import type { FeatureValue } from './compiled-bins.ts';

export type ReferenceRow = {
  readonly features: Readonly<Record<string, FeatureValue>>;
  readonly score: number;
  readonly label?: number | undefined;
};

type ReferenceWindow = {
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
  const baseline: Baseline = {
    modelId,
    version,
    taskType,
    n: rows.length,
    from,
    to,
    features: Object.fromEntries(window.features.map((feature) => [feature.name, binsOf(feature, rows)])),
    scores: numericBins(rows.map((row) => row.score)),
    profile: emptyProfile,
  };
  const labelled = rows.flatMap(({ score, label }) => (label === undefined ? [] : [{ score, label }]));
  return {
    ...baseline,
    profile: addToProfile(emptyProfile, baseline, rows),
    ...(labelled.length === 0 ? {} : { performance: performanceOf(taskType, labelled) }),
  };
}

function binsOf(feature: Feature, rows: readonly ReferenceRow[]): Bins {
  const present = rows.flatMap((row) => row.features[feature.name] ?? []);
  if (feature.type === 'categorical') return categoricalBins(present.map(String));
  return numericBins(present.filter((value) => typeof value !== 'string').map(Number));
}
