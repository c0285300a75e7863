import { kullbackLeibler } from '../../shared/domain/health/kullback-leibler.ts';
import { populationStabilityIndex } from '../../shared/domain/health/population-stability-index.ts';
import { hellinger } from '../../shared/domain/health/statistics/hellinger.ts';
import { jensenShannon } from '../../shared/domain/health/statistics/jensen-shannon.ts';
import { totalVariation } from '../../shared/domain/health/statistics/total-variation.ts';
import { named } from './reported-metrics.ts';

type Counts = readonly number[];

/** Of two counts on the same bins; the index and the divergences smoothed by add-½. */
export function binnedMetrics(reference: Counts, current: Counts) {
  const plain = ({ value }: { readonly value: number }) => value;
  return {
    psi: named(populationStabilityIndex(reference, current), ({ value, pValue }) =>
      pValue === null ? { value, pValue, reason: 'there is one bin only' } : { value, pValue },
    ),
    klCurrentReference: named(kullbackLeibler(reference, current), plain),
    klReferenceCurrent: named(kullbackLeibler(current, reference), plain),
    jensenShannonDistance: named(jensenShannon(reference, current), ({ distance }) => distance),
    totalVariation: named(totalVariation(reference, current), plain),
    hellinger: named(hellinger(reference, current), plain),
  };
}
