import { effectiveLooks } from '../../shared/domain/health/effective-looks.ts';
import { chiSquareQuantile } from '../../shared/domain/health/statistics/chi-square-quantile.ts';
import { type Draws, draws } from './random.ts';

const weekMinutes = 7 * 24 * 60;

export type LooksCell = {
  readonly windowMinutes: number;
  readonly intervalMinutes: number;
  readonly alpha: number;
  readonly degreesOfFreedom: number;
};
export type LooksResult = LooksCell & {
  readonly evaluations: number;
  readonly simulated: number;
  readonly standardError: number;
  readonly formula: number;
};

/** Both windows at the tiers' intervals, for two, ten and fifty bins. */
export function looksCells(): readonly LooksCell[] {
  return [weekMinutes, 240, 60].flatMap((windowMinutes) =>
    [5, 15, 30, 45].flatMap((intervalMinutes) =>
      [1, 9, 49].flatMap((degreesOfFreedom) =>
        [1e-5, 1e-7].map((alpha) => ({ windowMinutes, intervalMinutes, alpha, degreesOfFreedom })),
      ),
    ),
  );
}

/**
 * P(some breach in a week) / P(breach at one look), of a window of independent rows whose χ² is looked at again and again.
 * One look is made a breach, and 1 / the number of looks that then breach averages to the probability of the union
 * (Naiman & Priebe 2001, "Computing scan statistic p values using importance sampling"): levels of 10⁻⁷ cost no more
 * than others. The reference is taken as known; its error is common to all looks and makes them fewer.
 */
export function simulateLooks(cell: LooksCell, runs: number, seed: number): LooksResult {
  const steps = Math.max(1, Math.round(cell.windowMinutes / cell.intervalMinutes));
  const evaluations = Math.round(weekMinutes / cell.intervalMinutes);
  const critical = chiSquareQuantile(cell.alpha, cell.degreesOfFreedom);
  const random = draws(seed);
  let [sum, squares] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    const share = evaluations / breachesGivenOne(random, cell, { steps, evaluations, critical });
    sum += share;
    squares += share * share;
  }
  const mean = sum / runs;
  return {
    ...cell,
    evaluations,
    simulated: mean,
    standardError: Math.sqrt(Math.max(0, squares / runs - mean * mean) / runs),
    formula: effectiveLooks(cell, cell.alpha),
  };
}

type Path = { readonly steps: number; readonly evaluations: number; readonly critical: number };

function breachesGivenOne(random: Draws, cell: LooksCell, { steps, evaluations, critical }: Path): number {
  const { degreesOfFreedom: bins } = cell;
  const increments = Float64Array.from({ length: (evaluations + steps - 1) * bins }, random.normal);
  const sumOf = (from: number) => {
    const sums = new Float64Array(bins);
    for (let at = from * bins; at < (from + steps) * bins; at += 1) sums[at % bins]! += increments[at]!;
    return sums;
  };
  const chosen = Math.floor(random.uniform() * evaluations);
  const direction = Array.from({ length: bins }, random.normal);
  const radius = Math.sqrt(
    (steps * chiSquareQuantile(cell.alpha * (1 - random.uniform()), bins)) / squareOf(direction),
  );
  const is = sumOf(chosen);
  for (let at = chosen * bins; at < (chosen + steps) * bins; at += 1)
    increments[at]! += (radius * direction[at % bins]! - is[at % bins]!) / steps;
  const sums = sumOf(0);
  let breaches = 0;
  for (let look = 0; look < evaluations; look += 1) {
    if (look === chosen || squareOf(sums) >= critical * steps) breaches += 1;
    if (look === evaluations - 1) break;
    for (let bin = 0; bin < bins; bin += 1)
      sums[bin]! += increments[(look + steps) * bins + bin]! - increments[look * bins + bin]!;
  }
  return breaches;
}

function squareOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]! ** 2;
  return sum;
}
