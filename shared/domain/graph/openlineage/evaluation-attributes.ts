import type { Attributes } from '../entities.ts';

type Result = {
  readonly metric: string;
  readonly status: string;
  readonly severity?: string | undefined;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
};

/** Of a test or a check; `value` where what was found is a number. */
export function evaluationAttributes({ metric, status, severity, expected, actual }: Result): Attributes {
  const value = actual === undefined || actual.trim() === '' ? Number.NaN : Number(actual);
  return {
    ...textAttributes({ metric, status, severity, expected, actual }),
    ...(Number.isFinite(value) && { value }),
  };
}

/** Those that say something. */
export function textAttributes(given: Readonly<Record<string, string | undefined>>): Attributes {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, value]])),
  );
}
