import { chiSquareTail } from '../chi-square-tail.ts';
import type { SignalVerdict } from '../evaluation.ts';
import { populationStabilityIndex } from '../population-stability-index.ts';
import { scoreOf } from '../severity.ts';
import { totalOf } from '../smoothed-shares.ts';
import { blockEvidence } from './block-evidence.ts';
import type { Blocks } from './block-spread.ts';
import { groupSparseBins, inGroups } from './group-sparse-bins.ts';
import { rowEvidence } from './row-evidence.ts';
import { rowsNeeded } from './rows-needed.ts';
import type { JudgedShift, ShiftBlocks, ShiftInput, Unjudged } from './shift.ts';
import { shiftInterval } from './shift-interval.ts';
import { psiMeasure } from './shift-measure.ts';
import { shiftReason } from './shift-reason.ts';

/** So many times the limit is overwhelming, whatever the blocks say. */
const overwhelmingLimits = 4;
/** And it must be proven even if rows came in clusters of this size, */
const assumedDesignEffect = 25;

/**
 * Has a distribution shifted? A breach takes the effect (PSI or another measure at the limit and above what the reference shows against
 * itself) and the evidence (p below `alpha`). What is not proven is `insufficient-data` while a breach could hide: too
 * few rows, too few blocks, or an interval that reaches the limit; otherwise it is `ok`. A breach-sized effect that
 * enough rows do not prove is a warning, as is a proven shift between the limits. Abstaining never replaces a breach.
 */
export function judgeShift(input: ShiftInput): JudgedShift | Unjudged {
  const { reference, current, limits, alpha, effectFloor = 0, measure = psiMeasure } = input;
  const psi = populationStabilityIndex(reference, current);
  if (psi.value === null) return { verdict: 'insufficient-data', value: null, reason: `${input.name}: ${psi.reason}` };
  const shift = measure.between(reference, current);
  if (shift.value === null)
    return { verdict: 'insufficient-data', value: null, reason: `${input.name}: ${shift.reason}` };
  const evidence = evidenceOf(input);
  const { designEffect } = evidence;
  const n = totalOf(current);
  const bias = psi.bias * measure.ofPsi;
  const effect = Math.max(0, shift.value - bias * designEffect);
  const interval = shiftInterval({ reference, current, value: shift.value, bias, designEffect, measure });
  const needed = rowsNeeded({
    effect: Math.max(limits.breach, effectFloor) / measure.ofPsi,
    alpha,
    degreesOfFreedom: Math.max(1, psi.degreesOfFreedom),
    referenceRows: totalOf(reference),
    designEffect,
  });
  const facts = {
    value: shift.value,
    effect,
    interval,
    n,
    nNeeded: Number.isFinite(needed) ? needed : null,
    effectFloor,
  };
  const verdict = verdictOf(input, {
    ...facts,
    ...evidence,
    isOverwhelming: isOverwhelming({ ...psi, bias }, effect, evidence, input),
  });
  const judged = {
    ...facts,
    verdict,
    score: effectFloor > limits.breach ? scoreOf(effect, { ...limits, breach: effectFloor }) : scoreOf(effect, limits),
    pValue: evidence.pValue,
    designEffect,
    blocks: evidence.blocks,
  };
  return { ...judged, reason: shiftReason(input, judged) };
}

type Evidence = Pick<JudgedShift, 'pValue' | 'designEffect' | 'blocks'> & {
  readonly hasBlocks: boolean;
  /**
   * Of a current side with too few blocks within its window, were it to vary as the reference does; only an overwhelming
   * effect counts it.
   */
  readonly borrowed?: number | undefined;
};

