import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { armDifference } from '../../shared/domain/rollout/arm-difference.ts';
import { significancePerMetric } from '../../shared/domain/rollout/significance.ts';
import { createTraffic, type Situation } from './canary-traffic.ts';
import { draws } from './random.ts';

const significance = significancePerMetric(2);
const percent = 5;

/** Hours at 5 % after which one look at the same level finds a drop of 3 % of a rate of 20 % with so much power. */
export function fixedHorizonHours(rowsPerHour: number, power: number): number {
  const quantiles = normalQuantile(1 - significance, 0, 1) + normalQuantile(power, 0, 1);
  const share = percent / 100;
  const variancePerRow = 4 / (1 - share);
  return Math.ceil((quantiles ** 2 * variancePerRow) / 0.03 ** 2 / (rowsPerHour * share));
}

/** Whether the one look after so many hours calls the candidate worse. */
export function failsAtHorizon(situation: Situation, hours: number, seed: number): boolean {
  const nextHour = createTraffic(situation, draws(seed));
  const arms = Array.from({ length: hours }, (_, index) => {
    const { hour, paired } = nextHour(index, percent);
    return { hour, champion: paired.arms.older, candidate: paired.arms.newer };
  });
  const { change } = armDifference(arms);
  if (change === undefined) return false;
  const { estimate, standardError } = change.seen;
  return estimate + normalQuantile(1 - significance, 0, 1) * standardError < 0;
}
