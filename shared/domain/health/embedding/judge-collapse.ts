import { undefinedStatistic } from '../undefined-statistic.ts';
import { effectiveRank } from './effective-rank.ts';
import { type EmbeddingCheck, judgeCheck, statedCheck } from './embedding-check.ts';
import type { EmbeddingLimits } from './embedding-limits.ts';
import type { Matrix } from './matrix.ts';
import { spreadRatio } from './spread-ratio.ts';

/** Collapse: fewer directions, or all vectors near one point. Needs no matched rows. */
export function judgeCollapse(reference: Matrix, current: Matrix, limits: EmbeddingLimits): readonly EmbeddingCheck[] {
  const n = Math.min(reference.rows, current.rows);
  const rank = rankRatio(reference, current);
  const spread = reference.columns === current.columns ? spreadRatio(reference, current) : undefined;
  const check = { worse: 'lower', n } as const;
  return [
    rank.value === null
      ? statedCheck('effectiveRank', n, rank.verdict, `effective rank: ${rank.reason}`)
      : judgeCheck({
          ...check,
          name: 'effectiveRank',
          label: 'effective rank over the reference’s',
          value: rank.value,
          limits: limits.effectiveRankRatio,
        }),
    ...(spread === undefined
      ? []
      : [
          spread.value === null
            ? statedCheck('spread', n, 'insufficient-data', `spread: ${spread.reason}`)
            : judgeCheck({
                ...check,
                name: 'spread',
                label: 'spread over the reference’s',
                value: spread.value,
                limits: limits.spreadRatio,
              }),
        ]),
  ];
}

/** Of different dimensions the shares of the dimensions that are used are compared. */
function rankRatio(reference: Matrix, current: Matrix) {
  const [before, after] = [effectiveRank(reference), effectiveRank(current)];
  if (before.value === null) return { ...before, verdict: 'insufficient-data' } as const;
  if (after.value === null) {
    const collapsed = current.rows >= 2;
    return { ...undefinedStatistic(after.reason), verdict: collapsed ? 'breach' : 'insufficient-data' } as const;
  }
  return { value: (after.value / before.value) * (reference.columns / current.columns) };
}
