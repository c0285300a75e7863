import type { Limits } from '../severity.ts';
import { allRows, bootstrapInterval, type RowStatistic } from './bootstrap-interval.ts';
import { type EmbeddingCheck, judgeCheck, statedCheck } from './embedding-check.ts';
import type { EmbeddingLimits } from './embedding-limits.ts';
import { type Matrix, product } from './matrix.ts';
import type { Random } from './maximum-mean-discrepancy.ts';
import { neighbourOverlap } from './neighbour-overlap.ts';
import { procrustes } from './procrustes.ts';
import { meanOf, quantileOf, relativeResidual, rowCosines } from './row-statistics.ts';

/** Two versions, row by row. */
export type RowPair = { readonly reference: Matrix; readonly current: Matrix };

type Settings = { readonly limits: EmbeddingLimits; readonly neighbours: number; readonly random: Random };

type Figures = {
  readonly neighbourOverlap: RowStatistic | string;
  readonly alignedResidual: RowStatistic | string;
  readonly alignedCosineQ05: RowStatistic | string;
};

type PlacementFigures = ReturnType<typeof placementFigures>;

export function placementFigures({ reference, current }: RowPair, neighbours: number) {
  return {
    neighbourOverlap: neighbourOverlap(reference, current, neighbours),
    procrustes: procrustes(reference, current),
  };
}

const shapes = {
  neighbourOverlap: { worse: 'lower', label: 'mean overlap of the nearest neighbours' },
  alignedResidual: { worse: 'higher', label: 'relative residual after alignment' },
  alignedCosineQ05: { worse: 'lower', label: '5 % quantile of the cosine after alignment' },
} as const;

type ShapeName = keyof typeof shapes;

/**
 * Did the versions place the items differently, whatever their coordinates? Each figure is held against the worst one
 * of `noise`: pairs that differ by resampled training data only. Without such pairs the limits are the policy's own, and
 * the interval, from resampled items, covers the choice of items but not another training.
 */
export function judgeShape(
  rows: RowPair,
  placement: PlacementFigures,
  noise: readonly RowPair[],
  settings: Settings,
): readonly EmbeddingCheck[] {
  const figures = figuresOf(rows, placement);
  const floors = noise.map((pair) => figuresOf(pair, placementFigures(pair, settings.neighbours)));
  const names: readonly ShapeName[] =
    rows.reference.columns === rows.current.columns
      ? ['neighbourOverlap', 'alignedResidual', 'alignedCosineQ05']
      : ['neighbourOverlap'];
  return names.map((name) => {
    const statistic = figures[name];
    if (typeof statistic === 'string')
      return statedCheck(name, rows.reference.rows, 'insufficient-data', `${shapes[name].label}: ${statistic}`);
    const check = judgeFigure(
      name,
      statistic,
      floors.map((floor) => floor[name]),
      settings,
    );
    return name === 'neighbourOverlap' ? withChance(check, settings.neighbours) : check;
  });
}

/** The overlap of unrelated rows is k / (n - 1). */
function withChance(check: EmbeddingCheck, neighbours: number): EmbeddingCheck {
  const chance = neighbours / Math.max(1, check.n - 1);
  if (check.verdict === 'ok' || check.value === null || check.value > 2 * chance) return check;
  return { ...check, reason: `${check.reason}: little more than chance, so the ids may be permuted` };
}

function judgeFigure(
  name: ShapeName,
  statistic: RowStatistic,
  floors: readonly (RowStatistic | string)[],
  { limits, random }: Settings,
): EmbeddingCheck {
  const { worse, label } = shapes[name];
  const direction = worse === 'higher' ? 1 : -1;
  const floor = floors
    .filter((candidate) => typeof candidate !== 'string')
    .toSorted((a, b) => direction * (allRows(b) - allRows(a)))[0];
  const { alone, beyondNoise } = limits[name];
  const common = { name, worse, label, value: allRows(statistic), n: statistic.rows } as const;
  if (floor === undefined)
    return judgeCheck({ ...common, limits: alone, interval: bootstrapInterval(statistic, undefined, random) });
  const noise = allRows(floor);
  const margins = beyond(beyondNoise, worse === 'higher' ? noise : 1 - noise);
  const excess = bootstrapInterval(statistic, floor, random);
  return judgeCheck({
    ...common,
    noise,
    limits: { warning: noise + direction * margins.warning, breach: noise + direction * margins.breach },
    interval: excess && { low: noise + excess.low, high: noise + excess.high },
  });
}

/** Half as unstable again as the noise: noisier trainings differ more among each other, and one pair is one draw. */
const relativeMargin = 0.5;

function beyond(policy: Limits, loss: number): Limits {
  const breach = Math.max(policy.breach, relativeMargin * loss);
  return { breach, warning: (breach * policy.warning) / policy.breach };
}

function figuresOf(
  { reference, current }: RowPair,
  { neighbourOverlap: overlap, procrustes: fit }: PlacementFigures,
): Figures {
  const neighbourFigure = overlap.value === null ? overlap.reason : meanOf(overlap.byRow);
  if (fit.value === null)
    return { neighbourOverlap: neighbourFigure, alignedResidual: fit.reason, alignedCosineQ05: fit.reason };
  const aligned = product(current, fit.rotation);
  const cosines = rowCosines(reference, aligned);
  return {
    neighbourOverlap: neighbourFigure,
    alignedResidual: relativeResidual(reference, aligned),
    alignedCosineQ05: cosines.length === 0 ? 'no row has a direction in a version' : quantileOf(cosines, 0.05),
  };
}
