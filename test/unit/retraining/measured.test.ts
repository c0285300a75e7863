import { expect, test } from 'vitest';
import { queueFigures } from '../../../shared/domain/retraining/queue-figures.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { countEndings } from '../../../shared/use-cases/registry/count-endings.ts';
import type { RelayedCommit } from '../../../shared/use-cases/registry/relay-commits.ts';

const at = (time: string) => time as Instant;

test('the queue is measured by tier, with zeros where nothing waits', () => {
  const queued = [
    { tier: 1, requestedAt: at('2001-02-01T08:00:00.000Z') },
    { tier: 1, requestedAt: at('2001-02-01T10:00:00.000Z') },
    { tier: 4, requestedAt: at('2001-02-01T11:30:00.000Z') },
  ] as const;
  expect([...queueFigures(queued, at('2001-02-01T12:00:00.000Z'))]).toEqual([
    [1, { RetrainsQueued: 2, OldestQueuedMinutes: 240 }],
    [2, { RetrainsQueued: 0, OldestQueuedMinutes: 0 }],
    [3, { RetrainsQueued: 0, OldestQueuedMinutes: 0 }],
    [4, { RetrainsQueued: 1, OldestQueuedMinutes: 30 }],
  ]);
});

test('endings of retrains and rollouts are counted over all commits, and nothing else is', () => {
  const commit = (...types: string[]) =>
    ({ recordId: '1', commit: { events: types.map((type) => ({ type })) } }) as unknown as RelayedCommit;
  const commits = [commit('RetrainFailed', 'SlotReleased'), commit('RetrainFailed'), commit('RolloutRolledBack')];
  expect(countEndings(commits)).toEqual({ RetrainsFailed: 2, RolloutsRolledBack: 1 });
  expect(countEndings([commit('constructor', 'ModelRegistered')])).toEqual({});
});
