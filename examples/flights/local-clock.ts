export const minutesPerDay = 1_440;

/** Of minutes since the epoch, as if the local clock were UTC. */
export function localHour(minute: number): number {
  return Math.floor(minute / 60) % 24;
}

/** 0 is Sunday. */
export function localWeekday(minute: number): number {
  // 1 January 1970 was a Thursday.
  return (Math.floor(minute / minutesPerDay) + 4) % 7;
}
