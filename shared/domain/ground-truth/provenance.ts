import type { Performance } from './aggregates.ts';
import type { OutcomeType, Provenance } from './outcome-types.ts';
import { mergeAllPerformance } from './performance.ts';
import type { PerformanceSpan } from './performance-span.ts';
import { isClosed } from './performance-span.ts';

/** How many labels of each kind a figure rests on. */
export type ProvenanceCounts = Readonly<Record<Provenance, number>>;

export type ProvenLabels = {
  /** Undefined without a label. */
  readonly performance: Performance | undefined;
  readonly counts: ProvenanceCounts;
};

/**
 * The labels of an outcome type, of one provenance or of all: those that were recorded, and where the type imputes one those
 * that no record contradicted until the attribution window was over. Before that nothing is imputed: the record may be on
 * its way.
 */
export function labelsOf(
  spans: readonly PerformanceSpan[],
  type: OutcomeType,
  { now, provenance }: { readonly now: number; readonly provenance?: Provenance | undefined },
): ProvenLabels {
  const isWanted = (kind: Provenance) => provenance === undefined || provenance === kind;
  const recorded = isWanted(type.provenance) ? spans.flatMap((span) => span.performance ?? []) : [];
  const closed = isWanted('imputed') ? spans.filter((span) => isClosed(span, type, now)) : [];
  const imputed = closed.flatMap((span) => span.imputed ?? []);
  const counts = { exact: 0, proxy: 0, imputed: countOf(imputed) };
  counts[type.provenance] = countOf(recorded);
  return { performance: mergeAllPerformance([...recorded, ...imputed].filter(({ n }) => n > 0)), counts };
}

function countOf(performances: readonly Performance[]): number {
  return performances.reduce((sum, { n }) => sum + n, 0);
}
