import type { Blocks } from '../../shared/domain/health/verdict/block-spread.ts';

/** Rows by bin for each day that has any, in the order of time; rows without a bin (-1) make no day. */
export function dayCounts(days: Int32Array, binOfRow: (row: number) => number, bins: number): Blocks {
  const countsByDay = new Map<number, number[]>();
  for (let row = 0; row < days.length; row += 1) {
    const bin = binOfRow(row);
    if (bin < 0) continue;
    const day = days[row]!;
    let counts = countsByDay.get(day);
    if (counts === undefined) {
      counts = Array.from({ length: bins }, () => 0);
      countsByDay.set(day, counts);
    }
    counts[bin]! += 1;
  }
  return [...countsByDay].sort(([a], [b]) => a - b).map(([, counts]) => counts);
}
