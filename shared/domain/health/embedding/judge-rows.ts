import { type EmbeddingCheck, judgeCheck } from './embedding-check.ts';
import type { EmbeddingLimits } from './embedding-limits.ts';
import type { MatchedRows } from './usable-rows.ts';

/** What became of the matched ids' vectors, and for how many of the reference's ids the verdict speaks. */
export function judgeRows(rows: MatchedRows, limits: EmbeddingLimits): readonly EmbeddingCheck[] {
  const n = rows.matched;
  if (n === 0) return [];
  return [
    judgeCheck({
      name: 'spoiledVectors',
      label: 'share of ids whose vector is no longer finite or has no length',
      value: rows.spoiled / Math.max(1, n),
      worse: 'higher',
      limits: limits.spoiledVectorsRatio,
      n,
    }),
    judgeCheck({
      name: 'idCoverage',
      label: 'share of the reference’s ids that are still there',
      value: rows.coverage ?? 0,
      worse: 'lower',
      limits: limits.idCoverageRatio,
      n,
    }),
  ];
}
