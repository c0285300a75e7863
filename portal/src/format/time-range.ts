/** Of a slider. */
export const steps = 200;

type Range = { readonly from: string; readonly to: string };

/** 0..steps, for a moment within or beyond the range. */
export function positionOf({ from, to }: Range, instant: string): number {
  const [start, end, at] = [Date.parse(from), Date.parse(to), Date.parse(instant)];
  if (!(end > start) || Number.isNaN(at)) return steps;
  return Math.max(0, Math.min(steps, Math.round(((at - start) / (end - start)) * steps)));
}

/** The moment at a position, to the minute. */
export function atPosition({ from, to }: Range, position: number): string {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const minute = 60_000;
  // Upwards, so that what began with the range already holds at its beginning.
  const at = Math.ceil((start + ((end - start) * position) / steps) / minute) * minute;
  return new Date(Math.min(at, end)).toISOString();
}

/** As a field for a date and a time holds it: `2001-05-03T14:00`, in UTC. */
export function toField(instant: string): string {
  return instant.slice(0, 16);
}

/** Of such a field; undefined while it is incomplete. */
export function toInstant(field: string): string | undefined {
  const at = Date.parse(`${field}Z`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
