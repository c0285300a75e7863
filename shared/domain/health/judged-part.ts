import type { Profile } from '../ground-truth/aggregates.ts';
import type { Policy } from '../registry/policy.ts';
import type { WindowKind } from './alert-budget.ts';
import { type Counting, type DriftSides, floorOf, shiftBlocks } from './drift-sides.ts';
import type { Limits } from './severity.ts';
import type { JudgedPart } from './signal.ts';
import type { AlphaOf } from './significance.ts';
import type { BinOrder } from './verdict/group-sparse-bins.ts';
import { judgeShift } from './verdict/judge-shift.ts';
import { psiMeasure, type ShiftMeasure } from './verdict/shift-measure.ts';

export type PartInput = Counting & {
  /** Of the part. */
  readonly name: string;
  /** Of what, in its sentence. */
  readonly of: string;
  readonly order: BinOrder;
  readonly limits: Limits;
  /** @default PSI */
  readonly measure?: ShiftMeasure;
};

/** How shifts are judged, whatever shifts. */
export type Judging = {
  readonly sides: DriftSides;
  readonly alphaOf: AlphaOf;
  readonly effectAt: Policy['signals']['dataDrift']['effectAt'];
  /** @default 'long' */
  readonly window?: WindowKind;
};

/** The shift between the two sides of one thing that is counted. */
export function judgedPart(judging: Judging, part: PartInput): JudgedPart {
  const { sides, effectAt, window = 'long' } = judging;
  const { name, limits, measure = psiMeasure } = part;
  const key = `${part.feature ?? ''} ${name}`;
  const blocks = shiftBlocks(sides, { ...part, key });
  const alpha = judging.alphaOf({ window });
  const judged = judgeShift({
    name: part.of,
    reference: part.countsOf(sides.reference.profile),
    current: part.countsOf(sides.current.profile),
    order: part.order,
    limits,
    measure,
    alpha,
    blocks,
    effectFloor: floorOf(sides, blocks, { key, measure }),
    effectAt,
  });
  if (judged.value === null) return insufficientPart(name, judged.reason);
  const { verdict, value, effect, effectFloor } = judged;
  const isAbstaining = verdict === 'insufficient-data';
  return {
    name,
    value,
    reference: 0,
    evidence: judged.pValue,
    score: isAbstaining ? null : judged.score,
    effect: isAbstaining ? null : effectFloor > limits.breach ? effect / effectFloor : value / limits.breach,
    verdict,
    reason: judged.reason,
    ...(window === 'short' && { window }),
    interval: judged.interval,
    effectFloor,
    n: judged.n,
    nNeeded: judged.nNeeded,
    designEffect: judged.designEffect,
    ...(judged.blocks !== null && { blocks: judged.blocks }),
    alpha,
  };
}

export function insufficientPart(name: string, reason: string): JudgedPart {
  return {
    name,
    value: null,
    reference: null,
    evidence: null,
    score: null,
    effect: null,
    verdict: 'insufficient-data',
    reason,
  };
}

/** Rows that a part is counted over. */
export function rowsOf(profile: Profile, { countsOf }: Counting): number {
  return countsOf(profile).reduce((sum, count) => sum + count, 0);
}
