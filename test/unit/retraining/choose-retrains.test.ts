import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseRetrains } from '../../../shared/domain/retraining/queue/choose-retrains.ts';
import { estimateStarts } from '../../../shared/domain/retraining/queue/estimate-starts.ts';
import { ageingHours, byPriority, maximumBump } from '../../../shared/domain/retraining/queue/queue-priority.ts';
import type { Queue, QueueLimits, WaitingRetrain } from '../../../shared/domain/retraining/queue/queue-request.ts';
import { hourMillis, toInstant, toMillis } from '../../../shared/domain/time.ts';

const now = '2026-03-02T12:00:00.000Z';
const limits: QueueLimits = {
  overall: 50,
  perTeam: { each: 10 },
  perOrchestrator: { each: 50 },
  openOrchestrators: [],
};
const hoursAgo = (hours: number) => toInstant(toMillis(now) - hours * hourMillis);

function request(retrainId: string, over: Partial<WaitingRetrain> = {}): WaitingRetrain {
  return {
    retrainId,
    modelId: retrainId.replace(/-r\d+$/, ''),
    team: 'flights',
    tier: 2,
    stalenessScore: 0.5,
    requestedAt: hoursAgo(1),
    orchestrator: 'queue',
    ...over,
  };
}

const waiting = fc.array(
  fc.record({
    team: fc.constantFrom('flights', 'fares', 'crew'),
    tier: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
    stalenessScore: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    requestedAt: fc.integer({ min: 0, max: 100 }).map(hoursAgo),
    orchestrator: fc.constantFrom('queue', 'maestro'),
    priorityBump: fc.integer({ min: 0, max: maximumBump }),
    heldBy: fc.option(fc.constant('ada'), { nil: undefined, freq: 5 }),
    notBefore: fc.option(fc.integer({ min: -5, max: 5 }).map(hoursAgo), { nil: undefined, freq: 5 }),
    trainingMinutes: fc.integer({ min: 1, max: 300 }),
  }),
  { maxLength: 40 },
);
const queues: fc.Arbitrary<Queue> = fc
  .record({
    waiting,
    running: waiting,
    overall: fc.integer({ min: 0, max: 12 }),
    perTeam: fc.integer({ min: 0, max: 5 }),
    perOrchestrator: fc.integer({ min: 0, max: 8 }),
    openOrchestrators: fc.subarray(['queue', 'maestro']),
  })
  .map(({ waiting: queued, running, overall, perTeam, perOrchestrator, openOrchestrators }) => ({
    waiting: queued.map((over, index) => request(`w-r${index}`, over)),
    running: running.slice(0, overall).map(({ team, orchestrator, requestedAt, trainingMinutes }, index) => ({
      retrainId: `x-r${index}`,
      team,
      orchestrator,
      startedAt: requestedAt,
      trainingMinutes,
    })),
    limits: {
      overall,
      perTeam: { each: perTeam, exceptions: { crew: 1 } },
      perOrchestrator: { each: perOrchestrator },
      openOrchestrators,
    },
    now,
  }));

describe('byPriority', () => {
  it('puts the tier first, then the most stale, then the oldest, then the id', () => {
    const order = [
      request('a-r1', { tier: 1, stalenessScore: null }),
      request('b-r1', { stalenessScore: 0.9 }),
      request('c-r1', { requestedAt: hoursAgo(2) }),
      request('d-r1'),
      request('e-r1'),
      request('f-r1', { tier: 4, stalenessScore: 1 }),
    ];
    expect(byPriority(order.toReversed(), now)).toEqual(order);
  });

  it('counts six hours of waiting, or a bump, as a tier', () => {
    const order = [
      request('bumped-r1', { tier: 3, priorityBump: 3 }),
      request('fresh-r1', { tier: 1 }),
      request('old-r1', { tier: 4, requestedAt: hoursAgo(17), stalenessScore: 1 }),
    ];
    expect(byPriority(order.toReversed(), now)).toEqual(order);
    expect(byPriority(order.toReversed(), toInstant(toMillis(now) + hourMillis))[1]?.retrainId).toBe('old-r1');
  });

  it('lets nothing overtake that came later by the tiers between them and the bump', () => {
    const other = fc.record({
      tier: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
      requestedAt: fc.integer({ min: 0, max: 200 }).map(hoursAgo),
      stalenessScore: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      priorityBump: fc.integer({ min: 0, max: maximumBump }),
    });
    fc.assert(
      fc.property(other, other, fc.integer({ min: 0, max: 500 }), (left, right, laterHours) => {
        const [first, second] = [request('a-r1', { ...left, priorityBump: 0 }), request('b-r1', right)];
        const boundHours = (first.tier - second.tier + right.priorityBump + 1) * ageingHours;
        const aheadHours = (toMillis(second.requestedAt) - toMillis(first.requestedAt)) / hourMillis;
        fc.pre(aheadHours >= boundHours && aheadHours >= 0);
        const at = toInstant(toMillis(now) + laterHours * hourMillis);
        expect(byPriority([second, first], at)[0]).toBe(first);
      }),
    );
  });
});

