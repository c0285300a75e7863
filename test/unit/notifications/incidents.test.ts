import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notifyingEvents } from '../../../shared/domain/notifications/notifying-events.ts';
import { notifyingEventNames } from '../../../shared/names.ts';
import { acknowledgeIncident } from '../../../shared/use-cases/notifications/acknowledge-incident.ts';
import { notifiedWorld } from './notified-world.ts';

const ada = { id: 'ada', kind: 'person', roles: ['editor:flights'], teams: ['flights'] } as const;
const told = (world: Awaited<ReturnType<typeof notifiedWorld>>) =>
  world.sent.map(({ message }) => `${message.change} ${message.incident.cause} ${message.incident.severity}`);

it('the bus is asked for exactly the events that the table names', () => {
  expect(Object.keys(notifyingEvents).toSorted()).toEqual([...notifyingEventNames].toSorted());
});

describe('one incident per model and cause', () => {
  it('pages for performance, informs of drift, and tells of the recovery of each', async () => {
    const world = await notifiedWorld();
    await world.hear(await world.atRisk(['performance', 'dataDrift', 'conceptDrift']));
    await world.hear(await world.healthy());
    await world.deliver();
    expect(told(world)).toEqual([
      'opened performance page',
      'opened drift inform',
      'recovered performance page',
      'recovered drift inform',
    ]);
    expect((await world.incidents()).map(({ status }) => status)).toEqual(['recovered', 'recovered']);
  });

  it('a further finding of the same cause is an update, the same one is no news', async () => {
    const world = await notifiedWorld();
    await world.hear(await world.atRisk(['performance'], 'skill 0.02'));
    await world.hear(await world.atRisk(['performance'], 'skill 0.02'));
    await world.hear(await world.atRisk(['performance', 'dataDrift'], 'skill 0.01'));
    await world.deliver();
    expect(told(world)).toEqual(['opened performance page', 'updated performance page', 'opened drift inform']);
  });

  it('after a recovery the next breach is another incident', async () => {
    const world = await notifiedWorld();
    await world.hear(await world.atRisk(['performance']));
    await world.hear(await world.healthy());
    await world.hear(await world.atRisk(['performance']));
    expect((await world.incidents()).map(({ incidentId, status }) => [incidentId, status])).toEqual([
      ['late-live-i2', 'open'],
      ['late-live-i1', 'recovered'],
    ]);
  });

  it('a retired model has no open incident', async () => {
    const world = await notifiedWorld();
    await world.hear(await world.atRisk(['performance', 'dataDrift', 'age', 'estimatedPerformance']));
    await world.hear(await world.model('DeprecationProposed', { reason: 'stale' }));
    await world.hear(await world.model('ModelRetired', { reason: 'replaced' }));
    expect((await world.incidents()).filter(({ status }) => status !== 'recovered')).toEqual([]);
    expect(await world.incidents()).toHaveLength(5);
  });
});

describe('what comes again or in disorder', () => {
  it('tells the same whatever the order and number of hints', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 0, 1, 2, 3], { minLength: 4 }), async (order) => {
        const world = await notifiedWorld();
        const hints = [
          await world.atRisk(['performance'], 'worse'),
          await world.healthy(),
          await world.atRisk(['performance', 'dataDrift'], 'much worse'),
          await world.model('DeprecationProposed', { reason: 'stale' }),
        ];
        // The last is heard by all, so that all have heard of everything.
        for (const index of [...order, 3]) await world.hear(hints[index]!);
        await world.deliver();
        expect(told(world)).toEqual([
          'opened performance page',
          'recovered performance page',
          'opened performance page',
          'opened drift inform',
          'opened deprecation inform',
        ]);
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it('a crash before any append, then a repetition, tells each target once and misses nothing', async () => {
    for (let survives = 0; survives < 6; survives += 1) {
      const world = await notifiedWorld();
      const hint = await world.atRisk(['performance', 'dataDrift']);
      const { append } = world.store;
      let left = survives;
      Object.assign(world.store, {
        append: async (...args: Parameters<typeof append>) => {
          left -= 1;
          if (left < 0) throw new Error('killed');
          await append(...args);
        },
      });
      await world.hear(hint).catch(() => undefined);
      Object.assign(world.store, { append });
      await world.hear(hint);
      await world.deliver();
      await world.pass(5);
      expect(told(world).toSorted(), `killed at append ${survives}`).toEqual([
        'opened drift inform',
        'opened performance page',
      ]);
    }
  });

  it('of a stream that is new here, what is older than an hour is not told any more', async () => {
    const world = await notifiedWorld();
    await world.atRisk(['dataDrift']);
    await world.pass(61);
    await world.hear(await world.atRisk(['performance']));
    await world.deliver();
    expect(told(world)).toEqual(['opened performance page']);
  });
});

