import type { RolloutState } from './rollout.ts';
import type { RolloutEvent } from './rollout-events.ts';

/** Folds one event into the head. Throws when the stream does not begin with `RolloutStarted`. */
export function evolveRollout(state: RolloutState | undefined, event: RolloutEvent): RolloutState {
  if (event.type === 'RolloutStarted') {
    const { type: _, schemaVersion: __, ...facts } = event;
    return { ...facts, status: 'validating', step: -1, judgements: [] };
  }
  if (state === undefined) throw new Error(`a rollout cannot begin with ${event.type}`);
  switch (event.type) {
    case 'LoadabilityChecked':
      return { ...state, loadability: { verdict: event.verdict, checkedAt: event.checkedAt, reason: event.reason } };
    case 'ValidationJudged': {
      const { verdict, judgedAt, paired, reason, holdoutAttempts } = event;
      const attempts = holdoutAttempts === undefined ? {} : { holdoutAttempts };
      return { ...state, validation: { verdict, judgedAt, paired, reason, ...attempts } };
    }
    case 'CanaryStepStarted':
      return {
        ...state,
        status: 'canary',
        step: event.step,
        stepStartedAt: event.startedAt,
        ...((event.step === 0 || state.stepStarts !== undefined) && {
          stepStarts: [...(state.stepStarts ?? []), event.startedAt],
        }),
      };
    case 'CanaryStepJudged':
      return { ...state, judgements: [...state.judgements, event.judgement] };
    case 'RolloutPromoted':
      return { ...state, status: 'promoted', endedAt: event.endedAt };
    case 'RolloutRefused':
      return { ...state, status: 'refused', endedAt: event.endedAt, reason: event.reason };
    case 'RolloutRolledBack':
      return { ...state, status: 'rolled-back', endedAt: event.endedAt, reason: event.reason };
    case 'RolloutAborted':
      return { ...state, status: 'aborted', endedAt: event.endedAt, reason: event.reason };
  }
}
