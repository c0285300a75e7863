import { upperBound } from './bounds.ts';
import type { Cell, CellResult } from './cells.ts';
import { distributionOf } from './distributions.ts';
import { performanceSampler } from './performance-samplers.ts';
import { draws } from './random.ts';
import { type Sample, shiftSampler, unseenSampler } from './shift-samplers.ts';
import { valueSampler } from './value-samplers.ts';

/** The upper 99 % bound of the false-alarm rate is at most this many times nominal. */
export const tolerated = 1.5;

/** False alarms of one situation in which nothing drifts; the same for the same seed. */
export function runCell(cell: Cell): CellResult {
  const next = samplerOf(cell);
  const hits = cell.alphas.map(() => 0);
  let [runs, abstained, breaches] = [0, 0, 0];
  for (const stage of cell.stages) {
    for (; runs < stage; runs += 1) {
      const { pValue, isBreach, isAbstention } = next();
      if (isAbstention) abstained += 1;
      if (isBreach) breaches += 1;
      if (pValue === null) continue;
      for (const [i, alpha] of cell.alphas.entries()) if (pValue < alpha) hits[i]! += 1;
    }
    if (cell.role === 'informs' || meets({ cell, runs, hits })) break;
  }
  return { cell, runs, abstained, hits, breaches };
}

/** Each stage is one more look at the bound, and pays for it. */
export function meets({ cell, runs, hits }: Pick<CellResult, 'cell' | 'runs' | 'hits'>): boolean {
  // Nothing is left to chance: no false alarm in one run is none in any.
  if (isDetermined(cell) && hits.every((count) => count === 0)) return true;
  return cell.alphas.every((alpha, i) => boundOf(cell, hits[i]!, runs) <= tolerated * alpha);
}

export function isDetermined({ distribution }: Cell): boolean {
  return distribution === 'constant' || distribution === 'all missing';
}

export function boundOf({ stages }: Cell, hits: number, runs: number): number {
  return upperBound(hits, runs, 0.01 / stages.length);
}

function samplerOf({ detector, distribution: name, dependence, n, seed }: Cell): () => Sample {
  const situation = { draws: draws(seed), distribution: distributionOf(name), dependence, n };
  switch (detector) {
    case 'rows, equal sides':
    case 'rows, reference of ten times':
    case 'day blocks':
    case 'one hour, against weeks':
    case 'one hour, against days':
    case 'too few blocks':
      return shiftSampler(detector, situation);
    case 'unseen categories':
      return unseenSampler(situation);
    case 'AUC':
    case 'log-loss skill':
    case 'calibration bias':
    case 'RMSE':
      return performanceSampler(detector, situation);
    case 'Kolmogorov–Smirnov':
    case 'Mann–Whitney':
    case 'Cramér–von Mises':
    case 'MMD, permuted':
      return valueSampler(detector, { ...situation, distribution: name });
  }
}
