import type { Commands } from './rollout-world.ts';

type Persons =
  | 'SupersedeRollout'
  | 'PromoteRolloutNow'
  | 'PauseRollout'
  | 'ResumeRollout'
  | 'RequestApproval'
  | 'DecideApproval'
  | 'DelegateApproval'
  | 'RemindOfApproval'
  | 'ExpireApproval'
  | 'AwaitPerson';

/** Who asked for the rollout may be refused what anybody else is granted. */
const persons = ['requester', 'approver'];
const reason = 'because';

/** What people do to a rollout, and what is done because they do not. */
export const peoplesCommands: Pick<Commands, Persons> = {
  SupersedeRollout: (_, { candidates }, rolloutId) =>
    candidates.flatMap((candidate) =>
      (['RefuseCandidate', 'CompleteRollback'] as const).map((type) => ({
        name: `version ${candidate} supersedes ${rolloutId} (${type})`,
        rolloutId,
        rollout: { type: 'SupersedeRollout' as const, candidate },
        model: [{ type, rolloutId, reason }],
      })),
    ),
  PromoteRolloutNow: ({ model }, { people }, rolloutId) =>
    persons
      .filter(() => people)
      .map((by) => ({
        name: `${by} promotes ${rolloutId} now`,
        rolloutId,
        rollout: { type: 'PromoteRolloutNow', by, reason },
        model: [{ type: 'PromoteCandidate', rolloutId, trainingDataEnd: model.champion!.trainingDataEnd }],
      })),
  PauseRollout: ({ rollouts }, { people }, rolloutId) =>
    people && (rollouts[rolloutId]?.pauses ?? []).length < 1
      ? [{ name: `${rolloutId} is paused`, rolloutId, rollout: { type: 'PauseRollout', by: 'approver', reason } }]
      : [],
  ResumeRollout: (_, { people }, rolloutId) =>
    people
      ? [{ name: `${rolloutId} is resumed`, rolloutId, rollout: { type: 'ResumeRollout', by: 'approver', reason } }]
      : [],
  RequestApproval: (_, { people, steps }, rolloutId) =>
    (people ? [0, steps.length] : []).map((before) => ({
      name: `${rolloutId} asks for an approval before ${before}`,
      rolloutId,
      rollout: { type: 'RequestApproval', before },
    })),
  DecideApproval: (_, { people }, rolloutId) =>
    persons
      .filter(() => people)
      .flatMap((by) =>
        (['approve', 'reject'] as const).map((decision) => ({
          name: `${by} says ${decision} to ${rolloutId}`,
          rolloutId,
          rollout: { type: 'DecideApproval' as const, approvalId: `${rolloutId}-a1`, decision, by },
        })),
      ),
  DelegateApproval: (_, { people }, rolloutId) =>
    persons
      .filter(() => people)
      .map((to) => ({
        name: `the approval of ${rolloutId} is delegated to ${to}`,
        rolloutId,
        rollout: { type: 'DelegateApproval', approvalId: `${rolloutId}-a1`, to, by: 'approver' },
      })),
  RemindOfApproval: (_, { people }, rolloutId) =>
    people
      ? [
          {
            name: `${rolloutId} reminds`,
            rolloutId,
            rollout: { type: 'RemindOfApproval', approvalId: `${rolloutId}-a1` },
          },
        ]
      : [],
  ExpireApproval: (_, { people }, rolloutId) =>
    people
      ? [
          {
            name: `the approval of ${rolloutId} expires`,
            rolloutId,
            rollout: { type: 'ExpireApproval', approvalId: `${rolloutId}-a1` },
          },
        ]
      : [],
  AwaitPerson: (_, { people }, rolloutId) =>
    people
      ? [{ name: `${rolloutId} waits for a person`, rolloutId, rollout: { type: 'AwaitPerson', taskToken: 'token' } }]
      : [],
};
