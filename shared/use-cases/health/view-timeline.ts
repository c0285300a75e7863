import { RunwayError } from '../../domain/errors.ts';
import { downsample, stepMinutesOf } from '../../domain/health/timeline.ts';
import { dayMillis, type Instant, toInstant, toMillis } from '../../domain/time.ts';
import type { EvaluationStore } from '../../ports/evaluation-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadModel } from '../registry/change-model.ts';

export type TimelineQuery = {
  readonly modelId: string;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  readonly points: number;
  readonly now: Instant;
};

const defaultDays = 30;
/** An hour of points is an item of up to 2 KB. */
const maximumDays = 92;

/** Throws `NotFound` and `InvalidRequest` (codes `empty-window`, `window-too-long`). */
export async function viewTimeline(
  { events, evaluations }: { readonly events: EventStore; readonly evaluations: EvaluationStore },
  { modelId, points, now, ...query }: TimelineQuery,
) {
  const { state } = await loadModel(events, modelId);
  const to = query.to ?? now;
  const from = query.from ?? toInstant(toMillis(to) - defaultDays * dayMillis);
  expectTimelineWindow(from, to);
  const stepMinutes = stepMinutesOf(from, to, points);
  const steps = downsample(await evaluations.timeline(modelId, { from, to }), { from, stepMinutes });
  return { modelId, from, to, stepMinutes, points: steps, threshold: state.policy.stalenessThreshold };
}

function expectTimelineWindow(from: Instant, to: Instant): void {
  if (from >= to) throw unusable('from', 'empty-window', `expected a moment before ${to}, got ${from}`);
  if (toMillis(to) - toMillis(from) > maximumDays * dayMillis)
    throw unusable('from', 'window-too-long', `expected at most ${maximumDays} days`);
}

function unusable(field: string, code: string, reason: string): RunwayError {
  return new RunwayError('InvalidRequest', code, reason, [{ field: `query:/${field}`, code, reason }]);
}
