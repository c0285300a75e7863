import { unseenExcess } from '../../shared/domain/health/unseen-excess.ts';
import { judgeShift } from '../../shared/domain/health/verdict/judge-shift.ts';
import type { ShiftInput } from '../../shared/domain/health/verdict/shift.ts';
import { type Distribution, distributionOf } from './distributions.ts';
import type { Draws } from './random.ts';
import { createStream, type DependenceName, tiltedShares } from './streams.ts';
import { limits, longAlpha, shortAlpha } from './typical-team.ts';

export type Sample = {
  /** null: the detector abstains. */
  readonly pValue: number | null;
  readonly isBreach: boolean;
  readonly isAbstention: boolean;
};

export type Situation = {
  readonly draws: Draws;
  readonly distribution: Distribution;
  readonly dependence: DependenceName;
  readonly n: number;
  /** On the normal scale, of the current side. @default 0, nothing drifts */
  readonly tilt?: number;
};

/** Days or hours of a side: a long window has 30 reference days against 8, a short one 8 or 14 hours against 1. */
type Layout = {
  readonly unit: 'day' | 'hour';
  readonly reference: number;
  readonly current: number;
  readonly currentSpread: 'own' | 'as-reference' | 'none';
  readonly alpha: number;
};

export const layouts = {
  'day blocks': { unit: 'day', reference: 30, current: 8, currentSpread: 'own', alpha: longAlpha },
  'one hour, against weeks': {
    unit: 'hour',
    reference: 8,
    current: 1,
    currentSpread: 'as-reference',
    alpha: shortAlpha,
  },
  'one hour, against days': {
    unit: 'hour',
    reference: 14,
    current: 1,
    currentSpread: 'as-reference',
    alpha: shortAlpha,
  },
  'too few blocks': { unit: 'day', reference: 4, current: 4, currentSpread: 'own', alpha: 1e-3 },
  'rows, equal sides': { unit: 'day', reference: 8, current: 8, currentSpread: 'none', alpha: 1e-3 },
  'rows, reference of ten times': { unit: 'day', reference: 80, current: 8, currentSpread: 'none', alpha: 1e-3 },
} as const satisfies Readonly<Record<string, Layout>>;

/** Draws a reference and a current window and judges them, again and again. */
export function shiftSampler(layoutName: keyof typeof layouts, situation: Situation): () => Sample {
  const layout: Layout = layouts[layoutName];
  const { distribution, dependence, n } = situation;
  if (distribution.shares.length === 0)
    return () => sampleOf(judge({ reference: [], current: [] }, distribution, layout.alpha));
  if (layout.currentSpread === 'none' && dependence === 'independent') return rowsSampler(layout, situation);
  const sides = twoStreams(situation, layout);
  return () => {
    const reference = sides.reference(layout.reference, n / layout.current);
    const current = sides.current(layout.current, n / layout.current);
    const totals = { reference: totalsOf(reference), current: totalsOf(current) };
    if (layout.currentSpread === 'none') return sampleOf(judge(totals, distribution, layout.alpha));
    const blocks = { referenceBlocks: reference, currentBlocks: current };
    const currentSpread = layout.currentSpread === 'own' ? 'own' : { asReferenceBlocks: layout.current };
    const judged = judge({ ...totals, blocks: { ...blocks, currentSpread } }, distribution, layout.alpha);
    const sample = sampleOf(judged);
    // Too few blocks have no p-value: what is looked at is whether they breach all the same.
    return layoutName === 'too few blocks' && sample.isBreach ? { ...sample, pValue: 0 } : sample;
  };
}

/** All rows at once: blocks of independent rows add up to the same law. */
function rowsSampler(layout: Layout, { draws, distribution, n, tilt = 0 }: Situation): () => Sample {
  const [reference, current] = [
    new Float64Array(distribution.shares.length),
    new Float64Array(distribution.shares.length),
  ];
  const tilted = tiltedShares(distribution.shares, tilt, 1);
  return () => {
    draws.multinomial((n * layout.reference) / layout.current, distribution.shares, reference);
    draws.multinomial(n, tilted, current);
    const totals = { reference: Array.from(reference), current: Array.from(current) };
    return sampleOf(judge(totals, distribution, layout.alpha));
  };
}

function twoStreams({ draws, distribution, dependence, tilt = 0 }: Situation, { unit }: Layout) {
  const { shares } = distribution;
  const take = (shift: number) => {
    const stream = createStream(draws, shares, dependence, () => shift);
    return (blocks: number, rowsPerBlock: number) =>
      Array.from({ length: blocks }, (_, block) => {
        // Whole rows that add up.
        const rows = Math.floor((block + 1) * rowsPerBlock) - Math.floor(block * rowsPerBlock);
        const counts = new Float64Array(shares.length);
        draws.multinomial(rows, unit === 'day' ? stream.nextDay() : stream.nextDaysHour(), counts);
        return Array.from(counts);
      });
  };
  return { reference: take(0), current: take(tilt) };
}

function judge(
  sides: Pick<ShiftInput, 'reference' | 'current' | 'blocks'>,
  { name, order }: Distribution,
  alpha: number,
) {
  return judgeShift({ name, order, limits, alpha, ...sides });
}

function sampleOf(judged: ReturnType<typeof judgeShift>): Sample {
  const pValue = judged.value === null ? null : judged.pValue;
  return { pValue, isBreach: judged.verdict === 'breach', isAbstention: judged.verdict === 'insufficient-data' };
}

function totalsOf(blocks: readonly (readonly number[])[]): readonly number[] {
  return blocks[0]!.map((_, bin) => blocks.reduce((sum, block) => sum + block[bin]!, 0));
}

const vocabulary = 5_000;
const zipfExponent = 1.1;

/** Rows of categories that ten times as many reference rows lack, beyond what its singletons let expect. */
export function unseenSampler({ draws, n }: Pick<Situation, 'draws' | 'n'>): () => Sample {
  const weights = Array.from({ length: vocabulary }, (_, i) => (i + 1) ** -zipfExponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  const [before, now] = [new Float64Array(vocabulary), new Float64Array(vocabulary)];
  return () => {
    draws.multinomial(10 * n, shares, before);
    draws.multinomial(n, shares, now);
    const singletons = before.reduce((count, rows) => count + (rows === 1 ? 1 : 0), 0);
    const unseen = now.reduce((count, rows, category) => count + (before[category] === 0 ? rows : 0), 0);
    const excess = unseenExcess(unseen, n, singletons / (10 * n));
    const sides = { reference: [0, 10 * n], current: [excess, n - excess] };
    return sampleOf(judge(sides, distributionOf('missing rate'), 1e-3));
  };
}
