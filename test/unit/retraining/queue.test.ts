import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRunwayError } from '../../../shared/domain/errors.ts';
import { queueOrder } from '../../../shared/domain/retraining/queue-order.ts';
import {
  decideSlots,
  evolveSlots,
  noSlots,
  type RetrainingSlots,
  type SlotCommand,
} from '../../../shared/domain/retraining/slots.ts';
import { day } from './flight-models.ts';

type Queued = Parameters<typeof queueOrder>[0];
const tier = fc.constantFrom(1, 2, 3, 4).map((value) => value as Queued['tier']);
const queued: fc.Arbitrary<Queued> = fc.record({
  tier,
  stalenessScore: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  requestedAt: fc.integer({ min: 0, max: 1_000 }).map((days) => day(days)),
  retrainId: fc.constantFrom('a-r1', 'b-r1', 'c-r2'),
});

function isBefore(a: Queued, b: Queued): boolean {
  const score = ({ stalenessScore }: Queued) => Math.round((stalenessScore ?? 0) * 1e6);
  if (a.tier !== b.tier) return a.tier < b.tier;
  if (score(a) !== score(b)) return score(a) > score(b);
  if (a.requestedAt !== b.requestedAt) return a.requestedAt < b.requestedAt;
  return a.retrainId < b.retrainId;
}

describe('queueOrder', () => {
  it('sorts by tier, then by score, then by age, then by id', () => {
    fc.assert(
      fc.property(queued, queued, (a, b) => {
        expect(queueOrder(a) < queueOrder(b)).toBe(isBefore(a, b));
      }),
    );
  });

  it('reads as it is stored', () => {
    expect(queueOrder({ tier: 1, stalenessScore: 0.688, requestedAt: day(0), retrainId: 'late-basic-r2' })).toBe(
      '1#000312000#2001-01-22T00:00:00.000Z#late-basic-r2',
    );
  });
});

describe('slots', () => {
  it('are never more than the limit, of a team or an orchestrator either, and each retrain has at most one', () => {
    const command = fc.record({
      type: fc.constantFrom('TakeSlot' as const, 'ReleaseSlot' as const),
      retrainId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      limit: fc.constant(3),
      teamLimit: fc.constant(2),
    });
    const of = (slots: RetrainingSlots, name: string) =>
      slots.active.filter((id) => slots.orchestrators?.[id] === name).length;
    const byVowel = (retrainId: string) => ('ae'.includes(retrainId) ? 'maestro' : 'flows');
    const teamOf = (retrainId: string) => (retrainId < 'd' ? 'flights' : 'fares');
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        let slots: RetrainingSlots = noSlots;
        for (const drawn of commands) {
          const name = byVowel(drawn.retrainId);
          const orchestrator = { orchestrator: { name, limit: 1 } };
          const next: SlotCommand = { ...drawn, team: teamOf(drawn.retrainId), ...orchestrator };
          const ofTeam = () => slots.active.filter((id) => teamOf(id) === teamOf(next.retrainId)).length;
          try {
            slots = decideSlots(next, slots).reduce(evolveSlots, slots);
          } catch (error) {
            expect(isRunwayError(error) && (slots.active.length === 3 || ofTeam() === 2 || of(slots, name) === 1)).toBe(
              true,
            );
          }
          expect(slots.active.length).toBeLessThanOrEqual(3);
          expect(ofTeam()).toBeLessThanOrEqual(2);
          expect(of(slots, name)).toBeLessThanOrEqual(1);
          expect(Object.keys(slots.orchestrators ?? {}).toSorted()).toEqual(slots.active.toSorted());
          expect(new Set(slots.active).size).toBe(slots.active.length);
          expect(slots.active.includes(next.retrainId) && next.type === 'ReleaseSlot').toBe(false);
        }
      }),
    );
  });
});
