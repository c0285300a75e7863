/** e^(-x π² / 2) is no longer a double. */
const underflow = 151;

/**
 * P(W² ≥ x) of the limiting Cramér–von Mises distribution, by Smirnov's integral (Smirnov 1936; Durbin 1973, eq. 5.3)
 * (1/π) Σₖ (-1)^(k-1) ∫ (2/u) √(u / |sin u|) e^(-x u² / 2) du over ((2k-1)π, 2kπ). It gives the tail itself, which one
 * minus the usual Bessel series loses below 1e-7.
 */
export function cramerVonMisesTail(x: number): number {
  // Below this the tail is 1 to the last digit, and the alternating sum would be long.
  if (x < 0.003) return 1;
  if (x > underflow) return 0;
  let sum = 0;
  for (let k = 1; ; k += 1) {
    const start = (2 * k - 1) * Math.PI;
    if (k > 1 && (x / 2) * (start * start - Math.PI ** 2) > 40) break;
    sum += (k % 2 === 1 ? 1 : -1) * integral(start, x);
  }
  return Math.min(1, Math.max(0, sum / Math.PI));
}

/**
 * u = start + π/2 (1 - cos θ) takes the inverse square roots off both ends, and midpoints then converge to all digits;
 * a narrower peak needs more of them.
 */
function integral(start: number, x: number): number {
  const points = 64 + Math.ceil(16 * Math.sqrt(x));
  let sum = 0;
  for (let i = 0; i < points; i += 1) {
    const theta = ((i + 0.5) * Math.PI) / points;
    const offset = Math.PI * Math.sin(theta / 2) ** 2;
    const u = start + offset;
    const weight = Math.sin(theta) / Math.sqrt(Math.sin(offset));
    sum += (weight * 2 * Math.exp((-x * u * u) / 2)) / Math.sqrt(u);
  }
  return (sum * Math.PI ** 2) / (2 * points);
}
