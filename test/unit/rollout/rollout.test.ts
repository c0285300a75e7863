import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRunwayError } from '../../../shared/domain/errors.ts';
import { decideRollout } from '../../../shared/domain/rollout/decide-rollout.ts';
import { evolveRollout } from '../../../shared/domain/rollout/evolve-rollout.ts';
import type { RolloutState } from '../../../shared/domain/rollout/rollout.ts';
import type { RolloutCommand, RolloutEvent } from '../../../shared/domain/rollout/rollout-events.ts';
import { judgementOfStep } from '../../../shared/domain/rollout/rollout-guards.ts';
import { hour, judges, loads, noPairs, rolloutAfter, start, validates } from './flight-rollouts.ts';

const step = (index: number): RolloutCommand => ({ type: 'StartStep', step: index });
const promote: RolloutCommand = { type: 'PromoteRollout' };

function refusal(command: RolloutCommand, state: RolloutState): string {
  try {
    decideRollout(command, state, hour(100));
    return 'accepted';
  } catch (error) {
    return isRunwayError(error) ? error.message : 'unexpected';
  }
}

describe('a rollout', () => {
  it('goes over loadability, validation and every canary step to the promotion', () => {
    const state = rolloutAfter(
      start(),
      loads,
      validates,
      step(0),
      judges(0, 'pass', hour(4)),
      step(1),
      judges(1, 'pass', hour(6)),
      step(2),
      judges(2, 'pass', hour(8)),
      promote,
    );
    expect(state).toMatchObject({ status: 'promoted', step: 2, endedAt: hour(9) });
    expect(state.judgements.map(({ percent }) => percent)).toEqual([5, 20, 50]);
  });

  it('is not validated unless the candidate loads', () => {
    const fails: RolloutCommand = { type: 'RecordLoadability', verdict: 'fail', reason: 'digest differs' };
    expect(refusal(validates, rolloutAfter(start()))).toContain('a pass of loadability');
    expect(refusal(validates, rolloutAfter(start(), fails))).toContain('a pass of loadability');
  });

  it.each(['fail', 'inconclusive'] as const)('serves nothing when validation is %s', (verdict) => {
    const state = rolloutAfter(start(), loads, { type: 'RecordValidation', verdict, paired: noPairs, reason: verdict });
    expect(refusal(step(0), state)).toContain('a pass of validation');
  });

  it.each(['fail', 'inconclusive'] as const)('takes no further step when the running one is %s', (verdict) => {
    expect(refusal(step(1), rolloutAfter(start(), loads, validates, step(0), judges(0, verdict, hour(4))))).toContain(
      'a pass of step 0',
    );
  });

  it('skips no step', () => {
    expect(refusal(step(2), rolloutAfter(start(), loads, validates, step(0), judges(0, 'pass', hour(4))))).toContain(
      'the next of 3 canary steps',
    );
  });

  it('is not promoted by a pass older than the step', () => {
    const early = rolloutAfter(start({ steps: [5, 100] }), loads, validates, step(0), judges(0, 'pass', hour(3)));
    expect(refusal(promote, early)).toContain('a pass of the last canary step');
  });

  it('is not promoted by a pass that a later look took back', () => {
    const state = rolloutAfter(
      start({ steps: [5, 100] }),
      loads,
      validates,
      step(0),
      judges(0, 'pass', hour(4)),
      judges(0, 'inconclusive', hour(5)),
    );
    expect(refusal(promote, state)).toContain('a pass of the last canary step');
  });

  it('is not promoted by a look after one that failed', () => {
    const failed = rolloutAfter(start({ steps: [5, 100] }), loads, validates, step(0), judges(0, 'fail', hour(4)));
    expect(refusal(judges(0, 'pass', hour(5)), failed)).toContain('no later look takes a fail back');
    expect(decideRollout(judges(0, 'fail', hour(4)), failed, hour(9))).toEqual([]);
  });

  it('without canary steps is promoted on a validation that passed, and on no other', () => {
    expect(rolloutAfter(start({ steps: [100] }), loads, validates, promote).status).toBe('promoted');
    expect(refusal(promote, rolloutAfter(start({ steps: [100] }), loads))).toContain('a pass of validation');
  });

  it('does the same thing twice without a second event', () => {
    const canary = rolloutAfter(start(), loads, validates, step(0), judges(0, 'inconclusive', hour(4)));
    for (const command of [loads, validates, step(0), judges(0, 'inconclusive', hour(4))]) {
      expect(decideRollout(command, canary, hour(9))).toEqual([]);
    }
  });

  it('is refused before the canary and rolled back in it', () => {
    const [refuse, rollBack]: RolloutCommand[] = [
      { type: 'RefuseRollout', reason: 'worse' },
      { type: 'RollBackRollout', reason: 'worse' },
    ];
    expect(rolloutAfter(start(), loads, refuse!)).toMatchObject({ status: 'refused', reason: 'worse' });
    expect(refusal(rollBack!, rolloutAfter(start()))).toContain('expected canary');
    expect(rolloutAfter(start(), loads, validates, step(0), rollBack!)).toMatchObject({
      status: 'rolled-back',
      reason: 'worse',
    });
    expect(refusal(refuse!, rolloutAfter(start(), loads, validates, step(0)))).toContain('expected validating');
  });

  it('compares two versions', () => {
    expect(() => rolloutAfter(start({}, { champion: 2, candidate: 2 }))).toThrow('version 2 is the champion');
  });
});

