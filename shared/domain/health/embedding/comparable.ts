import type { Matrix } from './matrix.ts';

/** Why rows matched by id cannot be compared coordinate by coordinate; undefined when they can. */
export function whyUnmatched(reference: Matrix, current: Matrix): string | undefined {
  return whyDifferentRows(reference, current) ?? whyDifferentSpaces(reference, current);
}

/** For what compares neighbourhoods and not coordinates: the dimensions may differ. */
export function whyDifferentRows(reference: Matrix, current: Matrix): string | undefined {
  if (reference.rows !== current.rows)
    return `${reference.rows} rows against ${current.rows}: rows must be matched by id`;
  if (reference.rows === 0) return 'no id is in both versions';
  return whyNotFinite(reference, current);
}

/** For populations, whose rows need not match. */
export function whyDifferentSpaces(reference: Matrix, current: Matrix): string | undefined {
  if (reference.rows === 0 || current.rows === 0) return 'a side has no vector';
  return reference.columns === current.columns
    ? whyNotFinite(reference, current)
    : `the dimensions differ: ${reference.columns} against ${current.columns}`;
}

function whyNotFinite(reference: Matrix, current: Matrix): string | undefined {
  const areFinite = reference.values.every(Number.isFinite) && current.values.every(Number.isFinite);
  return areFinite ? undefined : 'a coordinate is not a finite number';
}
