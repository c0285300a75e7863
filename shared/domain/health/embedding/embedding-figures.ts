import { undefinedStatistic } from '../undefined-statistic.ts';
import { debiasedAlignment, linearAlignment } from './centred-kernel-alignment.ts';
import { centroidShift } from './centroid-shift.ts';
import { whyDifferentSpaces } from './comparable.ts';
import { cosineSimilarity } from './cosine-similarity.ts';
import { collapseFigures } from './judge-collapse.ts';
import { placementFigures, type RowPair } from './judge-shape.ts';
import { normRatio } from './norm-ratio.ts';

/** What is measured of matched rows, judged or not. Each is a value, or null with a reason. */
export function embeddingFigures(rows: RowPair, neighbours: number) {
  const { reference, current } = rows;
  const reason = whyDifferentSpaces(reference, current);
  return {
    cosineRaw: cosineSimilarity(reference, current),
    alignmentLinear: linearAlignment(reference, current),
    alignmentDebiased: debiasedAlignment(reference, current),
    centroidShift: centroidShift(reference, current),
    normRatio: reason === undefined ? normRatio(reference, current) : undefinedStatistic(reason),
    ...collapseFigures(rows),
    ...placementFigures(rows, neighbours),
  };
}
