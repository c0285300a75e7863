import { type EmbeddingCheck, statedCheck } from './embedding-check.ts';
import type { embeddingFigures } from './embedding-figures.ts';
import type { EmbeddingLimits } from './embedding-limits.ts';
import type { EmbeddingPair } from './embedding-set.ts';
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

/** As many as the dimension needs, when that is more than the caller asked for. */
export function maximumRowsOf({ reference, current }: EmbeddingPair, asked: number): number {
  return Math.max(asked, rowsPerDimension * Math.max(reference.vectors.columns, current.vectors.columns));
}

export function neededRows({ reference, current }: RowPair): number {
  const isAligned = reference.columns === current.columns;
  return isAligned ? Math.max(fewRows, rowsPerDimension * reference.columns) : fewRows;
}

/** Intrinsic instability of versions whose rows are matched by id. */
export function judgeMatched(
  rows: MatchedRows,
  figures: ReturnType<typeof embeddingFigures>,
  given: readonly MatchedRows[],
  settings: Settings,
): EmbeddingVerdict {
  const { limits } = settings;
  const noise = given.filter((pair) => pair.shared >= neededRows(pair));
  const needs = { n: rows.reference.rows, nNeeded: neededRows(rows) };
  const isAligned = rows.reference.columns === rows.current.columns;
  const sameSpaces = noise.filter(({ reference, current }) => reference.columns === current.columns);
  const checks =
    needs.n < leastRows
      ? []
      : [
          ...(isAligned ? [judgePlacement(rows, sameSpaces, limits.misplacedIdsRatio)] : []),
          ...judgeCollapse(rows, limits, figures),
          ...judgeShape(rows, figures, noise, settings),
        ];
  const whenOk = `after alignment nothing exceeds ${floorText(given.length, noise.length)}`;
  return combineChecks([...checks, ...judgeRows(rows, limits)], needs, whenOk);
}

function floorText(given: number, used: number): string {
  if (used > 0) return 'what resampled training data change';
  return `the policy’s limits, as ${given === 0 ? 'no noise was given' : 'the noise that was given shares too few ids'}`;
}

/** Compatibility for consumers of raw coordinates, with the artefact that is published for them. */
export function judgePublished(rows: MatchedRows, isAligned: boolean, settings: Settings): EmbeddingVerdict {
  const needs = { n: rows.reference.rows, nNeeded: fewRows };
  const whenOk = isAligned
    ? 'an aligned artefact is published, and in it the vectors are where they were'
    : 'the vectors are where they were';
  // Of the current version itself the other verdict says what became of its vectors.
  const ofArtefact = isAligned ? judgeRows(rows, settings.limits) : [];
  return combineChecks([...checksOf(rows, settings), ...ofArtefact], needs, whenOk);
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
