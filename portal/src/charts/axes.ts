import type { Colors } from './colors.ts';

const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const hours = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** `3 May`, and the hour between the days. All in UTC, whatever the browser's zone. */
function tickText(time: number): string {
  return time % 86_400_000 === 0 ? dayText(time) : hours.format(time);
}

/** `3 May`, in UTC. */
export function dayText(time: number): string {
  return days.format(time);
}

/** Needs `useUTC` beside it. */
export function timeAxis(colors: Colors, range: { readonly from: number; readonly to: number }) {
  return {
    type: 'time',
    min: range.from,
    max: range.to,
    splitNumber: 8,
    axisLabel: {
      color: colors.muted,
      fontSize: 12,
      hideOverlap: true,
      alignMinLabel: 'left',
      alignMaxLabel: 'right',
      formatter: tickText,
    },
    axisLine: { lineStyle: { color: colors['line-strong'] } },
    axisTick: { show: false },
    splitLine: { show: false },
  } as const;
}
