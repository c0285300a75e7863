import type { ModelState } from '../registry/model.ts';
import { dayMillis, type Instant, toMillis } from '../time.ts';

/** The facts every trigger rests on, a manual one included. */
export function sharedInputs(model: ModelState, now: Instant) {
  const trainingDataEnd = model.champion?.trainingDataEnd;
  return {
    lifecycle: model.lifecycle,
    health: model.health,
    championVersion: model.champion?.version,
    trainingDataEnd,
    trainingDataAgeDays:
      trainingDataEnd === undefined ? undefined : (toMillis(now) - toMillis(trainingDataEnd)) / dayMillis,
    lastRetrainRequestedAt: model.lastRetrainRequestedAt,
    retrainingPolicy: model.policy.retraining,
  };
}
