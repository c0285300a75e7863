/** `YYYY-MM-DDTHH:MM:SS.nnnnnnnnnZ`: UTC with nanoseconds, so that text sorts as time. */
export type EventTime = string;

const pattern =
  /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9})\d*)?\s*([Zz]|[+-]\d\d(?::?\d\d)?)?(?:\[[^\]]{1,60}\])?$/;

/**
 * As clients write it, undefined when it is none: a missing zone is UTC, as Marquez takes it, and a fraction may have up
 * to nanoseconds. What is later than year 9999 or before year 1 is none.
 */
export function parseEventTime(text: string): EventTime | undefined {
  const [, day = '', clock = '', fraction = '', zone = 'Z'] = pattern.exec(text.trim()) ?? [];
  if (day === '') return undefined;
  const millis = Date.parse(`${day}T${clock.length === 5 ? `${clock}:00` : clock}${offsetOf(zone)}`);
  if (Number.isNaN(millis)) return undefined;
  const whole = new Date(millis).toISOString();
  return /^\d{4}-/.test(whole) ? `${whole.slice(0, 19)}.${fraction.padEnd(9, '0')}Z` : undefined;
}

/** With milliseconds, as everywhere else. */
export function toWireInstant(time: EventTime): string {
  return `${time.slice(0, 23)}Z`;
}

function offsetOf(zone: string): string {
  if (zone.length === 1) return 'Z';
  const digits = zone.replace(':', '');
  return `${digits.slice(0, 3)}:${digits.slice(3).padEnd(2, '0')}`;
}
