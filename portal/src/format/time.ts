const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const moment = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** `3 May 2001, 14:00 UTC` */
export function momentText(instant: string): string {
  return `${moment.format(new Date(instant))} UTC`;
}

/** `3 May 2001`, the day in UTC. */
export function dateText(instant: string): string {
  return date.format(new Date(instant));
}

/** `24 Apr 2001 – 1 May 2001 UTC` */
export function windowText({ from, to }: { readonly from: string; readonly to: string }): string {
  return `${dateText(from)} – ${dateText(to)} UTC`;
}

/** `3 d`, `5 h`, `12 min`; `now` below a minute. */
export function durationText(milliseconds: number): string {
  const length = Math.abs(milliseconds);
  if (length < minute) return 'now';
  if (length < hour) return `${Math.floor(length / minute)} min`;
  if (length < 2 * day) return `${Math.floor(length / hour)} h`;
  return `${Math.floor(length / day)} d`;
}

/** `3 d ago`; without a now the day itself. */
export function agoText(instant: string, now: string | undefined): string {
  if (now === undefined) return dateText(instant);
  const text = durationText(Date.parse(now) - Date.parse(instant));
  return text === 'now' ? 'just now' : `${text} ago`;
}
