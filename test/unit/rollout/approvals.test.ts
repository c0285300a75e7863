import { describe, expect, it } from 'vitest';
import { isRunwayError } from '../../../shared/domain/errors.ts';
import { defaultPolicy, policySchema } from '../../../shared/domain/registry/policy.ts';
import { decideRollout } from '../../../shared/domain/rollout/decide-rollout.ts';
import { evolveRollout } from '../../../shared/domain/rollout/evolve-rollout.ts';
import { dueCommands, elapsedHours, nextMove } from '../../../shared/domain/rollout/next-move.ts';
import type { RolloutState } from '../../../shared/domain/rollout/rollout.ts';
import type { RolloutCommand } from '../../../shared/domain/rollout/rollout-events.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { hour, judges, loads, rolloutAfter, start, validates } from './flight-rollouts.ts';

const rules = { expiryHours: 72, onExpiry: 'roll-back', reminderHours: 24 } as const;
const gated = { approvals: { ...rules, before: ['first-step' as const, 'promotion' as const] } };
const ask = (before: number): RolloutCommand => ({ type: 'RequestApproval', before });
const first = 'late-basic-o1-a1';
const decide = (decision: 'approve' | 'reject', by = 'grace'): RolloutCommand => ({
  type: 'DecideApproval',
  approvalId: first,
  decision,
  by,
  comment: 'seen',
});
const begin: RolloutCommand = { type: 'StartStep', step: 0 };
/** Asked for by Ada; validated at hour 2, put before people at hour 3, decidable until hour 75. */
const byAda = { ...start(gated), requestedBy: ['ada'] } as RolloutCommand;
const waiting = () => rolloutAfter(byAda, loads, validates, ask(0));

function then(state: RolloutState, at: Instant, ...commands: readonly RolloutCommand[]): RolloutState {
  return commands.reduce((before, command) => decideRollout(command, before, at).reduce(evolveRollout, before), state);
}

function refusal(command: RolloutCommand, state: RolloutState, at = hour(10)): string {
  try {
    decideRollout(command, state, at);
    return 'accepted';
  } catch (error) {
    return isRunwayError(error) ? `${error.code}: ${error.message}` : 'unexpected';
  }
}

describe('an approval', () => {
  it('is asked for once, of what has passed until there, and of nothing else', () => {
    expect(waiting().approvals).toEqual([
      {
        approvalId: first,
        before: 0,
        percent: 5,
        status: 'waiting',
        requestedAt: hour(3),
        expiresAt: hour(75),
        delegates: [],
      },
    ]);
    expect(decideRollout(ask(0), waiting(), hour(4))).toEqual([]);
    expect(refusal(ask(0), rolloutAfter(byAda, loads))).toContain('a pass of validation');
    expect(refusal(ask(1), waiting())).toContain('a gate before the next step');
  });

  it('lets the step begin, and nobody else does', () => {
    expect(refusal(begin, rolloutAfter(byAda, loads, validates))).toContain('an approval of step 0');
    expect(refusal(begin, waiting())).toContain('an approval of step 0');
    const approved = then(waiting(), hour(5), decide('approve'));
    expect(approved.approvals?.[0]).toMatchObject({ status: 'approved', decidedBy: 'grace', comment: 'seen' });
    expect(then(approved, hour(5), begin).status).toBe('canary');
  });

  it('of the promotion is another one than of the first step', () => {
    const last = then(
      then(waiting(), hour(5), decide('approve'), begin),
      hour(9),
      judges(0, 'pass', hour(9)),
      { type: 'StartStep', step: 1 },
      judges(1, 'pass', hour(13)),
    );
    const before = then(last, hour(20), { type: 'StartStep', step: 2 }, judges(2, 'pass', hour(21)));
    expect(refusal({ type: 'PromoteRollout' }, before)).toContain('an approval of step 3');
    const asked = then(before, hour(21), ask(3));
    expect(asked.approvals?.[1]).toMatchObject({ approvalId: 'late-basic-o1-a2', before: 3, percent: 100 });
    const yes = { ...decide('approve'), approvalId: 'late-basic-o1-a2' } as RolloutCommand;
    expect(then(asked, hour(22), yes, { type: 'PromoteRollout' }).status).toBe('promoted');
  });

  it('is not given by whoever asked for the rollout, who may still reject it', () => {
    expect(refusal(decide('approve', 'ada'), waiting())).toContain('four-eyes: ada asked for late-basic-o1');
    expect(then(waiting(), hour(4), decide('reject', 'ada')).approvals?.[0]?.status).toBe('rejected');
  });

  it('is delegated neither by whoever asked for the rollout nor to them', () => {
    const delegate = (by: string, to: string): RolloutCommand => ({
      type: 'DelegateApproval',
      approvalId: first,
      to,
      by,
    });
    expect(refusal(delegate('ada', 'bob'), waiting())).toContain('four-eyes');
    expect(refusal(delegate('grace', 'ada'), waiting())).toContain('four-eyes');
    const delegated = then(waiting(), hour(4), delegate('grace', 'bob'));
    expect(delegated.approvals?.[0]?.delegates).toEqual(['bob']);
    expect(decideRollout(delegate('grace', 'bob'), delegated, hour(5))).toEqual([]);
  });

  it('is decided once; the same decision again changes nothing', () => {
    const approved = then(waiting(), hour(5), decide('approve'));
    expect(decideRollout(decide('approve'), approved, hour(6))).toEqual([]);
    expect(refusal(decide('reject'), approved)).toContain('in state approved');
    expect(refusal({ ...decide('approve'), approvalId: 'x' } as RolloutCommand, approved)).toContain(
      'unknown-approval',
    );
  });

  it('is decided by nobody after it expired, looked at or not', () => {
    expect(refusal(decide('approve'), waiting(), hour(75))).toContain(`expired at ${hour(75)}`);
    expect(decideRollout({ type: 'ExpireApproval', approvalId: first }, waiting(), hour(74))).toEqual([]);
    const expired = then(waiting(), hour(75), { type: 'ExpireApproval', approvalId: first });
    expect(refusal(begin, expired)).toContain('an approval of step 0');
    expect(nextMove(expired, 'pass', hour(75)).next).toBe('roll-back');
  });

  it('that expires lets the step begin where the policy says so', () => {
    const lenient = {
      ...byAda,
      policy: { ...waiting().policy, approvals: { ...gated.approvals, onExpiry: 'proceed' } },
    };
    const asked = rolloutAfter(lenient as RolloutCommand, loads, validates, ask(0));
    const expired = then(asked, hour(75), { type: 'ExpireApproval', approvalId: first });
    expect(nextMove(expired, 'pass', hour(75)).next).toBe('advance');
    expect(then(expired, hour(75), begin).status).toBe('canary');
  });

  it('is void once the rollout has ended', () => {
    const ended = then(waiting(), hour(5), { type: 'AbortRollout', reason: 'storm' });
    expect(ended.approvals?.[0]?.status).toBe('void');
  });
});

