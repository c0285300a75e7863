import { decodePerformanceHour } from '../domain/ground-truth/aggregate-codec.ts';
import type { HourlyPerformance } from '../domain/ground-truth/aggregates.ts';
import { mergeHours } from '../domain/ground-truth/merge-window.ts';
import { type PerformanceRows, performanceHour, performanceRows } from '../domain/ground-truth/performance-codec.ts';

type HourRow = Omit<HourlyPerformance, 'performance'> & { readonly performance?: PerformanceRows };

/** Encoded points of any hours, those of an hour together. */
export type StoredPoints = readonly { readonly hour: string; readonly data: Uint8Array }[];

export function hoursOfPoints(stored: StoredPoints): readonly HourlyPerformance[] {
  return mergeHours(stored.map(({ hour, data }) => ({ hour, value: decodePerformanceHour(data) })));
}

/** As they are remembered: as text, a week of a model takes a tenth of the memory that it takes as objects. */
export function textOfHours(hours: readonly HourlyPerformance[]): string {
  return JSON.stringify(hours.map(rowOfHour));
}

/** In memory: a runtime keeps text without any wide character in one byte each. */
export function bytesOfText(text: string): number {
  return text.length;
}

export function hoursOfText(text: string): readonly HourlyPerformance[] {
  return (JSON.parse(text) as readonly HourRow[]).map(hourOfRow);
}

function rowOfHour({ performance, ...rest }: HourlyPerformance): HourRow {
  const { predictions } = rest;
  return { ...rest, ...(performance && { performance: performanceRows([{ index: 0, predictions, performance }]) }) };
}

function hourOfRow({ performance, ...rest }: HourRow): HourlyPerformance {
  const [point] = performance === undefined ? [] : performanceHour(performance);
  return { ...rest, ...(point && { performance: point.performance }) };
}
