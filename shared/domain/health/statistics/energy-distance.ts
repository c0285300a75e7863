import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { type PlacedCounts, whyEmpty } from './ordered-counts.ts';
import { integrateGap } from './wasserstein.ts';

/**
 * Energy distance √(2 ∫ (F - G)²) of two samples, in the root of their unit (Székely & Rizzo 2013): the root of
 * 2 E|X - Y| - E|X - X'| - E|Y - Y'|.
 */
export function energyDistance(samples: PlacedCounts): { readonly value: number } | UndefinedStatistic {
  const reason = whyEmpty(samples);
  if (reason !== undefined) return undefinedStatistic(reason);
  const value = Math.sqrt(2 * integrateGap(samples, (gap) => gap * gap));
  return Number.isFinite(value) ? { value } : undefinedStatistic('the values span more than a double holds');
}