describe('ageing', () => {
  it('starts tier 4 within a day and the time that what was asked for until then takes, whatever else comes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), (slots, perHour) => {
        // Every hour more of tier 1 than there are slots for; each training takes an hour.
        const oneHour = { ...limits, overall: slots, perTeam: { each: slots } };
        let queue = [request('tier4-r1', { tier: 4, stalenessScore: null, requestedAt: now })];
        const mayOvertake = (4 - 1 + 1) * ageingHours * slots * perHour;
        let overtook = 0;
        for (let hour = 0; ; hour += 1) {
          const at = toInstant(toMillis(now) + hour * hourMillis);
          for (let i = 0; i < slots * perHour; i += 1)
            queue.push(request(`tier1h${hour}-r${i}`, { tier: 1, stalenessScore: 1, requestedAt: at }));
          const { start } = chooseRetrains({ waiting: queue, running: [], limits: oneHour, now: at });
          if (start.includes('tier4-r1')) break;
          overtook += start.length;
          expect(overtook).toBeLessThanOrEqual(mayOvertake);
          queue = queue.filter(({ retrainId }) => !start.includes(retrainId));
        }
      }),
      { numRuns: 12 },
    );
  });
});

describe('chooseRetrains', () => {
  it('lets none that may not start keep others waiting', () => {
    const queue = [
      request('held-r1', { tier: 1, heldBy: 'ada' }),
      request('later-r1', { tier: 1, notBefore: hoursAgo(-1) }),
      request('broken-r1', { tier: 1, orchestrator: 'maestro' }),
      request('first-r1', { team: 'crew' }),
      request('second-r1', { team: 'crew', stalenessScore: 0 }),
      request('third-r1', { tier: 4, team: 'fares' }),
    ];
    expect(
      chooseRetrains({
        waiting: queue,
        running: [],
        limits: { ...limits, perTeam: { each: 10, exceptions: { crew: 1 } }, openOrchestrators: ['maestro'] },
        now,
      }),
    ).toEqual({
      start: ['first-r1', 'third-r1'],
      held: [
        { retrainId: 'broken-r1', reason: 'circuit-open' },
        { retrainId: 'held-r1', reason: 'held' },
        { retrainId: 'later-r1', reason: 'not-before' },
        { retrainId: 'second-r1', reason: 'team-limit' },
      ],
    });
  });

  it('decides on each waiting retrain once and keeps every limit', () => {
    fc.assert(
      fc.property(queues, (queue) => {
        const { start, held } = chooseRetrains(queue);
        const all = [...start, ...held.map(({ retrainId }) => retrainId)];
        expect(all.toSorted()).toEqual(queue.waiting.map(({ retrainId }) => retrainId).toSorted());
        const started = queue.waiting.filter(({ retrainId }) => start.includes(retrainId));
        const occupied = [...queue.running, ...started];
        expect(occupied.length).toBeLessThanOrEqual(Math.max(queue.limits.overall, queue.running.length));
        for (const { heldBy, notBefore, orchestrator, team } of started) {
          expect(heldBy).toBeUndefined();
          expect(notBefore === undefined || notBefore <= now).toBe(true);
          expect(queue.limits.openOrchestrators).not.toContain(orchestrator);
          const limit = team === 'crew' ? 1 : queue.limits.perTeam.each;
          expect(occupied.filter((other) => other.team === team).length).toBeLessThanOrEqual(limit);
          expect(occupied.filter((other) => other.orchestrator === orchestrator).length).toBeLessThanOrEqual(
            queue.limits.perOrchestrator.each,
          );
        }
      }),
    );
  });

  it('leaves no slot free that somebody waits for', () => {
    fc.assert(
      fc.property(queues, (queue) => {
        const { start } = chooseRetrains(queue);
        const started = queue.waiting.filter(({ retrainId }) => start.includes(retrainId));
        const running = [...queue.running, ...started.map((retrain) => ({ ...retrain, startedAt: now }))];
        expect(chooseRetrains({ ...queue, running, waiting: queue.waiting }).start).toEqual([]);
      }),
    );
  });
});

describe('estimateStarts', () => {
  it('gives everybody a place, and those that start now this moment', () => {
    fc.assert(
      fc.property(queues, (queue) => {
        const places = estimateStarts(queue, 60);
        expect(places.map(({ position }) => position)).toEqual(queue.waiting.map((_, index) => index + 1));
        expect(places.map(({ retrainId }) => retrainId)).toEqual(
          byPriority(queue.waiting, now).map(({ retrainId }) => retrainId),
        );
        // What runs over its expected time is expected to end at once, and makes way only in the estimate.
        const running = queue.running.map((retrain) => ({ ...retrain, startedAt: now }));
        const { start } = chooseRetrains({ ...queue, running });
        const atOnce = estimateStarts({ ...queue, running }, 60).filter(
          ({ estimatedStartAt }) => estimatedStartAt === now,
        );
        expect(atOnce.map(({ retrainId }) => retrainId)).toEqual(start);
      }),
    );
  });

  it('waits for slots in turn and for no open circuit', () => {
    const queue = [
      request('a-r1', { tier: 1 }),
      request('b-r1', { tier: 2 }),
      request('c-r1', { tier: 3, notBefore: hoursAgo(-5) }),
      request('d-r1', { tier: 4, orchestrator: 'maestro' }),
    ];
    const running = [
      { retrainId: 'x-r1', team: 'crew', orchestrator: 'queue', startedAt: hoursAgo(1), trainingMinutes: 90 },
    ];
    expect(
      estimateStarts(
        { waiting: queue, running, limits: { ...limits, overall: 1, openOrchestrators: ['maestro'] }, now },
        60,
      ),
    ).toEqual([
      { retrainId: 'a-r1', position: 1, estimatedStartAt: hoursAgo(-0.5) },
      { retrainId: 'b-r1', position: 2, estimatedStartAt: hoursAgo(-1.5) },
      { retrainId: 'c-r1', position: 3, estimatedStartAt: hoursAgo(-5) },
      { retrainId: 'd-r1', position: 4 },
    ]);
  });
});
