import { type EmbeddingCheck, statedCheck } from './embedding-check.ts';
import type { EmbeddingLimits } from './embedding-limits.ts';
import { combineChecks, type EmbeddingVerdict } from './embedding-verdict.ts';
import { judgeCollapse } from './judge-collapse.ts';
import { judgeCoordinates } from './judge-coordinates.ts';
import { judgePlacement } from './judge-placement.ts';
import { judgeRows } from './judge-rows.ts';
import { judgeShape, type RowPair } from './judge-shape.ts';
import type { Random } from './maximum-mean-discrepancy.ts';
import type { MatchedRows } from './usable-rows.ts';

type Settings = { readonly limits: EmbeddingLimits; readonly neighbours: number; readonly random: Random };

/** Below this not even a breach is said. */
export const leastRows = 10;
/** For the quantiles and the neighbours. */
export const fewRows = 50;
/** With fewer rows than three for each dimension an alignment fits noise: unrelated versions look alike. */
const rowsPerDimension = 3;

export function neededRows({ reference, current }: RowPair): number {
  const isAligned = reference.columns === current.columns;
  return isAligned ? Math.max(fewRows, rowsPerDimension * reference.columns) : fewRows;
}

/** Intrinsic instability of versions whose rows are matched by id. */
export function judgeMatched(rows: MatchedRows, noise: readonly MatchedRows[], settings: Settings): EmbeddingVerdict {
  const { limits } = settings;
  const needs = { n: rows.reference.rows, nNeeded: neededRows(rows) };
  const isAligned = rows.reference.columns === rows.current.columns;
  const sameSpaces = noise.filter(({ reference, current }) => reference.columns === current.columns);
  const checks =
    needs.n < leastRows
      ? []
      : [
          ...(isAligned ? [judgePlacement(rows, sameSpaces, limits.misplacedIdsRatio)] : []),
          ...judgeCollapse(rows.reference, rows.current, limits),
          ...judgeShape(rows, noise, settings),
        ];
  const floor =
    noise.length === 0 ? 'the policy’s limits, as no noise was given' : 'what resampled training data change';
  return combineChecks([...checks, ...judgeRows(rows, limits)], needs, `after alignment nothing exceeds ${floor}`);
}

/** Compatibility for consumers of raw coordinates, with the artefact that is published for them. */
export function judgePublished(rows: MatchedRows, isAligned: boolean, settings: Settings): EmbeddingVerdict {
  const needs = { n: rows.reference.rows, nNeeded: fewRows };
  const whenOk = isAligned
    ? 'an aligned artefact is published, and in it the vectors are where they were'
    : 'the vectors are where they were';
  return combineChecks(checksOf(rows, settings), needs, whenOk);
}

function checksOf(rows: MatchedRows, settings: Settings): readonly EmbeddingCheck[] {
  const { reference, current } = rows;
  if (reference.rows === 0) return [];
  if (reference.columns !== current.columns) return [otherDimension(rows)];
  return reference.rows < leastRows ? [] : judgeCoordinates(rows, settings);
}

/** No consumer of raw coordinates can read vectors of another length. */
export function otherDimension({ reference, current }: RowPair): EmbeddingCheck {
  const reason = `the dimension is ${current.columns} and was ${reference.columns}: no coordinate means what it meant`;
  return statedCheck('dimension', reference.rows, 'breach', reason);
}
