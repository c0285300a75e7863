import type { TaskType } from '../registry/schemas.ts';
import { scoreBins } from './aggregates.ts';

/** Keeps the log loss of a certain but wrong score finite: at most 34.5 nats. */
const clip = 1e-15;

/** Of one prediction, in nats: -ln of the probability given to what happened. `label` is 0 or 1, `score` in [0, 1]. */
export function logLoss(score: number, label: number): number {
  const probability = Math.min(1 - clip, Math.max(clip, score));
  return -Math.log(label === 1 ? probability : 1 - probability);
}

export function squaredError(score: number, label: number): number {
  return (score - label) ** 2;
}

/** What paired comparisons are made on: log loss for binary models, squared error for regression. */
export function lossOf(taskType: TaskType): (score: number, label: number) => number {
  return taskType === 'binary' ? logLoss : squaredError;
}

/** Index of a probability among `scoreBins` equal-width bins; 1 belongs to the last. */
export function scoreBin(score: number): number {
  return Math.min(scoreBins - 1, Math.floor(score * scoreBins));
}
