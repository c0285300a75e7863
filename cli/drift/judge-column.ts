import type { SignalVerdict } from '../../shared/domain/health/evaluation.ts';
import type { Limits } from '../../shared/domain/health/severity.ts';
import type { Blocks } from '../../shared/domain/health/verdict/block-spread.ts';
import { effectFloor } from '../../shared/domain/health/verdict/effect-floor.ts';
import { judgeShift } from '../../shared/domain/health/verdict/judge-shift.ts';
import type { JudgedShift, ShiftInput, Unjudged } from '../../shared/domain/health/verdict/shift.ts';

export type Strictness = {
  /** PSI. */
  readonly limits: Limits;
  /** Of each test. */
  readonly alpha: number;
};

/** Two counts on the same bins, of all rows and by day. */
export type CountedSides = {
  readonly name: string;
  readonly order: ShiftInput['order'];
  readonly reference: readonly number[];
  readonly current: readonly number[];
  /** Undefined when rows are taken as independent. */
  readonly days: { readonly reference: Blocks; readonly current: Blocks } | undefined;
};

export type ShiftVerdict = {
  readonly kind: SignalVerdict;
  readonly reason: string;
  /** PSI without its small-sample bias, with its 95 % interval; null when there is nothing to compare. */
  readonly effect: number | null;
  readonly interval: readonly [number, number] | null;
  readonly pValue: number | null;
  readonly nNeeded: number | null;
  readonly designEffect: number | null;
};

export type ColumnVerdicts = {
  /** Of the values. What is judged apart makes it a warning at least, and a breach when no value is left to judge. */
  readonly verdict: ShiftVerdict;
  /** Of the shares of rows without a value, by what they are instead; only of those that occur. */
  readonly apart: Readonly<Record<string, ShiftVerdict>>;
};

/** `others`: the shares of rows that are missing, infinite or text for a number, against the rest. */
export function judgeColumn(
  values: CountedSides,
  others: Readonly<Record<string, CountedSides>>,
  strictness: Strictness,
): ColumnVerdicts {
  const held = Object.entries(others).filter(([, { reference, current }]) => reference[1]! + current[1]! > 0);
  const apart = Object.fromEntries(held.map(([what, sides]) => [what, judge(sides, strictness)]));
  return { verdict: withApart(judge(values, strictness), Object.values(apart)), apart };
}

function judge({ days, ...sides }: CountedSides, { limits, alpha }: Strictness): ShiftVerdict {
  if (days === undefined) return verdictOf(judgeShift({ ...sides, limits, alpha }));
  const blocks = { referenceBlocks: days.reference, currentBlocks: days.current, currentSpread: 'own' } as const;
  const floor = effectFloor(days.reference, days.current.length);
  return verdictOf(judgeShift({ ...sides, limits, alpha, blocks, effectFloor: floor }));
}

function verdictOf(judged: JudgedShift | Unjudged): ShiftVerdict {
  const { verdict: kind, reason } = judged;
  if (judged.value === null)
    return { kind, reason, effect: null, interval: null, pValue: null, nNeeded: null, designEffect: null };
  const { effect, interval, pValue, nNeeded, designEffect } = judged;
  return { kind, reason, effect, interval: [interval.low, interval.high], pValue, nNeeded, designEffect };
}

function withApart(values: ShiftVerdict, apart: readonly ShiftVerdict[]): ShiftVerdict {
  const alarms = apart.filter(({ kind }) => kind === 'breach' || kind === 'warning');
  if (alarms.length === 0) return values;
  const isGone = values.effect === null && alarms.some(({ kind }) => kind === 'breach');
  const raised = values.kind === 'breach' || isGone ? 'breach' : 'warning';
  return { ...values, kind: raised, reason: [values, ...alarms].map(({ reason }) => reason).join('; ') };
}
