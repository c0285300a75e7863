import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRunwayError } from '../../../shared/domain/errors.ts';
import {
  decideLeases,
  evolveLeases,
  type LeaseCommand,
  type Leases,
  noLeases,
} from '../../../shared/domain/retraining/queue/leases.ts';
import { toInstant } from '../../../shared/domain/time.ts';

const at = (seconds: number) => toInstant(Date.parse('2026-03-02T12:00:00.000Z') + seconds * 1_000);
const grant = (worker = 'w1'): LeaseCommand => ({ type: 'GrantLease', retrainId: 'late-r1', worker, leaseSeconds: 60 });
const returnLapsed: LeaseCommand = { type: 'ReturnLapsed', maximumAttempts: 2 };

function run(state: Leases, command: LeaseCommand, seconds: number): Leases {
  return decideLeases(command, state, at(seconds)).reduce(evolveLeases, state);
}

describe('leases', () => {
  it('come back once when the worker is silent, with the attempt counted', () => {
    const granted = run(noLeases, grant(), 0);
    expect(decideLeases(returnLapsed, granted, at(59))).toEqual([]);
    const [lapsed] = decideLeases(returnLapsed, granted, at(60));
    expect(lapsed).toMatchObject({ type: 'LeaseLapsed', attempt: 1, worker: 'w1', outcome: 'back-in-queue' });
    const returned = run(granted, returnLapsed, 60);
    expect(decideLeases(returnLapsed, returned, at(900))).toEqual([]);
    expect(run(returned, grant('w2'), 61).active).toEqual([
      { retrainId: 'late-r1', worker: 'w2', attempt: 2, expiresAt: at(121) },
    ]);
  });

  it('are given up after the last attempt', () => {
    const second = run(run(run(noLeases, grant(), 0), returnLapsed, 60), grant('w2'), 60);
    expect(decideLeases(returnLapsed, second, at(120))).toMatchObject([{ attempt: 2, outcome: 'given-up' }]);
  });

  it('last while the worker says that it is alive, and never get shorter', () => {
    const extend: LeaseCommand = { type: 'ExtendLease', retrainId: 'late-r1', attempt: 1, leaseSeconds: 60 };
    const extended = run(run(noLeases, grant(), 0), extend, 50);
    expect(decideLeases(returnLapsed, extended, at(100))).toEqual([]);
    expect(decideLeases(extend, extended, at(20))).toEqual([]);
  });

  it('refuse a worker that has lost its retrain', () => {
    const second = run(run(run(noLeases, grant(), 0), returnLapsed, 60), grant('w2'), 60);
    for (const type of ['ExtendLease', 'EndLease'] as const)
      expect(() => decideLeases({ type, retrainId: 'late-r1', attempt: 1, leaseSeconds: 60 }, second, at(70))).toThrow(
        'is not possible in state attempt 2, expected attempt 1',
      );
    expect(() => decideLeases(grant('w3'), second, at(70))).toThrow('leased by w2');
  });

  it('never give a retrain to two workers, nor an attempt twice', () => {
    const commands: fc.Arbitrary<LeaseCommand> = fc.oneof(
      fc.record({
        type: fc.constant('GrantLease' as const),
        retrainId: fc.constantFrom('a-r1', 'b-r1'),
        worker: fc.constantFrom('w1', 'w2'),
        leaseSeconds: fc.constant(60),
      }),
      fc.record({
        type: fc.constantFrom('ExtendLease' as const, 'EndLease' as const),
        retrainId: fc.constantFrom('a-r1', 'b-r1'),
        attempt: fc.integer({ min: 1, max: 3 }),
        leaseSeconds: fc.constant(60),
      }),
      fc.constant({ type: 'ReturnLapsed' as const, maximumAttempts: 3 }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(commands, fc.integer({ min: 0, max: 45 })), { maxLength: 60 }), (history) => {
        let [state, seconds] = [noLeases, 0];
        const lapses: string[] = [];
        const grants: string[] = [];
        for (const [command, wait] of history) {
          seconds += wait;
          try {
            const events = decideLeases(command, state, at(seconds));
            for (const event of events) {
              const id = `${event.retrainId} ${event.attempt}`;
              if (event.type === 'LeaseGranted') grants.push(id);
              if (event.type === 'LeaseLapsed') lapses.push(id);
              // An attempt number comes again only when the retrain ended and began anew.
              if (event.type === 'LeaseEnded' || (event.type === 'LeaseLapsed' && event.outcome === 'given-up'))
                for (const list of [grants, lapses])
                  list.splice(0, list.length, ...list.filter((other) => !other.startsWith(event.retrainId)));
            }
            state = events.reduce(evolveLeases, state);
          } catch (error) {
            if (!isRunwayError(error)) throw error;
          }
          expect(new Set(state.active.map(({ retrainId }) => retrainId)).size).toBe(state.active.length);
          expect(new Set(grants).size).toBe(grants.length);
          expect(new Set(lapses).size).toBe(lapses.length);
        }
      }),
    );
  });
});
