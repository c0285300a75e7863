import { outcomeTypesOf } from '../ground-truth/outcome-types.ts';
import type { ModelState } from '../registry/model.ts';
import { dayMillis, hourMillis, type Instant, minuteMillis, toInstant, toMillis } from '../time.ts';
import { minimumBlocks } from './verdict/block-evidence.ts';

export type Window = { readonly from: Instant /** Exclusive. */; readonly to: Instant };

/** Whole hours, because ground truth is aggregated by the hour; never before the champion's deployment. */
type EvaluationWindows = {
  /** Of drift: the trailing days up to the moment of the evaluation. */
  readonly predictions: Window;
  /** Of how predictions vary from day to day: at least eight days, where there are so many. */
  readonly variance: Window;
  /** The first 24 hours after the deployment; absent until they are over. */
  readonly firstDay: Window | undefined;
  /** Of performance: as many days, at least eight, up to the last hour whose attribution window has closed. */
  readonly outcomes: Window;
};

/**
 * `open`: evaluated now, the running hour holds only what is past and counts. `closed`: evaluated as of a past moment,
 * its hour also holds what came after it and is left out.
 */
export function evaluationWindows(
  model: Pick<ModelState, 'policy' | 'definition'>,
  deployedAt: Instant,
  evaluatedAt: Instant,
  runningHour: 'open' | 'closed',
): EvaluationWindows {
  const now = toMillis(evaluatedAt);
  const end = runningHour === 'open' ? Math.ceil(now / hourMillis) * hourMillis : startOfHour(now);
  const { attributionWindowMinutes = 0 } = outcomeTypesOf(model.definition)[0] ?? {};
  const closedEnd = startOfHour(now - attributionWindowMinutes * minuteMillis);
  const { windowDays } = model.policy;
  const trailing = (to: number, days: number): Window => {
    const from = Math.max(to - days * dayMillis, startOfHour(toMillis(deployedAt)));
    return { from: toInstant(Math.min(from, to)), to: toInstant(to) };
  };
  return {
    predictions: trailing(end, windowDays),
    firstDay: firstDayOf(deployedAt, end),
    variance: trailing(end, Math.max(windowDays, minimumBlocks)),
    outcomes: trailing(closedEnd, Math.max(windowDays, minimumBlocks)),
  };
}

function firstDayOf(deployedAt: Instant, end: number): Window | undefined {
  const from = startOfHour(toMillis(deployedAt));
  return from + dayMillis > end ? undefined : { from: toInstant(from), to: toInstant(from + dayMillis) };
}

function startOfHour(millis: number): number {
  return Math.floor(millis / hourMillis) * hourMillis;
}
