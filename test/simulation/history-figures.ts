import type { RetrainState } from '../../shared/domain/retraining/retrain.ts';

export type History = {
  readonly seed: number;
  readonly violation?: string;
  readonly steps: number;
  readonly retrains: number;
  readonly trainings: number;
  readonly requeues: number;
  /** Reasons of the ends, counted. */
  readonly endings: ReadonlyMap<string, number>;
};

export function figuresOf(
  seed: number,
  retrains: readonly RetrainState[],
  trainings: ReadonlyMap<string, number>,
): Omit<History, 'steps' | 'violation'> {
  return {
    seed,
    retrains: retrains.length,
    trainings: [...trainings.values()].reduce((sum, count) => sum + count, 0),
    requeues: retrains.reduce((sum, { requeues = 0 }) => sum + requeues, 0),
    endings: countEndings(retrains),
  };
}

function countEndings(retrains: readonly RetrainState[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { status, failure } of retrains) {
    const ending = failure === undefined ? status : `${status}: ${failure.replaceAll(/[a-z]+-r\d+(-a1)?/g, '…')}`;
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  return counts;
}