describe('what is told of', () => {
  it('retrains that fail or are blocked, until one succeeds or goes on', async () => {
    const world = await notifiedWorld();
    const retrain = (n: number, type: string, rest = {}) =>
      world.append(`retrain#late-live-r${n}`, { type, modelId: 'late-live', retrainId: `late-live-r${n}`, ...rest });
    await world.hear(await retrain(1, 'RetrainRequeued', { reason: 'Maestro does not answer' }));
    await world.hear(await retrain(1, 'RetrainFailed', { reason: 'out of memory' }));
    await world.hear(await retrain(2, 'RetrainFailed', { reason: 'out of memory' }));
    await world.hear(await retrain(3, 'RetrainSucceeded'));
    await world.deliver();
    expect(told(world)).toEqual([
      'opened retrain-blocked inform',
      'recovered retrain-blocked inform',
      'opened retrain-failed inform',
      'updated retrain-failed inform',
      'recovered retrain-failed inform',
    ]);
  });

  it('a rollback, a rule that alerts, and their ends', async () => {
    const world = await notifiedWorld();
    const rollout = (type: string, rest = {}) =>
      world.append('rollout#late-live-o1', { type, modelId: 'late-live', rolloutId: 'late-live-o1', ...rest });
    const decided = (action: string) =>
      world.append('decisions#late-live', {
        type: 'RetrainingDecided',
        modelId: 'late-live',
        record: { decision: { action, matched: [{ name: 'night', then: action, reason: 'few rows' }] } },
      });
    await world.hear(await rollout('RolloutRolledBack', { reason: 'revenue down 4 %' }));
    await world.hear(await rollout('RolloutPromoted'));
    await world.hear(await decided('alert'));
    await world.hear(await decided('nothing'));
    await world.deliver();
    expect(told(world)).toEqual([
      'opened rollout inform',
      'recovered rollout inform',
      'opened rule inform',
      'recovered rule inform',
    ]);
  });

  it('an approval that waits, and again when people are reminded, until somebody has decided', async () => {
    const world = await notifiedWorld();
    const [expiresAt, remindedAt] = ['2001-01-24T12:00:00.000Z', '2001-01-23T12:00:00.000Z'];
    const about = {
      modelId: 'late-live',
      rolloutId: 'late-live-o1',
      approvalId: 'late-live-o1-a1',
      percent: 20,
      expiresAt,
    };
    for (const event of [
      { type: 'ApprovalRequested', ...about },
      { type: 'ApprovalReminded', ...about, remindedAt },
      { type: 'ApprovalDecided', ...about, decision: 'approve' },
    ])
      await world.hear(await world.append('rollout#late-live-o1', event));
    await world.deliver();
    expect(told(world)).toEqual(['opened approval inform', 'updated approval inform', 'recovered approval inform']);
    expect(world.sent[0]?.message.incident.detail).toBe(
      'late-live-o1 waits for an approval of 20 % of the traffic until 2001-01-24T12:00:00.000Z',
    );
  });

  it('an orchestrator that does not answer, to those who run the stage', async () => {
    const world = await notifiedWorld();
    await world.hear(await world.append('circuit#maestro', { type: 'CircuitOpened', reason: 'five failures' }));
    expect(await world.incidents()).toEqual([]);
    const [head] = (await world.store.list('incidents#team#runway', { limit: 10 })).items;
    expect(head?.state).toMatchObject({ incidentId: 'circuit.maestro-i1', cause: 'circuit', team: 'runway' });
  });
});

describe('acknowledged incidents', () => {
  it('are silent about more of the same, and tell of what is graver and of recovery', async () => {
    const world = await notifiedWorld();
    await world.hear(await world.atRisk(['dataDrift'], 'a little'));
    await acknowledgeIncident(
      { events: world.store, queue: world.queue },
      { incidentId: 'late-live-i1', comment: 'looking' },
      { actor: ada, now: world.now() },
    );
    await world.hear(await world.atRisk(['dataDrift'], 'more'));
    await world.hear(await world.healthy());
    await world.deliver();
    expect(told(world)).toEqual(['opened drift inform', 'acknowledged drift inform', 'recovered drift inform']);
    expect((await world.incidents())[0]).toMatchObject({
      acknowledgement: { by: 'ada', comment: 'looking' },
      occurrences: 2,
    });
  });

  it('can be acknowledged twice, but not once they have recovered', async () => {
    const world = await notifiedWorld();
    const acknowledge = () =>
      acknowledgeIncident(
        { events: world.store, queue: world.queue },
        { incidentId: 'late-live-i1' },
        { actor: ada, now: world.now() },
      );
    await expect(acknowledge()).rejects.toMatchObject({ name: 'NotFound', code: 'unknown-incident' });
    await world.hear(await world.atRisk(['dataDrift']));
    expect((await acknowledge()).notifications).toBe(2);
    expect((await acknowledge()).notifications).toBe(2);
    await world.hear(await world.healthy());
    await expect(acknowledge()).rejects.toMatchObject({ name: 'IllegalTransition' });
  });
});

it('a staleness score that no signal explains is told, and no other', async () => {
  const world = await notifiedWorld();
  await world.hear(await world.atRisk(['dataDrift', 'staleness-score']));
  await world.hear(await world.healthy());
  await world.hear(await world.atRisk(['staleness-score']));
  await world.deliver();
  expect(told(world)).toEqual(['opened drift inform', 'recovered drift inform', 'opened staleness inform']);
});
