import type { HourlyPerformance, Performance } from '../ground-truth/aggregates.ts';
import { mergeForJudging } from '../ground-truth/performance.ts';
import { dayMillis, hourMillis, hourStart, type Instant, toMillis } from '../time.ts';

/**
 * Stretches of 24 hours counted back from `end`, oldest first, so that each holds every hour of the day; hours left
 * over at the beginning join the oldest. Rows of one day share its weather, so a day, not a row, is the unit that
 * evidence counts. Stretches without an attributed prediction are left out.
 */
export function dayBlocks(hours: readonly HourlyPerformance[], end: Instant): readonly Performance[] {
  const [first] = hours;
  if (first === undefined) return [];
  const endMillis = toMillis(end);
  const ageDays = (hour: string) => (endMillis - toMillis(hourStart(hour)) - hourMillis) / dayMillis;
  const oldest = Math.max(1, Math.floor(ageDays(first.hour) + hourMillis / dayMillis)) - 1;
  const parts = Map.groupBy(
    hours.filter((hour) => hour.performance !== undefined),
    ({ hour }) => Math.min(oldest, Math.floor(ageDays(hour))),
  );
  return [...parts]
    .sort(([a], [b]) => b - a)
    .flatMap(([, block]) => mergeForJudging(block.flatMap(({ performance }) => performance ?? [])) ?? []);
}