describe('any history', () => {
  const verdict = fc.constantFrom('pass' as const, 'fail' as const, 'inconclusive' as const);
  const command: fc.Arbitrary<RolloutCommand> = fc.oneof(
    fc.constantFrom<RolloutCommand>(
      start(),
      start({ steps: [5, 100] }),
      promote,
      { type: 'AbortRollout', reason: 'asked' },
      { type: 'RollBackRollout', reason: 'worse' },
      { type: 'RefuseRollout', reason: 'worse' },
      { type: 'PauseRollout', by: 'ada', reason: 'storm' },
      { type: 'ResumeRollout', by: 'ada', reason: 'over' },
      { type: 'PromoteRolloutNow', by: 'grace', reason: 'the champion is broken' },
      { type: 'SupersedeRollout', candidate: 3 },
    ),
    verdict.map((value): RolloutCommand => ({ type: 'RecordLoadability', verdict: value, reason: value })),
    verdict.map(
      (value): RolloutCommand => ({ type: 'RecordValidation', verdict: value, paired: noPairs, reason: value }),
    ),
    fc.nat(3).map(step),
    fc.tuple(fc.nat(3), verdict, fc.nat(60)).map(([index, value, hours]) => judges(index, value, hour(hours))),
  );

  // Mostly the way to promotion, with anything else in between, so that late guards are reached.
  const way: readonly RolloutCommand[] = [
    start(),
    loads,
    validates,
    step(0),
    judges(0, 'pass', hour(50)),
    step(1),
    judges(1, 'pass', hour(55)),
    step(2),
    judges(2, 'pass', hour(60)),
    promote,
  ];
  const history = fc
    .array(fc.array(command, { maxLength: 2 }), { minLength: way.length, maxLength: way.length })
    .map((between) => way.flatMap((next, index) => [next, ...(between[index] ?? [])]));

  it('keeps the guards and folds to the same state', () => {
    let promotions = 0;
    fc.assert(
      fc.property(history, (commands) => {
        let state: RolloutState | undefined;
        const recorded: RolloutEvent[] = [];
        for (const [index, next] of commands.entries()) {
          try {
            const events = decideRollout(next, state, hour(index));
            for (const event of events) check(event, state, events[0]?.type === 'PromotionForced');
            recorded.push(...events);
            state = events.reduce<RolloutState | undefined>(evolveRollout, state);
          } catch (error) {
            if (!isRunwayError(error)) throw error;
          }
        }
        if (state?.status === 'promoted') promotions += 1;
        expect(recorded.reduce<RolloutState | undefined>(evolveRollout, undefined)).toEqual(state);
        expect(recorded.filter((event) => 'endedAt' in event).length).toBeLessThanOrEqual(1);
      }),
      { seed: 6, numRuns: 500 },
    );
    expect(promotions).toBeGreaterThan(0);
  });

  function check(event: RolloutEvent, before: RolloutState | undefined, forced: boolean): void {
    if (before?.endedAt !== undefined) expect(event.type).toBe('nothing, because it has ended');
    if (event.type === 'CanaryStepStarted') expect(before?.validation?.verdict).toBe('pass');
    if (event.type === 'CanaryStepStarted') expect(before?.pausedAt).toBeUndefined();
    if (event.type === 'PromotionForced')
      expect(before?.judgements.some(({ verdict }) => verdict === 'fail')).toBe(false);
    if (event.type !== 'RolloutPromoted' || forced) return;
    expect(before?.pausedAt).toBeUndefined();
    const last = before && judgementOfStep(before);
    expect(last).toMatchObject({ verdict: 'pass', step: before?.policy.steps.length === 2 ? 0 : 2 });
    expect(last!.judgedAt > before!.stepStartedAt!).toBe(true);
  }
});
