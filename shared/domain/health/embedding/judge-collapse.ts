import { undefinedStatistic } from '../undefined-statistic.ts';
import { whyDifferentSpaces } from './comparable.ts';
import { effectiveRank } from './effective-rank.ts';
import { type EmbeddingCheck, judgeCheck, statedCheck } from './embedding-check.ts';
import type { EmbeddingLimits } from './embedding-limits.ts';
import type { RowPair } from './judge-shape.ts';
import { spreadRatio } from './spread-ratio.ts';

type CollapseFigures = ReturnType<typeof collapseFigures>;

export function collapseFigures({ reference, current }: RowPair) {
  const reason = whyDifferentSpaces(reference, current);
  return {
    effectiveRank: { reference: effectiveRank(reference), current: effectiveRank(current) },
    spreadRatio: reason === undefined ? spreadRatio(reference, current) : undefinedStatistic(reason),
  };
}

/** Collapse: fewer directions, or all vectors near one point. Needs no matched rows. */
export function judgeCollapse(
  rows: RowPair,
  limits: EmbeddingLimits,
  figures = collapseFigures(rows),
): readonly EmbeddingCheck[] {
  const { reference, current } = rows;
  const n = Math.min(reference.rows, current.rows);
  const rank = rankRatio(rows, figures);
  const spread = reference.columns === current.columns ? figures.spreadRatio : undefined;
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
function rankRatio(
  { reference, current }: RowPair,
  { effectiveRank: { reference: before, current: after } }: CollapseFigures,
) {
  if (before.value === null) return { ...before, verdict: 'insufficient-data' } as const;
  if (after.value === null) {
    const collapsed = current.rows >= 2;
    return { ...undefinedStatistic(after.reason), verdict: collapsed ? 'breach' : 'insufficient-data' } as const;
  }
  return { value: (after.value / before.value) * (reference.columns / current.columns) };
}
