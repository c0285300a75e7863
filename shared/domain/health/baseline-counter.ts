import type { ProfileBlock } from '../ground-truth/aggregates.ts';
import { createPerformanceAccumulator } from '../ground-truth/performance-accumulator.ts';
import { emptyProfile } from '../ground-truth/profile.ts';
import { createProfileAccumulator, type ProfileAccumulator } from '../ground-truth/profile-accumulator.ts';
import type { Feature, SegmentDefinition, TaskType } from '../registry/schemas.ts';
import type { Instant } from '../time.ts';
import { createAnchorCounter } from './anchor-counter.ts';
import type { Baseline } from './baseline.ts';
import type { FoundBins } from './bin-finder.ts';
import { blockCalendar } from './block-calendar.ts';
import { featureWeights } from './feature-weights.ts';
import { fitAnchor, fitBlocks } from './fit-blocks.ts';
import { createImportanceCounter } from './importance-counter.ts';
import type { ReferenceRow } from './reference-row.ts';

export type ReferenceWindow = {
  readonly modelId: string;
  readonly version: number;
  readonly taskType: TaskType;
  /** Only these are binned; anything else in the rows is ignored. */
  readonly features: readonly Feature[];
  /** Counted apart as well. @default none */
  readonly segments?: readonly SegmentDefinition[] | undefined;
  /** The rows are counted on its bins as well. @default none, as for the first champion of a model */
  readonly anchor?: Baseline | undefined;
  readonly from: Instant;
  readonly to: Instant;
};

/** Counts the rows of a reference window on bins that are found already. */
export type BaselineCounter = {
  add(row: ReferenceRow): void;
  baseline(): Baseline;
};

export function createBaselineCounter(window: ReferenceWindow, bins: FoundBins): BaselineCounter {
  const { modelId, version, taskType, from, to, segments = [] } = window;
  const binned = { ...bins, ...(segments.length > 0 && { segments }) };
  const all = createProfileAccumulator(binned);
  const performance = createPerformanceAccumulator(taskType);
  const onAnchor = window.anchor && createAnchorCounter(window.anchor, bins.features);
  const together = createImportanceCounter(bins);
  const calendar = blockCalendar(from, to);
  const byBlock = new Map<number, ProfileAccumulator>();
  const addToBlock = (row: ReferenceRow, millis: number) => {
    const index = calendar.indexOf(millis);
    const block = byBlock.get(index) ?? createProfileAccumulator(binned);
    byBlock.set(index, block);
    block.add(row);
  };
  return {
    add: (row) => {
      all.add(row);
      together.add(row);
      onAnchor?.add(row);
      if (row.label !== undefined) performance.add({ score: row.score, label: row.label });
      if (row.predictedAtMillis !== undefined) addToBlock(row, row.predictedAtMillis);
    },
    baseline: () => {
      const profile = all.addedTo(emptyProfile);
      const realized = performance.performance();
      const blocks: readonly ProfileBlock[] = [...byBlock]
        .sort(([a], [b]) => a - b)
        .map(([index, block]) => ({ ...calendar.boundsOf(index), profile: block.addedTo(emptyProfile) }));
      const baseline: Baseline = { modelId, version, taskType, n: profile.n, from, to, ...binned, profile };
      const importances = together.importances();
      const judged: Baseline = {
        ...baseline,
        ...(importances && { importances }),
        ...(realized.n > 0 && { performance: realized }),
        ...(onAnchor && { anchor: onAnchor.comparison() }),
      };
      const whole = fitAnchor(blocks.length === 0 ? judged : { ...judged, blocks });
      return blocks.length === 0 ? whole : fitBlocks(whole, weighed(window.features, importances));
    },
  };
}

/** The features with what they weigh in verdicts. */
function weighed(features: readonly Feature[], estimated: Baseline['importances']) {
  const { of } = featureWeights(features, { estimated });
  return features.map(({ name }) => ({ name, importance: of.get(name) ?? 0 }));
}