describe('while an approval is waited for', () => {
  it('somebody is reminded as often as the policy says', () => {
    const remind: RolloutCommand = { type: 'RemindOfApproval', approvalId: first };
    expect(dueCommands(waiting(), 'pass', hour(26))).toEqual([remind]);
    expect(decideRollout(remind, waiting(), hour(26))).toEqual([]);
    const reminded = then(waiting(), hour(27), remind);
    expect(reminded.approvals?.[0]?.remindedAt).toBe(hour(27));
    expect(decideRollout(remind, reminded, hour(50))).toEqual([]);
    expect(decideRollout(remind, reminded, hour(51))).toHaveLength(1);
  });

  it('the next look is due when a hold ends, somebody has to be reminded or the approval expires', () => {
    expect(nextMove(waiting(), 'pass', hour(3))).toEqual({ next: 'await', holdSeconds: 4 * 3_600 });
    expect(nextMove(waiting(), 'pass', hour(25))).toEqual({ next: 'await', holdSeconds: 2 * 3_600 });
    expect(nextMove(waiting(), 'pass', hour(74.5))).toEqual({ next: 'await', holdSeconds: 1_800 });
  });

  it('a breach rolls back', () => {
    const promotion = { approvals: { ...rules, before: ['promotion' as const] }, steps: [5, 100] };
    const last = rolloutAfter(start(promotion), loads, validates, begin, judges(0, 'pass', hour(4)), ask(1));
    expect(last.approvals?.[0]?.status).toBe('waiting');
    const breached = then(last, hour(8), judges(0, 'fail', hour(8)));
    expect(nextMove(breached, 'fail', hour(8)).next).toBe('roll-back');
    expect(refusal(decide('approve'), breached)).toContain('no later look takes a fail back');
    expect(then(breached, hour(8), { type: 'RollBackRollout', reason: 'worse' }).status).toBe('rolled-back');
  });

  it('the limit of the step does not run out', () => {
    const promotion = { approvals: { ...rules, before: [20] }, maximumHoldHours: 24 };
    const canary = rolloutAfter(start(promotion), loads, validates, begin, judges(0, 'pass', hour(4)), ask(1));
    const unsure = then(canary, hour(50), judges(0, 'inconclusive', hour(50)));
    expect(nextMove(unsure, 'inconclusive', hour(50)).next).toBe('await');
    const yes = then(unsure, hour(60), decide('approve'));
    expect(elapsedHours(yes, hour(61))).toBe(61 - 3 - 55);
    expect(nextMove(yes, 'inconclusive', hour(61)).next).toBe('hold');
  });
});

describe('a policy', () => {
  const parse = (rollout: object) => policySchema.safeParse({ ...defaultPolicy(2), rollout });

  it('asks people by default for tier 1 only', () => {
    expect(defaultPolicy(1).rollout.approvals?.before).toEqual(['first-step', 'promotion']);
    expect(([2, 3, 4] as const).map((tier) => defaultPolicy(tier).rollout.approvals)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('names steps that there are', () => {
    const { rollout } = defaultPolicy(2);
    expect(parse({ ...rollout, approvals: { ...rules, before: [20, 'promotion'] } }).success).toBe(true);
    expect(parse({ ...rollout, approvals: { ...rules, before: [30] } }).error?.message).toContain(
      'expected approvals before percentages that are steps',
    );
  });
});
