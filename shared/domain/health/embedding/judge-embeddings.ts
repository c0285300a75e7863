import { seededRandom } from '../../seeded-random.ts';
import { embeddingFigures } from './embedding-figures.ts';
import { defaultEmbeddingLimits, type EmbeddingLimits } from './embedding-limits.ts';
import type { EmbeddingPair, EmbeddingSet } from './embedding-set.ts';
import { type EmbeddingVerdict, worstKind } from './embedding-verdict.ts';
import { judgeMatched, judgePublished, maximumRowsOf, neededRows } from './judge-matched.ts';
import type { RowPair } from './judge-shape.ts';
import { judgeUnmatched, permutations } from './judge-unmatched.ts';
import { maximumMeanDiscrepancy, type Random } from './maximum-mean-discrepancy.ts';
import { type MatchedRows, matchRows, population, usableCount } from './usable-rows.ts';

export type EmbeddingOptions = {
  /** Of samples, resampling and permutations. */
  readonly seed: number;
  /** Pairs of versions that differ by resampled training data only. */
  readonly noise?: readonly EmbeddingPair[];
  /** The artefact that is published for consumers of raw coordinates, where it is not `current` itself. */
  readonly aligned?: EmbeddingSet;
  /** Two windows of requests embedded by one version, or two versions. Default: versions. */
  readonly comparison?: 'versions' | 'windows';
  readonly limits?: EmbeddingLimits;
  /** Default 10. */
  readonly neighbours?: number;
  /** Of more shared ids a sample is compared: neighbours take O(n²). Default 5,000. */
  readonly maximumRows?: number;
};

export type EmbeddingComparison = {
  /** Rows that were compared: matched by id, or those of the smaller population. */
  readonly n: number;
  readonly rows: MatchedRows;
  /** Whether the shared ids were enough to compare vectors id by id. */
  readonly relation: 'matched' | 'unmatched';
  readonly seed: number;
  readonly limits: EmbeddingLimits;
  readonly figures: ReturnType<typeof embeddingFigures>;
  /** Its p-value is there for unmatched rows only: matched ones are not exchangeable. */
  readonly discrepancy: ReturnType<typeof maximumMeanDiscrepancy>;
  readonly intrinsic: EmbeddingVerdict;
  readonly coordinates: EmbeddingVerdict;
  /** The worse of both. */
  readonly kind: EmbeddingVerdict['kind'];
  readonly reason: string;
};

/** Kernel values of all pairs are held in memory: 32 MB. */
const maximumPopulation = 1_000;

/**
 * Two verdicts: *intrinsic*, did the items' places change in ways that no rotation undoes, and *coordinates*, can a
 * consumer of raw coordinates go on. The same data, options and seed give the same answer. O(n² d + d³).
 */
export function judgeEmbeddings(pair: EmbeddingPair, options: EmbeddingOptions): EmbeddingComparison {
  const { seed, limits = defaultEmbeddingLimits, neighbours = 10 } = options;
  const random = seededRandom(seed);
  const settings = { limits, neighbours, random };
  const rows = matched(pair, options, random);
  const isMatched = (rows.coverage ?? 0) >= limits.idCoverageRatio.warning || rows.shared >= neededRows(rows);
  const figures = embeddingFigures(rows, neighbours);
  const test = isMatched ? undefined : { permutations, random };
  const compared = isMatched ? sampleOf(rows, pair, random) : populationsOf(pair, maximumPopulation, random);
  const discrepancy = maximumMeanDiscrepancy(compared.reference, compared.current, test);
  const populations = isMatched ? rows : populationsOf(pair, maximumRowsOf(pair, maximumPopulation), random);
  const { intrinsic, coordinates } = isMatched
    ? {
        intrinsic: judgeMatched(rows, figures, noiseOf(options, random), settings),
        coordinates: judgePublished(
          publishedRows(pair, options, rows, random),
          options.aligned !== undefined,
          settings,
        ),
      }
    : judgeUnmatched(populations, discrepancy, { ...settings, rows, comparison: options.comparison ?? 'versions' });
  return {
    n: populations.reference.rows,
    relation: isMatched ? 'matched' : 'unmatched',
    rows,
    seed,
    limits,
    figures,
    discrepancy,
    intrinsic,
    coordinates,
    kind: worstKind([intrinsic.kind, coordinates.kind]),
    reason: `intrinsic: ${intrinsic.reason}. coordinates: ${coordinates.reason}`,
  };
}

function noiseOf(options: EmbeddingOptions, random: Random): readonly MatchedRows[] {
  return (options.noise ?? []).map((pair) => matched(pair, options, random));
}

function matched(pair: EmbeddingPair, { maximumRows = 5_000 }: EmbeddingOptions, random: Random): MatchedRows {
  return matchRows(pair, maximumRowsOf(pair, maximumRows), random);
}

function publishedRows(pair: EmbeddingPair, options: EmbeddingOptions, rows: MatchedRows, random: Random): MatchedRows {
  const { aligned } = options;
  return aligned === undefined ? rows : matched({ reference: pair.reference, current: aligned }, options, random);
}

function sampleOf(rows: MatchedRows, pair: EmbeddingPair, random: Random): RowPair {
  return rows.reference.rows <= maximumPopulation ? rows : matchRows(pair, maximumPopulation, random);
}

/** As many rows on both sides: the effective rank grows with the rows while they are few. */
function populationsOf({ reference, current }: EmbeddingPair, maximum: number, random: Random): RowPair {
  const size = Math.min(maximum, usableCount(reference), usableCount(current));
  return { reference: population(reference, size, random), current: population(current, size, random) };
}
