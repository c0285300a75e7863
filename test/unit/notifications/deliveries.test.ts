import { describe, expect, it } from 'vitest';
import { endOfQuietHours } from '../../../shared/domain/notifications/quiet-hours.ts';
import { replayNotification } from '../../../shared/use-cases/notifications/replay-notification.ts';
import { notifiedWorld } from './notified-world.ts';

const ada = { id: 'ada', kind: 'person', roles: [], teams: [] } as const;
const twoTargets = {
  targets: [
    { kind: 'pagerduty', name: 'pager', secret: 'pager', severities: ['page'] },
    { kind: 'slack', name: 'channel', secret: 'slack' },
  ],
};
const quiet = (from: string, to: string, timeZone = 'UTC') => ({ quietHours: { from, to, timeZone } });

describe('attempts', () => {
  it('follow each other at growing distances until the receiver is back', async () => {
    const world = await notifiedWorld();
    world.answerWith(() => ({ delivered: false, status: 503, error: 'answered 503' }));
    await world.hear(await world.atRisk(['performance']));
    await world.deliver();
    for (const minutes of [0.2, 1, 5]) await world.pass(minutes);
    world.answerWith(() => ({ delivered: true, status: 200 }));
    for (const minutes of [30, 120]) await world.pass(minutes);
    const [delivery] = (await world.notifications())[0]?.deliveries ?? [];
    expect(delivery).toMatchObject({ status: 'delivered', tries: 5 });
    expect(delivery?.attempts.map(({ outcome }) => outcome)).toEqual([
      'failed',
      'failed',
      'failed',
      'failed',
      'delivered',
    ]);
    expect(new Set(world.sent.map(({ message }) => message.notificationId))).toEqual(new Set(['late-live-i1-n1']));
  });

  it('end after eight, and at once where no other can help', async () => {
    const world = await notifiedWorld();
    world.answerWith(() => ({ delivered: false, error: 'answered 500' }));
    await world.hear(await world.atRisk(['performance']));
    await world.deliver();
    for (let hour = 0; hour < 40; hour += 1) await world.pass(60);
    expect((await world.notifications())[0]?.deliveries[0]).toMatchObject({ status: 'failed', tries: 8 });

    const other = await notifiedWorld();
    other.answerWith(() => ({ delivered: false, error: 'not public', isFinal: true }));
    await other.hear(await other.atRisk(['performance']));
    await other.deliver();
    expect((await other.notifications())[0]?.deliveries[0]).toMatchObject({ status: 'failed', tries: 1 });
  });

  it('reach each target on its own, and only what it wants to hear', async () => {
    const world = await notifiedWorld(twoTargets);
    world.answerWith((target) => (target === 'pager' ? { delivered: false, error: 'down' } : { delivered: true }));
    await world.hear(await world.atRisk(['performance', 'dataDrift']));
    await world.deliver();
    const statuses = (await world.notifications()).map(({ message, deliveries }) => [
      message.incident.cause,
      ...deliveries.map(({ target, status }) => `${target} ${status}`),
    ]);
    expect(statuses.toSorted()).toEqual([
      ['drift', 'channel delivered'],
      ['performance', 'pager pending', 'channel delivered'],
    ]);
  });

  it('are made up for when a message of the queue is lost, and a repeated message attempts nothing again', async () => {
    const world = await notifiedWorld();
    await world.hear(await world.atRisk(['performance']));
    const lost = world.queue.take();
    await world.pass(1);
    expect(world.sent).toEqual([]);
    await world.pass(2);
    expect(world.sent).toHaveLength(1);
    for (const request of lost) await world.queue.send(request);
    await world.deliver();
    expect(world.sent).toHaveLength(1);
  });
});

describe('quiet hours', () => {
  it('hold back what informs until they end, but no page', async () => {
    const world = await notifiedWorld(quiet('11:00', '13:30'));
    await world.hear(await world.atRisk(['performance', 'dataDrift']));
    await world.deliver();
    expect(world.sent.map(({ message }) => message.incident.cause)).toEqual(['performance']);
    await world.pass(89);
    expect(world.sent).toHaveLength(1);
    await world.pass(1);
    expect(world.sent.at(-1)).toMatchObject({ at: '2001-01-22T13:30:00.000Z', message: { change: 'opened' } });
  });

  it('end with the last word only: what was overtaken in the meantime is not told', async () => {
    const world = await notifiedWorld(quiet('11:00', '13:30'));
    await world.hear(await world.atRisk(['dataDrift']));
    await world.hear(await world.healthy());
    await world.deliver();
    await world.pass(100);
    expect(world.sent.map(({ message }) => message.change)).toEqual(['recovered']);
    expect((await world.notifications()).map(({ deliveries }) => deliveries[0]?.status)).toEqual([
      'delivered',
      'superseded',
    ]);
  });

  it.each([
    [
      'over midnight, in the team’s own zone',
      '22:00',
      '07:00',
      'America/New_York',
      '2001-01-23T04:00:00Z',
      '2001-01-23T12:00:00.000Z',
    ],
    [
      'in the night in which clocks go forward',
      '22:00',
      '06:30',
      'Europe/Berlin',
      '2001-03-24T23:10:30Z',
      '2001-03-25T04:30:00.000Z',
    ],
    ['not at all outside of them', '22:00', '07:00', 'UTC', '2001-01-22T12:00:00.000Z', '2001-01-22T12:00:00.000Z'],
    [
      'never when they are the whole week: then it is told at once',
      '00:00',
      '00:00',
      'UTC',
      '2001-01-22T12:00:00.000Z',
      '2001-01-22T12:00:00.000Z',
    ],
  ])('last %s', (_name, from, to, timeZone, at, end) => {
    const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
    expect(endOfQuietHours({ from, to, timeZone, days: [...days] }, at)).toBe(end);
  });
});

describe('a replay', () => {
  it('sends again under the same id, to the target that missed it', async () => {
    const world = await notifiedWorld(twoTargets);
    world.answerWith((target) => ({ delivered: false, error: 'down', isFinal: target === 'pager' }));
    await world.hear(await world.atRisk(['performance']));
    await world.deliver();
    world.answerWith(() => ({ delivered: true }));
    const { store: events, queue } = world;
    const request = { team: 'flights', notificationId: 'late-live-i1-n1', target: 'pager' };
    await replayNotification({ events, queue }, request, { actor: ada, now: world.now() });
    await world.deliver();
    expect(world.sent.map(({ target, message }) => `${target} ${message.notificationId}`)).toEqual([
      'pager late-live-i1-n1',
      'channel late-live-i1-n1',
      'pager late-live-i1-n1',
    ]);
    const pager = (await world.notifications())[0]?.deliveries.find(({ target }) => target === 'pager');
    expect(pager).toMatchObject({ status: 'delivered', replays: 1, tries: 1 });
  });

  it('is of the team’s own notifications and targets', async () => {
    const world = await notifiedWorld();
    await world.hear(await world.atRisk(['performance']));
    const replay = (team: string, target?: string) =>
      replayNotification(
        { events: world.store, queue: world.queue },
        { team, notificationId: 'late-live-i1-n1', target },
        { actor: ada, now: world.now() },
      );
    await expect(replay('trains')).rejects.toMatchObject({ code: 'unknown-notification' });
    await expect(replay('flights', 'nobody')).rejects.toMatchObject({ code: 'unknown-target' });
  });
});
