import type { Instant } from '../time.ts';

/** `11,213` */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Three decimals at most, `0.07`; whole above a hundred, `118`; `3e-5` where three decimals would say nothing. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return size >= 0.001 || value === 0 ? String(Number(value.toFixed(3))) : value.toExponential(0);
}

/** `p 0.012`, `p 4e-5`, or that there is none. */
export function pValueText(pValue: number | null): string {
  if (pValue === null) return 'no p-value';
  return pValue === 0 ? 'p < 1e-300' : `p ${figure(pValue)}`;
}

/** `2001-05-03 14:00 UTC` */
export function momentText(instant: Instant): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

/** `7 days`, `1 day`, `5.5 days` */
export function daysText(days: number): string {
  const rounded = Number(days.toFixed(1));
  return `${rounded} ${rounded === 1 ? 'day' : 'days'}`;
}

export function neededRowsText(needed: number, has: number): string {
  return `needs ${countText(needed)} rows, has ${countText(has)}`;
}
