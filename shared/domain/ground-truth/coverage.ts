import { hourMillis, hourStart, type Instant, minuteMillis, toMillis } from '../time.ts';
import type { Coverage, HourlyPerformance } from './aggregates.ts';

/** Milliseconds since the epoch. */
type Span = { readonly to: number; readonly predictions: number; readonly attributed: number };

/**
 * Share of the predictions whose outcome came, among those whose attribution window closed by `now`. An hour closes
 * when the window of its last possible prediction does. The ratio is null while no hour with predictions has closed.
 */
export function coverageOf(
  hours: readonly HourlyPerformance[],
  attributionWindowMinutes: number,
  now: Instant,
): Coverage {
  const spans = hours.map(({ hour, predictions, performance }) => ({
    to: toMillis(hourStart(hour)) + hourMillis,
    predictions,
    attributed: performance?.n ?? 0,
  }));
  return coverageOfSpans(spans, toMillis(now) - attributionWindowMinutes * minuteMillis);
}

/** Predictions made before `closedBefore` (milliseconds since the epoch) can no longer get an outcome. */
export function coverageOfSpans(spans: readonly Span[], closedBefore: number): Coverage {
  const sums = { predictions: 0, closed: 0, attributed: 0, attributedClosed: 0 };
  for (const { to, predictions, attributed } of spans) {
    sums.predictions += predictions;
    sums.attributed += attributed;
    if (to > closedBefore) continue;
    sums.closed += predictions;
    sums.attributedClosed += attributed;
  }
  return { ...sums, coverageRatio: sums.closed === 0 ? null : sums.attributedClosed / sums.closed };
}
