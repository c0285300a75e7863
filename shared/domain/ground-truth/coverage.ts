import { hourMillis, hourStart, type Instant, minuteMillis, toMillis } from '../time.ts';
import type { Coverage, HourlyPerformance } from './aggregates.ts';

/**
 * Share of the predictions whose outcome came, among those whose attribution window closed by `now`. An hour closes
 * when the window of its last possible prediction does. The ratio is null while no hour with predictions has closed.
 */
export function coverageOf(
  hours: readonly HourlyPerformance[],
  attributionWindowMinutes: number,
  now: Instant,
): Coverage {
  const lastClosedStart = toMillis(now) - attributionWindowMinutes * minuteMillis - hourMillis;
  const sums = { predictions: 0, closed: 0, attributed: 0, attributedClosed: 0 };
  for (const { hour, predictions, performance } of hours) {
    const attributed = performance?.n ?? 0;
    sums.predictions += predictions;
    sums.attributed += attributed;
    if (toMillis(hourStart(hour)) > lastClosedStart) continue;
    sums.closed += predictions;
    sums.attributedClosed += attributed;
  }
  return { ...sums, coverageRatio: sums.closed === 0 ? null : sums.attributedClosed / sums.closed };
}
