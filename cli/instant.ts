import type { Cell } from '../shared/ports/table.ts';

/** Unix seconds reach this in the year 5138, milliseconds did in 1973. */
const firstMilliseconds = 1e11;

const isoWithoutZone = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/;
const isoWithZone = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)$/i;

/**
 * Unix seconds of Unix seconds or milliseconds (told by their size) or ISO-8601 text, which is UTC unless it names a
 * zone. Undefined for anything else.
 */
export function unixSeconds(cell: Cell): number | undefined {
  if (cell === null || typeof cell === 'boolean' || cell === '') return undefined;
  const number = Number(cell);
  if (Number.isFinite(number)) return Math.abs(number) < firstMilliseconds ? number : number / 1_000;
  const text = String(cell).trim();
  if (isoWithZone.test(text)) return secondsOf(Date.parse(text.replace(' ', 'T')));
  return isoWithoutZone.test(text) ? secondsOf(Date.parse(`${withTime(text.replace(' ', 'T'))}Z`)) : undefined;
}

function withTime(text: string): string {
  return text.includes('T') ? text : `${text}T00:00:00`;
}

function secondsOf(milliseconds: number): number | undefined {
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1_000;
}
