import { notFound, RunwayError } from '../../domain/errors.ts';
import { emptyPaired, mergePaired } from '../../domain/ground-truth/paired.ts';
import { pairedMetricsOf } from '../../domain/ground-truth/paired-metrics.ts';
import { type BucketWidth, groupByWidth, type Window } from '../../domain/ground-truth/time-series.ts';
import { hourStart, type Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { GroundTruthMetrics } from '../../ports/ground-truth-metrics.ts';
import { loadModel } from '../registry/change-model.ts';
import { expectWindow } from './expect-window.ts';

type Sources = { readonly events: EventStore; readonly metrics: GroundTruthMetrics };

export type PairedQuery = Window & {
  readonly modelId: string;
  readonly older: number;
  readonly newer: number;
  /** Then the arms are those of its units. */
  readonly rolloutId?: string | undefined;
  readonly bucket: Exclude<BucketWidth, '5m'>;
  readonly now: Instant;
};

/** Throws `NotFound` (`unknown-model`, `unknown-version`) and `InvalidRequest`. */
export async function viewPairedPerformance({ events, metrics }: Sources, query: PairedQuery) {
  const { modelId, older, newer, rolloutId, from, to, bucket, now } = query;
  expectWindow(query, bucket);
  expectOrder(older, newer);
  const { state } = await loadModel(events, modelId);
  if (newer > state.versionCount) throw notFound('version', `${modelId} ${newer}`);
  const metric = state.definition.businessMetric?.name;
  const units = rolloutId !== undefined && metric !== undefined && { units: { rolloutId, metric } };
  const hours = await metrics.hourlyPaired({ modelId, older, newer, from, to, ...units });
  const points = groupByWidth(hours, query, bucket, ({ hour }) => hourStart(hour)).map((point) => ({
    from: point.from,
    to: point.to,
    ...pairedMetricsOf(point.items.map(({ paired }) => paired).reduce(mergePaired, emptyPaired)),
  }));
  return { modelId, older, newer, asOf: now, from, to, points };
}

function expectOrder(older: number, newer: number): void {
  if (older < newer) return;
  const reason = `expected a version after ${older}`;
  const problem = { field: 'query:/newer', code: 'wrong-order', reason };
  throw new RunwayError('InvalidRequest', 'invalid-request', reason, [problem]);
}
