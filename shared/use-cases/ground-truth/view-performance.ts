import { notFound, RunwayError } from '../../domain/errors.ts';
import type { FiveMinutePerformance, HourlyPerformance } from '../../domain/ground-truth/aggregates.ts';
import { coverageOf, coverageOfPoints } from '../../domain/ground-truth/coverage.ts';
import { mergeAllPerformance, performanceOf } from '../../domain/ground-truth/performance.ts';
import { metricsOf } from '../../domain/ground-truth/performance-metrics.ts';
import {
  type BucketWidth,
  groupByWidth,
  type SeriesPoint,
  type Window,
} from '../../domain/ground-truth/time-series.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import { hourStart, type Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { GroundTruthMetrics } from '../../ports/ground-truth-metrics.ts';
import { loadModel } from '../registry/change-model.ts';
import { expectWindow } from './expect-window.ts';

type Sources = { readonly events: EventStore; readonly metrics: GroundTruthMetrics };

export type PerformanceQuery = Window & {
  readonly modelId: string;
  /** @default the champion */
  readonly version?: number | undefined;
  readonly bucket: BucketWidth;
  readonly now: Instant;
};

/** Throws `NotFound` (`unknown-model`, `unknown-version`, `no-champion`) and `InvalidRequest`. */
export async function viewPerformance({ events, metrics }: Sources, query: PerformanceQuery) {
  const { modelId, from, to, bucket, now } = query;
  expectWindow(query, bucket);
  const { state } = await loadModel(events, modelId);
  const version = versionOf(state, query.version);
  const window = { modelId, version, from, to };
  const points =
    bucket === '5m'
      ? fiveMinutePoints(await metrics.fiveMinutePerformance(window), query, state)
      : hourlyPoints(await metrics.hourlyPerformance(window), query, state);
  return { modelId, version, taskType: state.definition.taskType, asOf: now, from, to, points };
}

function versionOf({ modelId, champion, versionCount }: ModelState, asked: number | undefined): number {
  const version = asked ?? champion?.version;
  if (version === undefined)
    throw new RunwayError('NotFound', 'no-champion', `${modelId} has no champion yet; name a version`);
  if (version > versionCount) throw notFound('version', `${modelId} ${version}`);
  return version;
}

function fiveMinutePoints(points: readonly FiveMinutePerformance[], query: PerformanceQuery, model: ModelState) {
  return groupByWidth(points, query, '5m', ({ from }) => from).map((point) => ({
    ...figuresOf(point, model),
    coverage: coverageOfPoints(point.items, model.definition.attributionWindowMinutes, query.now),
  }));
}

function hourlyPoints(hours: readonly HourlyPerformance[], query: PerformanceQuery, model: ModelState) {
  return groupByWidth(hours, query, query.bucket, ({ hour }) => hourStart(hour)).map((point) => ({
    ...figuresOf(point, model),
    coverage: coverageOf(point.items, model.definition.attributionWindowMinutes, query.now),
  }));
}

function figuresOf(
  { from, to, items }: SeriesPoint<Pick<HourlyPerformance, 'predictions' | 'performance'>>,
  { definition }: ModelState,
) {
  const attributed = items.flatMap(({ performance }) => performance ?? []);
  const { n, values, reasons } = metricsOf(mergeAllPerformance(attributed) ?? performanceOf(definition.taskType, []));
  const predictions = items.reduce((sum, item) => sum + item.predictions, 0);
  return { from, to, n, predictions, metrics: values, reasons };
}
