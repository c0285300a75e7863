import { kullbackLeibler } from '../kullback-leibler.ts';
import { populationStabilityIndex } from '../population-stability-index.ts';
import type { UndefinedStatistic } from '../undefined-statistic.ts';

type Numbers = readonly number[];

/** What the size of a shift is measured in. */
export type ShiftMeasure = {
  readonly name: string;
  /** Near no shift it is this share of the PSI, and so are its bias and what a shift of it is worth in rows. */
  readonly ofPsi: number;
  readonly between: (reference: Numbers, current: Numbers) => { readonly value: number } | UndefinedStatistic;
  /** By each share of the reference and of the current side. */
  readonly gradients: (reference: Numbers, current: Numbers) => readonly [reference: Numbers, current: Numbers];
};

export const psiMeasure: ShiftMeasure = {
  name: 'PSI',
  ofPsi: 1,
  between: (reference, current) => populationStabilityIndex(reference, current),
  gradients: (r, c) => [
    c.map((share, i) => Math.log(r[i]! / share) + 1 - share / r[i]!),
    c.map((share, i) => Math.log(share / r[i]!) + 1 - r[i]! / share),
  ],
};

/** KL(current ‖ reference), nats. */
export const klMeasure: ShiftMeasure = {
  name: 'KL',
  ofPsi: 0.5,
  between: (reference, current) => kullbackLeibler(reference, current),
  gradients: (r, c) => [c.map((share, i) => -share / r[i]!), c.map((share, i) => Math.log(share / r[i]!) + 1)],
};
