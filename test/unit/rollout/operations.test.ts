import { describe, expect, it } from 'vitest';
import { isRunwayError } from '../../../shared/domain/errors.ts';
import type { Policy } from '../../../shared/domain/registry/policy.ts';
import { decideRollout } from '../../../shared/domain/rollout/decide-rollout.ts';
import { evolveRollout } from '../../../shared/domain/rollout/evolve-rollout.ts';
import { dueCommands, elapsedHours, nextMove } from '../../../shared/domain/rollout/next-move.ts';
import type { RolloutState } from '../../../shared/domain/rollout/rollout.ts';
import type { RolloutCommand } from '../../../shared/domain/rollout/rollout-events.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { hour, judges, loads, rolloutAfter, start, validates } from './flight-rollouts.ts';

const begin: RolloutCommand = { type: 'StartStep', step: 0 };
const pause: RolloutCommand = { type: 'PauseRollout', by: 'ada', reason: 'a storm' };
const resume: RolloutCommand = { type: 'ResumeRollout', by: 'bob', reason: 'it is over' };
const promoteNow: RolloutCommand = { type: 'PromoteRolloutNow', by: 'grace', reason: 'the champion is broken' };
const canary = (...more: readonly RolloutCommand[]) => rolloutAfter(start(), loads, validates, begin, ...more);

function then(state: RolloutState, at: Instant, ...commands: readonly RolloutCommand[]): RolloutState {
  return commands.reduce((before, command) => decideRollout(command, before, at).reduce(evolveRollout, before), state);
}

function refusal(command: RolloutCommand, state: RolloutState): string {
  try {
    decideRollout(command, state, hour(50));
    return 'accepted';
  } catch (error) {
    return isRunwayError(error) ? `${error.code}: ${error.message}` : 'unexpected';
  }
}

describe('a paused rollout', () => {
  it('begins no step and is not promoted', () => {
    const passed = then(canary(judges(0, 'pass', hour(4))), hour(5), pause);
    expect(refusal({ type: 'StartStep', step: 1 }, passed)).toContain(`paused since ${hour(5)}`);
    expect(refusal(begin, then(rolloutAfter(start(), loads, validates), hour(3), pause))).toContain('paused since');
    const last = rolloutAfter(start({ steps: [5, 100] }), loads, validates, begin, judges(0, 'pass', hour(4)), pause);
    expect(refusal({ type: 'PromoteRollout' }, last)).toContain('paused since');
    expect(nextMove(last, 'pass', hour(6))).toEqual({ next: 'await', holdSeconds: 4 * 3_600 });
  });

  it('is judged on, and rolls back on a breach', () => {
    const breached = then(canary(pause), hour(8), judges(0, 'fail', hour(8)));
    expect(nextMove(breached, 'fail', hour(8)).next).toBe('roll-back');
    expect(then(breached, hour(8), { type: 'RollBackRollout', reason: 'worse' })).toMatchObject({
      status: 'rolled-back',
      endedAt: hour(8),
    });
  });

  it('goes on when it is resumed, and the pause does not count towards the limit of the step', () => {
    const resumed = then(canary(pause), hour(44), resume);
    expect(resumed.pausedAt).toBeUndefined();
    expect(resumed.pauses).toEqual([
      { by: 'ada', reason: 'a storm', pausedAt: hour(4), resumedAt: hour(44), resumedBy: 'bob' },
    ]);
    expect(elapsedHours(resumed, hour(45))).toBe(2);
    expect(nextMove(resumed, 'inconclusive', hour(45)).next).toBe('hold');
  });

  it('asks nobody for an approval, and stops the clock of one that was asked for', () => {
    const approvals: Policy['rollout']['approvals'] = {
      before: ['first-step'],
      expiryHours: 72,
      onExpiry: 'roll-back',
      reminderHours: 24,
    };
    const validated = rolloutAfter(start({ approvals }), loads, validates);
    expect(dueCommands(then(validated, hour(3), pause), 'pass', hour(4))).toEqual([]);
    const asked = then(validated, hour(3), { type: 'RequestApproval', before: 0 }, pause);
    expect(decideRollout({ type: 'ExpireApproval', approvalId: 'late-basic-o1-a1' }, asked, hour(80))).toEqual([]);
    expect(then(asked, hour(33), resume).approvals?.[0]?.expiresAt).toBe(hour(105));
  });

  it('is paused and resumed once', () => {
    const paused = canary(pause);
    expect(decideRollout(pause, paused, hour(9))).toEqual([]);
    expect(decideRollout(resume, canary(), hour(9))).toEqual([]);
    expect(refusal(pause, canary({ type: 'AbortRollout', reason: 'storm' }))).toContain(
      'expected validating or canary',
    );
  });
});

describe('a promotion by a person', () => {
  it('needs no pass, and says by whom and why', () => {
    const promoted = then(canary(judges(0, 'inconclusive', hour(4)), pause), hour(6), promoteNow);
    expect(promoted).toMatchObject({
      status: 'promoted',
      endedAt: hour(6),
      forced: { by: 'grace', reason: 'the champion is broken', forcedAt: hour(6) },
    });
    expect(decideRollout(promoteNow, promoted, hour(7))).toEqual([]);
    expect(decideRollout(promoteNow, canary(judges(0, 'inconclusive', hour(4))), hour(6))[0]).toMatchObject({
      type: 'PromotionForced',
      step: 0,
      verdict: 'inconclusive',
    });
  });

  it('is refused after a fail, before the candidate serves, and to whoever asked for the rollout', () => {
    expect(refusal(promoteNow, canary(judges(0, 'fail', hour(4))))).toContain('no later look takes a fail back');
    expect(refusal(promoteNow, rolloutAfter(start(), loads, validates))).toContain('expected canary');
    const byGrace = { ...start(), requestedBy: ['grace'] } as RolloutCommand;
    expect(refusal(promoteNow, rolloutAfter(byGrace, loads, validates, begin))).toContain('four-eyes');
  });

  it('does not repeat another promotion', () => {
    const promoted = then(canary(), hour(6), promoteNow);
    expect(refusal({ ...promoteNow, by: 'bob' } as RolloutCommand, promoted)).toContain('in state promoted');
  });
});

describe('a newer candidate', () => {
  const supersede = (candidate: number): RolloutCommand => ({ type: 'SupersedeRollout', candidate });

  it.each([
    ['refuse', 'refused', 'refused'],
    ['supersede-before-first-step', 'superseded', 'refused'],
    ['supersede', 'superseded', 'superseded'],
  ] as const)('under the rule %s is %s while validating and %s in the canary', (onNewerCandidate, early, late) => {
    const [validating, serving] = [
      rolloutAfter(start({ onNewerCandidate }), loads),
      rolloutAfter(start({ onNewerCandidate }), loads, validates, begin),
    ];
    const outcome = (state: RolloutState) =>
      refusal(supersede(3), state) === 'accepted' ? then(state, hour(9), supersede(3)).status : 'refused';
    expect([outcome(validating), outcome(serving)]).toEqual([early, late]);
  });

  it('takes the place once, and an older one never', () => {
    const superseded = then(rolloutAfter(start(), loads), hour(2), supersede(3));
    expect(superseded).toMatchObject({ supersededBy: 3, reason: 'version 3 takes the place of version 2' });
    expect(decideRollout(supersede(3), superseded, hour(4))).toEqual([]);
    expect(refusal(supersede(2), rolloutAfter(start(), loads))).toContain('a policy that gives way to version 2');
  });
});
