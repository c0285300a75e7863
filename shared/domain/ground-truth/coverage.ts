import { hourMillis, hourStart, type Instant, minuteMillis, toMillis } from '../time.ts';
import type { Coverage, FiveMinutePerformance, HourlyPerformance } from './aggregates.ts';

type Span = { readonly from: Instant; readonly predictions: number; readonly attributed: number };

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
    from: hourStart(hour),
    predictions,
    attributed: performance?.n ?? 0,
  }));
  return coverageOfSpans(spans, hourMillis, toMillis(now) - attributionWindowMinutes * minuteMillis);
}

/** The same over five-minute points, which close sooner than their hour. */
export function coverageOfPoints(
  points: readonly FiveMinutePerformance[],
  attributionWindowMinutes: number,
  now: Instant,
): Coverage {
  const spans = points.map(({ from, predictions, performance }) => ({ from, predictions, attributed: performance.n }));
  return coverageOfSpans(spans, 5 * minuteMillis, toMillis(now) - attributionWindowMinutes * minuteMillis);
}

/** Predictions made before `closedBefore` (milliseconds since the epoch) can no longer get an outcome. */
function coverageOfSpans(spans: readonly Span[], spanMillis: number, closedBefore: number): Coverage {
  const sums = { predictions: 0, closed: 0, attributed: 0, attributedClosed: 0 };
  for (const { from, predictions, attributed } of spans) {
    sums.predictions += predictions;
    sums.attributed += attributed;
    if (toMillis(from) + spanMillis > closedBefore) continue;
    sums.closed += predictions;
    sums.attributedClosed += attributed;
  }
  return { ...sums, coverageRatio: sums.closed === 0 ? null : sums.attributedClosed / sums.closed };
}
