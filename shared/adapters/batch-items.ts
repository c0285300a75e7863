import { encodePerformance } from '../domain/ground-truth/aggregate-codec.ts';
import type { DayMetrics } from '../domain/ground-truth/batch/metric-rows.ts';

/** A day's metrics as they are stored, encoded as those of the stream's join are. */
export function batchItems({ date, hours, day }: DayMetrics) {
  return {
    hours: hours.map(({ hour, points }) => ({
      hour: `${date}T${String(hour).padStart(2, '0')}`,
      data: encodePerformance(points),
    })),
    daily: encodePerformance([day]),
  };
}
