import type { HourlyPerformance, Performance } from '../ground-truth/aggregates.ts';
import { mergeForJudging } from '../ground-truth/performance.ts';
import { dayMillis, hourMillis, hourStart, type Instant, toMillis } from '../time.ts';

/** The predictions of 24 hours and what is known of them, whenever it came. */
export type DayCohort = { readonly predictions: number; readonly performance?: Performance };

type Known = { readonly end: Instant; readonly cohorts: readonly DayCohort[] };

// Several signals ask for the same cohorts of an evaluation, and merging a week of hours is dear.
const known = new WeakMap<readonly HourlyPerformance[], Known>();

/**
 * Stretches of 24 hours counted back from `end`, oldest first, so that each holds every hour of the day; hours left
 * over at the beginning join the oldest. Rows of one day share its weather, so a day, not a row, is the unit that
 * evidence counts. Stretches without a prediction are left out.
 */
export function dayCohorts(hours: readonly HourlyPerformance[], end: Instant): readonly DayCohort[] {
  const before = known.get(hours);
  if (before?.end === end) return before.cohorts;
  const cohorts = merged(hours, end);
  known.set(hours, { end, cohorts });
  return cohorts;
}

function merged(hours: readonly HourlyPerformance[], end: Instant): readonly DayCohort[] {
  const [first] = hours;
  if (first === undefined) return [];
  const endMillis = toMillis(end);
  const ageDays = (hour: string) => (endMillis - toMillis(hourStart(hour)) - hourMillis) / dayMillis;
  const oldest = Math.max(1, Math.floor(ageDays(first.hour) + hourMillis / dayMillis)) - 1;
  const parts = Map.groupBy(hours, ({ hour }) => Math.min(oldest, Math.floor(ageDays(hour))));
  return [...parts]
    .sort(([a], [b]) => b - a)
    .map(([, cohort]) => {
      const performance = mergeForJudging(cohort.flatMap((hour) => hour.performance ?? []));
      const predictions = cohort.reduce((sum, hour) => sum + hour.predictions, 0);
      return { predictions, ...(performance !== undefined && { performance }) };
    });
}
