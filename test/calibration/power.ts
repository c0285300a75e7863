import { populationStabilityIndex } from '../../shared/domain/health/population-stability-index.ts';
import { plainShares } from '../../shared/domain/health/smoothed-shares.ts';
import { type DistributionName, distributionOf } from './distributions.ts';
import { draws } from './random.ts';
import { type layouts, shiftSampler } from './shift-samplers.ts';
import { type DependenceName, tiltedShares } from './streams.ts';

export type PowerCell = {
  readonly detector: keyof typeof layouts;
  readonly distribution: DistributionName;
  readonly dependence: DependenceName;
  readonly n: number;
  /** Of the shifted population, without blocks. */
  readonly psi: number;
  readonly seed: number;
  readonly runs: number;
};
export type PowerResult = PowerCell & { readonly breachRatio: number; readonly abstainedRatio: number };

export const psis = [0.25, 0.3, 0.5, 1] as const;
const detectors = ['rows, equal sides', 'day blocks', 'one hour, against days'] as const;

export function powerCells(sizes: readonly number[], runs: number): readonly PowerCell[] {
  return detectors
    .flatMap((detector) =>
      (['normal', 'Zipf', 'binary'] as const).flatMap((distribution) =>
        (detector === 'rows, equal sides'
          ? (['independent'] as const)
          : (['independent', 'autoregressive', 'day-clustered'] as const)
        ).flatMap((dependence) =>
          psis.flatMap((psi) => sizes.map((n) => ({ detector, distribution, dependence, psi, n, runs }))),
        ),
      ),
    )
    .map((cell, index) => ({ ...cell, seed: 9_000 + index }));
}

/** How often a shift of this size breaches. */
export function runPower(cell: PowerCell): PowerResult {
  const distribution = distributionOf(cell.distribution);
  const tilt = tiltOf(distribution.shares, cell.psi);
  const next = shiftSampler(cell.detector, { ...cell, draws: draws(cell.seed), distribution, tilt });
  let [breaches, abstained] = [0, 0];
  for (let run = 0; run < cell.runs; run += 1) {
    const { isBreach, isAbstention } = next();
    if (isBreach) breaches += 1;
    if (isAbstention) abstained += 1;
  }
  return { ...cell, breachRatio: breaches / cell.runs, abstainedRatio: abstained / cell.runs };
}

/** The shift on the normal scale that has this PSI, by bisection. */
export function tiltOf(shares: readonly number[], psi: number): number {
  let [low, high] = [0, 6];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    const found = populationStabilityIndex(shares, [...tiltedShares(shares, middle, 1)], plainShares).value ?? 0;
    if (found < psi) low = middle;
    else high = middle;
  }
  return high;
}
