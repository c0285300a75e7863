import { undefinedStatistic } from '../undefined-statistic.ts';
import { debiasedAlignment, linearAlignment } from './centred-kernel-alignment.ts';
import { centroidShift } from './centroid-shift.ts';
import { whyDifferentSpaces } from './comparable.ts';
import { cosineSimilarity } from './cosine-similarity.ts';
import { effectiveRank } from './effective-rank.ts';
import type { RowPair } from './judge-shape.ts';
import { neighbourOverlap } from './neighbour-overlap.ts';
import { normRatio } from './norm-ratio.ts';
import { procrustes } from './procrustes.ts';
import { spreadRatio } from './spread-ratio.ts';

/** What is measured of matched rows, judged or not. Each is a value, or null with a reason. */
export function embeddingFigures({ reference, current }: RowPair, neighbours: number) {
  const reason = whyDifferentSpaces(reference, current);
  const incomparable = reason === undefined ? undefined : undefinedStatistic(reason);
  return {
    cosineRaw: cosineSimilarity(reference, current),
    procrustes: procrustes(reference, current),
    neighbourOverlap: neighbourOverlap(reference, current, neighbours),
    alignmentLinear: linearAlignment(reference, current),
    alignmentDebiased: debiasedAlignment(reference, current),
    centroidShift: centroidShift(reference, current),
    normRatio: incomparable ?? normRatio(reference, current),
    spreadRatio: incomparable ?? spreadRatio(reference, current),
    effectiveRank: { reference: effectiveRank(reference), current: effectiveRank(current) },
  };
}