function evidenceOf({ reference, current, order, blocks }: ShiftInput): Evidence {
  const groups = groupSparseBins(reference, current, order);
  const grouped = { reference: inGroups(reference, groups), current: inGroups(current, groups) };
  const ofRows = rowEvidence(reference, current, groups);
  if (blocks === undefined) return { pValue: ofRows, designEffect: 1, blocks: null, hasBlocks: true };
  const side = (all: Blocks) => all.map((block) => inGroups(block, groups));
  const held = {
    ...grouped,
    referenceBlocks: groupedReference(blocks.referenceBlocks, groups),
    currentBlocks: side(blocks.currentBlocks),
  };
  const borrowedFor = (blockCount: number) =>
    blockEvidence({ ...held, currentSpread: { asReferenceBlocks: Math.max(1, blockCount) } })?.pValue;
  const ofBlocks = blockEvidence({ ...blocks, ...held });
  if (ofBlocks === undefined) {
    const counts = blockCounts(blocks);
    return { pValue: null, designEffect: 1, blocks: counts, hasBlocks: false, borrowed: borrowedFor(counts.current) };
  }
  const rowsOfBlocks = held.currentBlocks.reduce((sum, block) => sum + totalOf(block), 0);
  const shareOfBlocks = totalOf(current) / rowsOfBlocks;
  return {
    // Blocks that happen to vary less than independent rows would are no reason to believe more.
    pValue: ofRows === null ? null : Math.max(ofRows, ofBlocks.pValue),
    designEffect: Math.max(1, ofBlocks.designEffect),
    blocks: ofBlocks.blocks,
    hasBlocks: true,
    // Blocks before the window that vary by the very break that is looked for.
    ...(shareOfBlocks < 1 && { borrowed: borrowedFor(shareOfBlocks * held.currentBlocks.length) }),
  };
}

// A reference is held against many windows, most of them with the same groups; its spread is known by the same blocks.
const grouped = new WeakMap<Blocks, { readonly groups: Groups; readonly blocks: Blocks }>();
type Groups = readonly (readonly number[])[];

function groupedReference(blocks: Blocks, groups: Groups): Blocks {
  const known = grouped.get(blocks);
  if (known !== undefined && areSame(known.groups, groups)) return known.blocks;
  const made = blocks.map((block) => inGroups(block, groups));
  grouped.set(blocks, { groups, blocks: made });
  return made;
}

function areSame(left: Groups, right: Groups): boolean {
  return (
    left.length === right.length &&
    left.every((group, i) => group.length === right[i]!.length && group.every((bin, j) => bin === right[i]![j]))
  );
}

function blockCounts({ referenceBlocks, currentBlocks, currentSpread, referenceSpread = 'own' }: ShiftBlocks) {
  return {
    reference: referenceSpread === 'own' ? referenceBlocks.length : referenceSpread.asCurrentBlocks,
    current: currentSpread === 'own' ? currentBlocks.length : currentSpread.asReferenceBlocks,
  };
}

type Facts = Pick<JudgedShift, 'value' | 'effect' | 'interval' | 'n' | 'nNeeded' | 'effectFloor'> &
  Evidence & { readonly isOverwhelming: boolean };

function verdictOf({ limits, alpha, blocks, effectAt = 'point' }: ShiftInput, facts: Facts): SignalVerdict {
  const { value, effect, interval, n, nNeeded, effectFloor, pValue, hasBlocks, isOverwhelming } = facts;
  const isProven = isOverwhelming || (pValue !== null && pValue < alpha);
  const reached = effectAt === 'point' ? value : interval.low;
  const isBreach = reached >= limits.breach && effect >= effectFloor;
  if (isProven) {
    if (isBreach) return 'breach';
    // A stream that warns is looked at again; a single sample that may as well be in breach needs more rows.
    if (blocks === undefined && interval.high >= Math.max(limits.breach, effectFloor)) return 'insufficient-data';
    return value >= limits.warning ? 'warning' : 'ok';
  }
  if (!hasBlocks || nNeeded === null || n < nNeeded) return 'insufficient-data';
  if (effect >= limits.breach && effect >= effectFloor) return 'warning';
  return interval.high >= Math.max(limits.breach, effectFloor) ? 'insufficient-data' : 'ok';
}

/**
 * Stands in for the evidence of blocks, and only where too few of them lie in the window. Where the reference has too few as well, single
 * blocks are assumed to be as far from the mean as a breach is, all in one direction of the bins (docs/calibration.md).
 */
function isOverwhelming(
  psi: { readonly bias: number; readonly degreesOfFreedom: number },
  effect: number,
  { hasBlocks, borrowed, blocks }: Evidence,
  { limits, alpha, effectFloor = 0 }: ShiftInput,
): boolean {
  if ((hasBlocks && borrowed === undefined) || blocks === null || psi.degreesOfFreedom === 0) return false;
  if (effect < overwhelmingLimits * Math.max(limits.breach, effectFloor)) return false;
  if (borrowed !== undefined) return borrowed < alpha;
  const perDegree = psi.bias / psi.degreesOfFreedom;
  const assumedSpread = limits.breach * (1 / Math.max(1, blocks.reference) + 1 / Math.max(1, blocks.current));
  if (chiSquareTail(effect / assumedSpread, 1) >= alpha) return false;
  return chiSquareTail(effect / perDegree / assumedDesignEffect, psi.degreesOfFreedom) < alpha;
}
