import { expect, it } from 'vitest';
import { systemActor } from '../../../shared/domain/actor.ts';
import type { PublishedEvent } from '../../../shared/ports/event-publisher.ts';
import type { Commit } from '../../../shared/ports/event-store.ts';
import { relayCommits } from '../../../shared/use-cases/registry/relay-commits.ts';

it('keeps a task token off the bus, and passes on what the commit belongs to', async () => {
  const published: PublishedEvent[] = [];
  const commit: Commit = {
    streamId: 'retrain#ranking-r1',
    version: 3,
    events: ['TrainingAwaited', 'RetrainSucceeded'].map((type) => ({ type, schemaVersion: 1, taskToken: 'secret' })),
    actor: systemActor('retraining'),
    reason: 'the workflow waits for its trainer',
    occurredAt: '2001-02-01T00:00:00.000Z',
    correlationId: 'req-7',
    hash: 'a',
    previousHash: 'b',
  };
  const publisher = {
    publish: async (events: readonly PublishedEvent[]) => {
      published.push(...events);
      return [];
    },
  };
  await relayCommits(publisher, [{ recordId: '1', commit }]);
  expect(published.map(({ detailType }) => detailType)).toEqual(['RetrainSucceeded']);
  expect(published[0]?.detail).toMatchObject({ correlationId: 'req-7' });
});
