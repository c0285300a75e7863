import type { TaskType } from '../registry/schemas.ts';
import type { ArmSums, Paired } from './aggregates.ts';
import { addExactly, type ExactSum, valueOfSum } from './exact-sum.ts';
import { lossOf } from './loss.ts';
import type { PairedRow } from './paired.ts';

type Arm = { n: number; readonly sum: ExactSum; readonly sumSquares: ExactSum };

/** Sums of `Paired`; requests can be taken away as exactly as they were added. */
export type PairedSums = {
  n: number;
  /** Older loss, newer loss, difference, squared difference. */
  readonly sums: readonly [ExactSum, ExactSum, ExactSum, ExactSum];
  readonly arms: { readonly older: Arm; readonly newer: Arm };
};

export function emptyPairedSums(): PairedSums {
  const arm = (): Arm => ({ n: 0, sum: [], sumSquares: [] });
  return { n: 0, sums: [[], [], [], []], arms: { older: arm(), newer: arm() } };
}

export function copyOfPairedSums({ n, sums: [older, newer, difference, squared], arms }: PairedSums): PairedSums {
  const copy = ({ n: count, sum, sumSquares }: Arm): Arm => ({ n: count, sum: [...sum], sumSquares: [...sumSquares] });
  return {
    n,
    sums: [[...older], [...newer], [...difference], [...squared]],
    arms: { older: copy(arms.older), newer: copy(arms.newer) },
  };
}

/** `times`: 1 adds the request, -1 takes it away. Changes the sums. */
export function addToPaired(held: PairedSums, taskType: TaskType, row: PairedRow, times: 1 | -1): void {
  const loss = lossOf(taskType);
  const older = loss(row.olderScore, row.label);
  const newer = loss(row.newerScore, row.label);
  held.n += times;
  addExactly(held.sums[0], times * older);
  addExactly(held.sums[1], times * newer);
  addExactly(held.sums[2], times * (newer - older));
  addExactly(held.sums[3], times * (newer - older) ** 2);
  if (row.arm === undefined) return;
  const arm = held.arms[row.arm.served];
  arm.n += times;
  addExactly(arm.sum, times * row.arm.value);
  addExactly(arm.sumSquares, times * row.arm.value ** 2);
}

export function pairedOfSums({ n, sums, arms }: PairedSums): Paired {
  const [sumOlderLoss, sumNewerLoss, sumDifference, sumSquaredDifference] = sums;
  const armOf = (arm: Arm): ArmSums => ({ n: arm.n, sum: valueOfSum(arm.sum), sumSquares: valueOfSum(arm.sumSquares) });
  return {
    n,
    sumOlderLoss: valueOfSum(sumOlderLoss),
    sumNewerLoss: valueOfSum(sumNewerLoss),
    sumDifference: valueOfSum(sumDifference),
    sumSquaredDifference: valueOfSum(sumSquaredDifference),
    arms: { older: armOf(arms.older), newer: armOf(arms.newer) },
  };
}
