import type { DistributionName } from './distributions.ts';
import type { DependenceName } from './streams.ts';

export type DetectorName =
  | 'rows, equal sides'
  | 'rows, reference of ten times'
  | 'day blocks'
  | 'one hour, against weeks'
  | 'one hour, against days'
  | 'too few blocks'
  | 'unseen categories'
  | 'AUC'
  | 'log-loss skill'
  | 'calibration bias'
  | 'RMSE'
  | 'Kolmogorov–Smirnov'
  | 'Mann–Whitney'
  | 'Cramér–von Mises'
  | 'MMD, permuted';

/** One simulated situation of one detector. */
export type Cell = {
  readonly detector: DetectorName;
  readonly distribution: DistributionName;
  readonly dependence: DependenceName;
  /** Rows of the current side. */
  readonly n: number;
  readonly seed: number;
  readonly alphas: readonly number[];
  /** Runs after which the criterion is looked at; later ones are only done when it is not met yet. */
  readonly stages: readonly number[];
  /** `informs`: the detector says that it takes rows as independent, which they are not here. */
  readonly role: 'judged' | 'informs';
};

export type CellResult = {
  readonly cell: Cell;
  readonly runs: number;
  readonly abstained: number;
  /** p-values below each of the cell's levels. */
  readonly hits: readonly number[];
  /** Verdicts at the level of a typical team. */
  readonly breaches: number;
};

export const sizes = [20, 100, 1_000, 10_000, 100_000, 1_000_000];
const dependences: readonly DependenceName[] = ['independent', 'autoregressive', 'day-clustered'];
const valueDistributions: readonly DistributionName[] = ['normal', 'heavy tail', 'zero-inflated', 'Zipf', 'binary'];
/** A heavy tail has the bins of the normal one, so that it is not simulated twice where rows are many. */
const blockDistributions = valueDistributions.filter((name) => name !== 'heavy tail');
const withoutValues: readonly DistributionName[] = ['constant', 'all missing'];
const rates: readonly DistributionName[] = ['missing rate'];
const coarse = [1e-2, 1e-3] as const;

type Plan = {
  readonly detectors: readonly DetectorName[];
  readonly distributions: readonly DistributionName[];
  readonly dependences: readonly DependenceName[];
  readonly n: readonly number[];
  readonly alphas: readonly number[];
  readonly stages: readonly number[];
  readonly role?: Cell['role'];
};

const plans: readonly Plan[] = [
  {
    detectors: ['rows, equal sides', 'rows, reference of ten times'],
    distributions: [...valueDistributions, ...rates],
    dependences: ['independent'],
    n: sizes,
    alphas: coarse,
    stages: [4_000, 20_000, 320_000],
  },
  {
    detectors: ['rows, equal sides'],
    distributions: ['normal', 'binary'],
    dependences: ['autoregressive', 'day-clustered'],
    n: [1_000, 100_000],
    alphas: coarse,
    stages: [1_000],
    role: 'informs',
  },
  {
    detectors: ['day blocks', 'one hour, against weeks'],
    distributions: [...blockDistributions, ...rates],
    dependences,
    n: sizes,
    alphas: coarse,
    stages: [4_000, 16_000, 64_000],
  },
  {
    detectors: ['one hour, against days'],
    distributions: [...blockDistributions, ...rates],
    dependences,
    n: [1_000, 1_000_000],
    alphas: coarse,
    stages: [4_000, 16_000, 64_000],
  },
  {
    detectors: ['too few blocks'],
    distributions: ['normal', 'zero-inflated', 'binary'],
    dependences: ['autoregressive', 'day-clustered'],
    n: [100, 10_000, 1_000_000],
    alphas: [1e-3],
    stages: [4_000, 16_000, 64_000],
  },
  {
    detectors: ['rows, equal sides', 'day blocks', 'one hour, against weeks'],
    distributions: withoutValues,
    dependences,
    n: sizes,
    alphas: coarse,
    stages: [100],
  },
  {
    detectors: ['unseen categories'],
    distributions: ['Zipf'],
    dependences: ['independent'],
    n: [20, 100, 1_000, 10_000, 100_000],
    alphas: coarse,
    stages: [4_000, 20_000, 100_000],
  },
  {
    detectors: ['AUC', 'log-loss skill', 'calibration bias', 'RMSE'],
    distributions: ['binary'],
    dependences: ['independent', 'day-clustered'],
    n: [100, 1_000, 1_000_000],
    alphas: coarse,
    stages: [4_000, 20_000, 100_000],
  },
  {
    detectors: ['Kolmogorov–Smirnov', 'Mann–Whitney', 'Cramér–von Mises'],
    distributions: ['normal', 'heavy tail', 'zero-inflated', 'Zipf', 'binary'],
    dependences: ['independent'],
    n: [20, 100, 1_000],
    alphas: [1e-2],
    stages: [4_000, 20_000],
  },
  {
    detectors: ['MMD, permuted'],
    distributions: ['normal', 'heavy tail'],
    dependences: ['independent'],
    n: [20, 50],
    alphas: [5e-2],
    stages: [2_000, 8_000],
  },
];

/** All situations, each with a seed of its own; `effort` multiplies the runs. */
export function cells(effort = 1): readonly Cell[] {
  return plans
    .flatMap(({ detectors, distributions, dependences: all, n: many, stages, role = 'judged', alphas }) =>
      detectors.flatMap((detector) =>
        distributions.flatMap((distribution) =>
          all.flatMap((dependence) =>
            many.map((n) => ({
              detector,
              distribution,
              dependence,
              n,
              role,
              alphas,
              stages: stages.map((runs) => Math.ceil(runs * effort)),
            })),
          ),
        ),
      ),
    )
    .map((cell, index) => ({ ...cell, seed: 1_000 + index }));
}
