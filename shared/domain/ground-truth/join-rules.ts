import { minuteMillis } from '../time.ts';
import { isInSample } from './sampling.ts';
import type { Truth } from './segment.ts';
import { longestWindowMinutes, type ServedModel } from './served-model.ts';
import { exclusionOf, type IsExcluded } from './truths.ts';

/** A model as the join asks it. */
export type JoinRules = {
  readonly model: ServedModel;
  readonly primaryType: string;
  /** Of all outcome types; hours are sealed by it. */
  readonly longestMinutes: number;
  /** How long after a prediction the stream still takes an outcome of that type (absent: the primary one). */
  readonly reachMinutes: (outcomeType: string | undefined) => number;
  /** `late`: outside the attribution window of its type. `deferred`: inside, but later than the stream joins. */
  readonly timing: (predictedAt: number, truth: Truth) => 'in-time' | 'late' | 'deferred';
  readonly isExcluded: IsExcluded;
  readonly isInSample: typeof isInSample;
};

export function rulesOf(model: ServedModel): JoinRules {
  const [primary] = model.outcomeTypes;
  const windows = new Map(model.outcomeTypes.map((type) => [type.name, type.attributionWindowMinutes]));
  const { speedWindowMinutes: speed = Number.POSITIVE_INFINITY, attributionWindowMinutes } = model;
  const windowMinutes = (outcomeType: string | undefined) =>
    (outcomeType === undefined ? undefined : windows.get(outcomeType)) ?? attributionWindowMinutes;
  return {
    model,
    primaryType: primary?.name ?? '',
    longestMinutes: longestWindowMinutes(model),
    reachMinutes: (outcomeType) => Math.min(speed, windowMinutes(outcomeType)),
    timing: (predictedAt, { observedAt, outcomeType }) => {
      const after = observedAt - predictedAt;
      if (after < 0 || after > windowMinutes(outcomeType) * minuteMillis) return 'late';
      return after > speed * minuteMillis ? 'deferred' : 'in-time';
    },
    isExcluded: exclusionOf(model.distrusted),
    isInSample,
  };
}
