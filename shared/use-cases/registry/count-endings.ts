import type { RelayedCommit } from './relay-commits.ts';

/** Events that end a retrain or a rollout → the metric that counts them. */
const metricByEvent = {
  RetrainSucceeded: 'RetrainsSucceeded',
  RetrainFailed: 'RetrainsFailed',
  RolloutPromoted: 'RolloutsPromoted',
  RolloutRefused: 'RolloutsRefused',
  RolloutRolledBack: 'RolloutsRolledBack',
} as const;

type Endings = Partial<Record<(typeof metricByEvent)[keyof typeof metricByEvent], number>>;

/** How retrains and rollouts ended in these commits. The relay sees every commit, so nobody else has to count. */
export function countEndings(commits: readonly RelayedCommit[]): Readonly<Endings> {
  const counts: Endings = {};
  for (const { type } of commits.flatMap(({ commit }) => commit.events)) {
    if (!isEnding(type)) continue;
    const name = metricByEvent[type];
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function isEnding(type: string): type is keyof typeof metricByEvent {
  return Object.hasOwn(metricByEvent, type);
}
