import type { RetrainState } from './retrain.ts';
import type { RetrainEvent } from './retrain-events.ts';

/** Folds one event into the head. Throws when the stream does not begin with `RetrainRequested`. */
export function evolveRetrain(state: RetrainState | undefined, event: RetrainEvent): RetrainState {
  if (event.type === 'RetrainRequested') {
    const { type: _, schemaVersion: __, ...facts } = event;
    return { ...facts, status: 'queued' };
  }
  if (state === undefined) throw new Error(`a retrain cannot begin with ${event.type}`);
  switch (event.type) {
    case 'RetrainTriggerAdded':
      return { ...state, triggers: [...state.triggers, event.trigger] };
    case 'RetrainHeld':
      return { ...state, hold: event.hold };
    case 'RetrainReleased':
      return released(state);
    case 'RetrainBumped':
      return { ...state, bump: event.bump };
    case 'RetrainStarted':
      return {
        ...state,
        status: 'running',
        startedAt: event.startedAt,
        trainingTimeoutSeconds: event.trainingTimeoutSeconds,
      };
    case 'TrainingAwaited':
      return { ...state, taskToken: event.taskToken, ...(event.askedAt !== undefined && { askedAt: event.askedAt }) };
    case 'TrainingAskedAgain':
      return { ...state, askedAt: event.askedAt };
    case 'TrainingStarted':
      return { ...state, run: event.run, askedAt: event.run.requestedAt };
    case 'TrainingRunEnded':
      return { ...state, runEnd: event.end };
    case 'RetrainRequeued':
      return requeued(state);
    case 'TrainingCompleted':
      return { ...state, completion: event.completion };
    case 'RetrainSucceeded':
      return {
        ...state,
        status: 'succeeded',
        candidateVersion: event.candidateVersion,
        holdout: event.holdout,
        rolloutId: event.rolloutId,
        endedAt: event.endedAt,
      };
    case 'RetrainFailed':
      return { ...state, status: 'failed', failure: event.reason, endedAt: event.endedAt };
    case 'RetrainCancelled':
      return { ...state, status: 'cancelled', failure: event.reason, endedAt: event.endedAt };
  }
}

// What was asked stays: the next start finds the run that an answer got lost of.
function requeued({ startedAt: _, trainingTimeoutSeconds: __, taskToken: ___, ...state }: RetrainState): RetrainState {
  return { ...state, status: 'queued', requeues: (state.requeues ?? 0) + 1 };
}

function released({ hold: _, ...state }: RetrainState): RetrainState {
  return state;
}
