import { expect } from 'vitest';

/** 1e-9 relative, as the oracles promise for statistics; p-values are given 1e-6. */
export function expectClose(actual: number | null | undefined, expected: number | null, relative = 1e-9): void {
  if (expected === null) expect(actual).toBeNull();
  else expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(relative * Math.abs(expected) + 1e-15);
}
