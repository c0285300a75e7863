import type { PerformanceExtras } from './aggregates.ts';
import { mergeAllPerformance } from './performance.ts';
import { mergeRankings } from './ranking.ts';
import { sumCounts } from './sparse-counts.ts';

type Detailed = PerformanceExtras & { readonly predictions: number };

/** Of all points together; what none of them knows is left out. */
export function mergeExtras(points: readonly Detailed[]): PerformanceExtras {
  const delays = points.map((point) => point.delays).filter((counts) => counts !== undefined);
  const imputed = mergeAllPerformance(points.flatMap((point) => point.imputed ?? []));
  const ranking = mergeRankings(points.flatMap((point) => point.ranking ?? []));
  return {
    ...(points.some(({ served }) => served !== undefined) && {
      served: points.reduce((sum, point) => sum + (point.served ?? point.predictions), 0),
    }),
    ...(delays.length > 0 && { delays: sumCounts(delays) }),
    ...(imputed !== undefined && { imputed }),
    ...(ranking !== undefined && { ranking }),
  };
}
