/** Powers of ten are taken out when a matrix grows beyond this. */
const large = 1e140;

type Scaled = { readonly entries: Float64Array; readonly exponent: number };

/**
 * P(D < x) of the one-sample two-sided Kolmogorov–Smirnov statistic, exact, by a matrix power (Durbin 1973; Marsaglia,
 * Tsang & Wang 2003). O((n x)³ log n).
 */
export function kolmogorovMatrix(n: number, x: number): number {
  const k = Math.floor(n * x) + 1;
  const size = 2 * k - 1;
  const power = powerOf({ entries: transition(k, k - n * x), exponent: 0 }, size, n);
  let probability = power.entries[(k - 1) * size + k - 1]!;
  let exponent = power.exponent;
  for (let i = 1; i <= n; i += 1) {
    probability *= i / n;
    if (probability < 1 / large) {
      probability *= large;
      exponent -= 140;
    }
  }
  return Math.min(1, probability * 10 ** exponent);
}

function transition(k: number, h: number): Float64Array {
  const size = 2 * k - 1;
  const matrix = Float64Array.from({ length: size * size }, (_, at) =>
    Math.floor(at / size) - (at % size) + 1 < 0 ? 0 : 1,
  );
  for (let i = 0; i < size; i += 1) {
    matrix[i * size]! -= h ** (i + 1);
    matrix[(size - 1) * size + i]! -= h ** (size - i);
  }
  matrix[(size - 1) * size]! += 2 * h - 1 > 0 ? (2 * h - 1) ** size : 0;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) for (let g = 2; g <= i - j + 1; g += 1) matrix[i * size + j]! /= g;
  }
  return matrix;
}

function powerOf(base: Scaled, size: number, n: number): Scaled {
  if (n === 1) return base;
  const half = powerOf(base, size, Math.floor(n / 2));
  const square = product(half, half, size);
  return n % 2 === 0 ? square : product(base, square, size);
}

function product(left: Scaled, right: Scaled, size: number): Scaled {
  const entries = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k < size; k += 1) {
      const factor = left.entries[i * size + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < size; j += 1) entries[i * size + j]! += factor * right.entries[k * size + j]!;
    }
  }
  const exponent = left.exponent + right.exponent;
  const middle = entries[(size >> 1) * size + (size >> 1)]!;
  if (middle < large) return { entries, exponent };
  return { entries: entries.map((entry) => entry / large), exponent: exponent + 140 };
}
