import type { TaskType } from '../registry/schemas.ts';
import type { ArmSums, Paired } from './aggregates.ts';
import { lossOf } from './loss.ts';

/** One attributed request that both versions scored. */
export type PairedRow = {
  readonly olderScore: number;
  readonly newerScore: number;
  readonly label: number;
  /** The business value of a request that a rollout assigned to an arm. */
  readonly arm?: { readonly served: 'older' | 'newer'; readonly value: number };
};

const noArm: ArmSums = { n: 0, sum: 0, sumSquares: 0 };
export const emptyPaired: Paired = {
  n: 0,
  sumOlderLoss: 0,
  sumNewerLoss: 0,
  sumDifference: 0,
  sumSquaredDifference: 0,
  arms: { older: noArm, newer: noArm },
};

/** Sums over requests. Same rows in the same order give the same sums to the last bit. */
export function pairedOf(taskType: TaskType, rows: readonly PairedRow[]): Paired {
  const loss = lossOf(taskType);
  const sums = { n: rows.length, sumOlderLoss: 0, sumNewerLoss: 0, sumDifference: 0, sumSquaredDifference: 0 };
  const arms = { older: { ...noArm }, newer: { ...noArm } };
  for (const { olderScore, newerScore, label, arm } of rows) {
    const olderLoss = loss(olderScore, label);
    const newerLoss = loss(newerScore, label);
    sums.sumOlderLoss += olderLoss;
    sums.sumNewerLoss += newerLoss;
    sums.sumDifference += newerLoss - olderLoss;
    sums.sumSquaredDifference += (newerLoss - olderLoss) ** 2;
    if (arm !== undefined) arms[arm.served] = addToArm(arms[arm.served], arm.value);
  }
  return { ...sums, arms };
}

function addToArm(arm: ArmSums, value: number): ArmSums {
  return { n: arm.n + 1, sum: arm.sum + value, sumSquares: arm.sumSquares + value ** 2 };
}

export function mergePaired(left: Paired, right: Paired): Paired {
  return {
    n: left.n + right.n,
    sumOlderLoss: left.sumOlderLoss + right.sumOlderLoss,
    sumNewerLoss: left.sumNewerLoss + right.sumNewerLoss,
    sumDifference: left.sumDifference + right.sumDifference,
    sumSquaredDifference: left.sumSquaredDifference + right.sumSquaredDifference,
    arms: {
      older: mergeArms(left.arms.older, right.arms.older),
      newer: mergeArms(left.arms.newer, right.arms.newer),
    },
  };
}

function mergeArms(left: ArmSums, right: ArmSums): ArmSums {
  return { n: left.n + right.n, sum: left.sum + right.sum, sumSquares: left.sumSquares + right.sumSquares };
}
