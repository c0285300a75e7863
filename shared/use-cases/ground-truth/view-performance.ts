import { notFound, RunwayError } from '../../domain/errors.ts';
import { type LabelSelection, labelSelectionOf } from '../../domain/ground-truth/label-selection.ts';
import type { Provenance } from '../../domain/ground-truth/outcome-types.ts';
import { mergeAllPerformance } from '../../domain/ground-truth/performance.ts';
import { type MetricName, metricNames } from '../../domain/ground-truth/performance-metrics.ts';
import { kindOf, pointOf } from '../../domain/ground-truth/performance-point.ts';
import { spanOfFiveMinutes } from '../../domain/ground-truth/performance-span.ts';
import { type BucketWidth, groupByWidth, type Window } from '../../domain/ground-truth/time-series.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import type { TaskType } from '../../domain/registry/schemas.ts';
import { type Instant, toInstant, toMillis } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { GroundTruthMetrics, MetricWindow } from '../../ports/ground-truth-metrics.ts';
import { loadModel } from '../registry/change-model.ts';
import { expectWindow } from './expect-window.ts';
import { daysIn, delaysOf, type ScopeQuery, scopeOf, spansOf } from './performance-scope.ts';

type Sources = { readonly events: EventStore; readonly metrics: GroundTruthMetrics };

export type PerformanceQuery = Window &
  ScopeQuery & {
    readonly modelId: string;
    /** @default the champion */
    readonly version?: number | undefined;
    readonly bucket: BucketWidth;
    /** @default all that apply */
    readonly metric?: MetricName | undefined;
    /** @default all labels */
    readonly provenance?: Provenance | undefined;
    readonly now: Instant;
  };

/** Profiles of hours are large. */
const mostDaysOfProfiles = 31;

/**
 * Throws `NotFound` (`unknown-model`, `unknown-version`, `no-champion`, `unknown-segment`, `unknown-outcome-type`) and
 * `InvalidRequest`.
 */
export async function viewPerformance({ events, metrics }: Sources, query: PerformanceQuery) {
  const { modelId, from, to, bucket, metric, provenance, now } = query;
  expectWindow(query, bucket);
  const { state } = await loadModel(events, modelId);
  const { type, of } = scopeOf(state, query);
  const { taskType } = state.definition;
  expectMetric(kindOf({ taskType, type }), metric);
  const version = versionOf(state, query.version);
  const window = { modelId, version, from, to, ...of };
  const [spans, delays, selection] = await Promise.all([
    bucket === '5m' ? fiveMinuteSpans(metrics, window) : spansOf(metrics, window),
    delaysOf(metrics, { modelId, version, ...of }, { type, now }),
    type.imputedLabel === undefined ? selectionOf(metrics, window) : null,
  ]);
  const { minimumCoverageRatio } = state.policy.signals.performance;
  const facts = { taskType, type, now: toMillis(now), delays, minimumCoverageRatio, provenance };
  const points = groupByWidth(spans, { from, to }, bucket, (span) => toInstant(span.from)).map(({ items, ...at }) => {
    const point = pointOf(items, facts);
    return { ...at, ...point, metrics: only(point.metrics, metric), reasons: only(point.reasons, metric) };
  });
  const { eventualShare, predictions, labels } = delays;
  return {
    modelId,
    version,
    taskType,
    outcomeType: type.name,
    ...(of.segment !== undefined && { segment: of.segment }),
    asOf: now,
    from,
    to,
    labelDelays: { eventualShare, predictions, labels },
    selection,
    points,
  };
}

function versionOf({ modelId, champion, versionCount }: ModelState, asked: number | undefined): number {
  const version = asked ?? champion?.version;
  if (version === undefined)
    throw new RunwayError('NotFound', 'no-champion', `${modelId} has no champion yet; name a version`);
  if (version > versionCount) throw notFound('version', `${modelId} ${version}`);
  return version;
}

async function fiveMinuteSpans(metrics: GroundTruthMetrics, window: MetricWindow) {
  return (await metrics.fiveMinutePerformance(window)).map(spanOfFiveMinutes);
}

/** Of the whole of a binary model's rows; null where the scores of all are not kept, or are too many to read. */
async function selectionOf(metrics: GroundTruthMetrics, window: MetricWindow): Promise<LabelSelection | null> {
  if (window.segment !== undefined || daysIn(window) > mostDaysOfProfiles) return null;
  const [{ scoreHistogram }, hours] = await Promise.all([metrics.profile(window), metrics.hourlyPerformance(window)]);
  const performance = mergeAllPerformance(hours.flatMap((hour) => hour.performance ?? []));
  if (scoreHistogram === undefined || performance?.kind === 'regression') return null;
  return labelSelectionOf(scoreHistogram, performance);
}

/** Throws `InvalidRequest` (`unknown-metric`) for one that is not defined for such labels. */
function expectMetric(kind: TaskType, metric: MetricName | undefined): void {
  const known: readonly string[] = metricNames[kind];
  if (metric === undefined || known.includes(metric)) return;
  const reason = `received ${metric}, expected one of ${known.join(', ')} for these labels`;
  const problem = { field: 'query:/metric', code: 'unknown-metric', reason };
  throw new RunwayError('InvalidRequest', 'invalid-request', reason, [problem]);
}

function only<T>(named: Readonly<Record<string, T>>, metric: MetricName | undefined): Readonly<Record<string, T>> {
  return metric === undefined ? named : Object.fromEntries(Object.entries(named).filter(([name]) => name === metric));
}
