import { dayMillis, type Instant, toInstant, toMillis } from '../time.ts';

/** How a window is cut into stretches of equal numbers of whole UTC days; the last one may be shorter. */
export type BlockCalendar = {
  readonly count: number;
  /** 0-based; the time lies in the window. */
  indexOf(millis: number): number;
  /** Half open. */
  boundsOf(index: number): { readonly from: Instant; readonly to: Instant };
};

const maximumBlocks = 60;

/** Days of the window from `from` to `to`, both included; several days to a block when there are more than 60. */
export function blockCalendar(from: Instant, to: Instant): BlockCalendar {
  const firstDay = Math.floor(toMillis(from) / dayMillis);
  const days = Math.floor(toMillis(to) / dayMillis) - firstDay + 1;
  const daysPerBlock = Math.max(1, Math.ceil(days / maximumBlocks));
  const startOf = (block: number) => toInstant((firstDay + Math.min(block * daysPerBlock, days)) * dayMillis);
  return {
    count: Math.ceil(days / daysPerBlock),
    indexOf: (millis) => Math.floor((Math.floor(millis / dayMillis) - firstDay) / daysPerBlock),
    boundsOf: (index) => ({ from: startOf(index), to: startOf(index + 1) }),
  };
}
