import { notFound, RunwayError } from '../../domain/errors.ts';
import type { Layer } from '../../domain/ground-truth/aggregates.ts';
import { type LabelDelayModel, labelDelayModel } from '../../domain/ground-truth/label-delay-model.ts';
import { type OutcomeType, outcomeTypesOf } from '../../domain/ground-truth/outcome-types.ts';
import {
  labelCohortOf,
  type PerformanceSpan,
  spanOfDay,
  spanOfHour,
} from '../../domain/ground-truth/performance-span.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import { dayMillis, hourMillis, type Instant, minuteMillis, toInstant, toMillis } from '../../domain/time.ts';
import type { GroundTruthMetrics, MetricWindow } from '../../ports/ground-truth-metrics.ts';

/** Which rows and which labels of a model. */
export type ScopeQuery = {
  /** Of the primary outcome type. @default all rows */
  readonly segment?: string | undefined;
  /** @default the primary one */
  readonly outcomeType?: string | undefined;
  /** @default batch where it has joined the day, else speed */
  readonly layer?: Layer | undefined;
};

export type Scope = {
  readonly type: OutcomeType;
  /** As aggregates are asked for: the primary type goes unnamed. */
  readonly of: Pick<MetricWindow, 'segment' | 'outcomeType' | 'layer'>;
};

/**
 * Throws `NotFound` (`unknown-segment`, `unknown-outcome-type`) and `InvalidRequest` (`segment-and-outcome-type`: segments
 * are counted under the primary type only).
 */
export function scopeOf({ definition }: ModelState, { segment, outcomeType, layer }: ScopeQuery): Scope {
  if (segment !== undefined && !definition.segments?.some(({ name }) => name === segment))
    throw notFound('segment', segment);
  const types = outcomeTypesOf(definition);
  const index = outcomeType === undefined ? 0 : types.findIndex(({ name }) => name === outcomeType);
  if (index < 0) throw notFound('outcome-type', outcomeType ?? '');
  if (index > 0 && segment !== undefined) throw segmentAndType(outcomeType ?? '', types[0]?.name ?? '');
  return { type: types[index]!, of: { segment, outcomeType: index === 0 ? undefined : outcomeType, layer } };
}

function segmentAndType(received: string, primary: string): RunwayError {
  const reason = `received ${received} with a segment, expected the primary outcome type ${primary}`;
  const problem = { field: 'query:/outcomeType', code: 'segment-and-outcome-type', reason };
  return new RunwayError('InvalidRequest', 'invalid-request', reason, [problem]);
}

/** Cohorts before the window's own length, so that the share of labels that never come rests on some days. */
const followedDays = 14;
/** Hours are kept for a hundred days. */
const maximumDays = 99;

/** When labels of these rows come, as far as the trailing cohorts of the version tell. */
export async function delaysOf(
  metrics: Pick<GroundTruthMetrics, 'hourlyPerformance'>,
  of: Omit<MetricWindow, 'from' | 'to' | 'layer'>,
  { type, now }: { readonly type: OutcomeType; readonly now: Instant },
): Promise<LabelDelayModel> {
  const windowDays = Math.ceil((type.attributionWindowMinutes * minuteMillis) / dayMillis);
  const to = Math.ceil(toMillis(now) / hourMillis) * hourMillis;
  const from = to - Math.min(maximumDays, windowDays + followedDays) * dayMillis;
  const hours = await metrics.hourlyPerformance({ ...of, from: toInstant(from), to: toInstant(to) });
  const cohorts = hours.flatMap((hour) => labelCohortOf(spanOfHour(hour)) ?? []);
  return labelDelayModel(cohorts, type.attributionWindowMinutes, toMillis(now));
}

/** Hours of more days are read as days. */
const mostDaysOfHours = 92;

/** Of hours, or of days where those would be too many and the oldest are no longer kept. */
export async function spansOf(
  metrics: Pick<GroundTruthMetrics, 'hourlyPerformance' | 'dailyPerformance'>,
  window: MetricWindow,
): Promise<readonly PerformanceSpan[]> {
  return daysIn(window) > mostDaysOfHours
    ? (await metrics.dailyPerformance(window)).map(spanOfDay)
    : (await metrics.hourlyPerformance(window)).map(spanOfHour);
}

export function daysIn({ from, to }: Pick<MetricWindow, 'from' | 'to'>): number {
  return (toMillis(to) - toMillis(from)) / dayMillis;
}
