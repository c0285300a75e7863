import { toInstant } from '../../time.ts';

/** A text as a literal; what it holds cannot end it. */
export function textLiteral(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Milliseconds since the epoch, as the tables hold times: UTC without a zone. */
export function timestampLiteral(millis: number): string {
  return `TIMESTAMP '${toInstant(millis).replace('T', ' ').replace('Z', '')}'`;
}

/** With an exponent, because without one both engines would take it for a decimal. */
export function doubleLiteral(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`received ${value}, expected a finite number`);
  return value.toExponential();
}

/** `2026-01-31T05`, the partition that rows of that moment's arrival are in. */
export function arrivalHour(millis: number): string {
  return toInstant(millis).slice(0, 13);
}
