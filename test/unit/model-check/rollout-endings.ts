import type { Transaction } from './rollout-world.ts';

const reason = 'because';

/** What ends a rollout, each with what it does to the model. */
export function endings(rolloutId: string, trainingDataEnd: string) {
  return {
    promote: {
      name: `promote ${rolloutId}`,
      rolloutId,
      rollout: { type: 'PromoteRollout' },
      model: [{ type: 'PromoteCandidate', rolloutId, trainingDataEnd }],
    },
    refuse: {
      name: `refuse ${rolloutId}`,
      rolloutId,
      rollout: { type: 'RefuseRollout', reason },
      model: [{ type: 'RefuseCandidate', rolloutId, reason }],
    },
    startRollback: {
      name: `take the traffic back from ${rolloutId}`,
      rolloutId,
      model: [{ type: 'StartRollback', rolloutId, reason }],
    },
    rollBack: {
      name: `roll back ${rolloutId}`,
      rolloutId,
      rollout: { type: 'RollBackRollout', reason },
      model: [{ type: 'CompleteRollback', rolloutId }],
    },
    abort: {
      name: `abort ${rolloutId}`,
      rolloutId,
      rollout: { type: 'AbortRollout', reason },
      model: [{ type: 'CompleteRollback', rolloutId }],
    },
    abortBeforeTraffic: {
      name: `abort ${rolloutId} before it serves`,
      rolloutId,
      rollout: { type: 'AbortRollout', reason },
      model: [{ type: 'RefuseCandidate', rolloutId, reason }],
    },
  } as const satisfies Record<string, Transaction>;
}
