import { hour } from '../rollout/flight-rollouts.ts';
import type { Commands } from './rollout-world.ts';

type Others =
  | 'RequestLoadProbes'
  | 'RecordProbeTaken'
  | 'AnswerLoadProbe'
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

/** What people and consuming services do to a rollout, and what is done because they do not. */
export const othersCommands: Pick<Commands, Others> = {
  RequestLoadProbes: (_, { probes }, rolloutId) =>
    probes
      ? [
          {
            name: `${rolloutId} asks a service`,
            rolloutId,
            rollout: { type: 'RequestLoadProbes', probes: [probeOf(rolloutId)] },
          },
        ]
      : [],
  RecordProbeTaken: (_, { probes }, rolloutId) =>
    probes
      ? [
          {
            name: `a service takes the question of ${rolloutId}`,
            rolloutId,
            rollout: { type: 'RecordProbeTaken', probeId: `${rolloutId}-p1` },
          },
        ]
      : [],
  AnswerLoadProbe: (_, { probes }, rolloutId) =>
    [true, false]
      .filter(() => probes)
      .map((loaded) => ({
        name: `a service answers ${rolloutId}: ${loaded}`,
        rolloutId,
        rollout: { type: 'AnswerLoadProbe', probeId: `${rolloutId}-p1`, loaded, artifactDigest: 'sha256:0' },
      })),
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

function probeOf(rolloutId: string) {
  const artifact = { version: 2, artifactUri: 's3://artifacts/model.json', artifactDigest: 'sha256:0' };
  return {
    probeId: `${rolloutId}-p1`,
    service: 'gates',
    ...artifact,
    environmentLockDigest: 'sha256:1',
    deadline: hour(1),
  };
}
