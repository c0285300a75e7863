import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Actor } from '../../shared/domain/actor.ts';
import { decideApproval } from '../../shared/use-cases/rollout/decide-approval.ts';
import { pauseRollout, resumeRollout } from '../../shared/use-cases/rollout/operate-rollout.ts';
import { promoteNow } from '../../shared/use-cases/rollout/promote-version.ts';
import { hour } from '../unit/rollout/flight-rollouts.ts';
import { createLoop } from './loop.ts';

// Takes 0.2 s per machine and load; definitions.test.ts runs the real one.
vi.mock('asl-validator', () => ({ default: () => ({ isValid: true, errorsText: () => '' }) }));

const better = 0.06;
const rolloutId = 'late-basic-o1';
const grace: Actor = { id: 'grace', kind: 'person', roles: ['approver:flights'], teams: [] };
const rules = { expiryHours: 72, onExpiry: 'roll-back', reminderHours: 24 } as const;
const first = `${rolloutId}-a1`;

type Loop = Awaited<ReturnType<typeof createLoop>>;
let loop: Loop;

/** A rollout whose candidate's loss differs by so much of the champion's; without one, no outcome ever arrives. */
async function roll(change: Parameters<typeof createLoop>[0], difference?: number): Promise<void> {
  loop = await createLoop(change);
  await loop.request();
  if (difference !== undefined) loop.serve(difference);
  await loop.complete(await loop.train(better));
}

const decide = (decision: 'approve' | 'reject', approvalId = first) =>
  decideApproval(loop, { approvalId, actor: grace, now: loop.now(), decision, comment: 'seen' });
const by = () => ({ rolloutId, actor: grace, reason: 'a storm', now: loop.now() });
const steps = async () => (await loop.rollout()).judgements.map(({ percent, verdict }) => `${percent} ${verdict}`);

describe('an approval before the first step', () => {
  beforeEach(() => roll({ approvals: { ...rules, before: ['first-step'] } }, -0.1));

  it('holds the candidate back until a person agrees, who is heard at once', async () => {
    await loop.advanceTo(30);
    expect(await loop.rollout()).toMatchObject({
      status: 'validating',
      approvals: [{ status: 'waiting', percent: 5 }],
    });
    expect(loop.calls).not.toContain('shiftTraffic');
    await decide('approve');
    await loop.advanceTo(30.01);
    expect(await loop.rollout()).toMatchObject({ status: 'canary', step: 0, stepStartedAt: hour(30) });
  });

  it('that is rejected refuses the candidate, with who and why', async () => {
    await decide('reject');
    await loop.advanceTo(0.1);
    expect(await loop.rollout()).toMatchObject({
      status: 'refused',
      reason: 'grace rejected 5 % of the traffic: seen',
    });
    expect((await loop.model()).openRollout).toBeUndefined();
  });

  it('reminds every day, and ends the rollout when it expires', async () => {
    await loop.advanceTo(49);
    expect((await loop.rollout()).approvals?.[0]?.remindedAt).toBe(hour(48));
    await loop.advanceTo(71.9);
    expect((await loop.rollout()).status).toBe('validating');
    await loop.advanceTo(72.1);
    expect(await loop.rollout()).toMatchObject({
      status: 'refused',
      endedAt: hour(72),
      approvals: [{ status: 'expired' }],
      reason: `nobody decided about 5 % of the traffic since ${hour(0)}`,
    });
  });

  it('is decided though the answer to the workflow was lost, at the next look', async () => {
    const deaf = { ...loop.workflows, succeedTask: async () => undefined };
    await decideApproval(
      { ...loop, workflows: deaf },
      { approvalId: first, actor: grace, now: loop.now(), decision: 'approve' },
    );
    await loop.advanceTo(23);
    expect((await loop.rollout()).status).toBe('validating');
    await loop.advanceTo(24.1);
    expect((await loop.rollout()).status).toBe('canary');
  });
});

it('an approval that expires lets the rollout go on where the policy says so', async () => {
  await roll({ approvals: { ...rules, before: ['first-step'], onExpiry: 'proceed' } }, -0.1);
  await loop.advanceTo(72.1);
  expect(await loop.rollout()).toMatchObject({ status: 'canary', stepStartedAt: hour(72) });
});

describe('an approval of the promotion', () => {
  const promotion = { approvals: { ...rules, before: ['promotion' as const] }, steps: [50, 100] };

  it('is asked for after the last step has passed, and promotes', async () => {
    await roll(promotion, -0.1);
    await loop.advanceTo(60);
    expect(await loop.rollout()).toMatchObject({ status: 'canary', approvals: [{ percent: 100, status: 'waiting' }] });
    await decide('approve');
    await loop.advanceTo(61);
    expect(await loop.rollout()).toMatchObject({ status: 'promoted' });
    expect(await loop.outcome('roll-out-version', rolloutId)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('does not keep a breach from rolling back', async () => {
    await roll(promotion, -0.1);
    await loop.advanceTo(60);
    expect((await loop.rollout()).approvals?.[0]?.status).toBe('waiting');
    loop.pairs.length = 0;
    loop.serve(0.3);
    await loop.advanceTo(130);
    expect(await loop.rollout()).toMatchObject({ status: 'rolled-back', approvals: [{ status: 'void' }] });
    expect((await steps()).at(-1)).toBe('50 fail');
    expect(loop.routing.read('late-basic')?.arms).toEqual([{ version: 1, role: 'champion', weightPercent: 100 }]);
  });
});

describe('a paused rollout', () => {
  it('is judged on, takes no step, and goes on at once when it is resumed', async () => {
    await roll({}, -0.1);
    await loop.advanceTo(1);
    await pauseRollout(loop.events, by());
    await loop.advanceTo(150);
    expect(await loop.rollout()).toMatchObject({ status: 'canary', step: 0, pausedAt: hour(1) });
    expect((await steps()).slice(-2)).toEqual(['5 pass', '5 pass']);
    await resumeRollout(loop, { ...by(), now: loop.now() });
    await loop.advanceTo(150.1);
    expect(await loop.rollout()).toMatchObject({ step: 1, stepStartedAt: hour(150) });
  });

  it('rolls back on a breach', async () => {
    await roll({}, 0.2);
    await loop.advanceTo(1);
    await pauseRollout(loop.events, by());
    await loop.advanceTo(60);
    expect(await loop.rollout()).toMatchObject({ status: 'rolled-back', endedAt: hour(48) });
  });

  it('without outcomes waits longer than a step may, and not for ever once it is resumed', async () => {
    await roll({});
    await loop.advanceTo(10);
    await pauseRollout(loop.events, by());
    await loop.advanceTo(130);
    expect((await loop.rollout()).status).toBe('canary');
    await resumeRollout(loop, { ...by(), now: loop.now() });
    await loop.advanceTo(215);
    expect((await loop.rollout()).status).toBe('canary');
    await loop.advanceTo(217);
    expect(await loop.rollout()).toMatchObject({ status: 'rolled-back', endedAt: hour(216) });
  });

  it('before its first step serves nothing until it is resumed', async () => {
    loop = await createLoop();
    await loop.request();
    loop.fail('checkLoadability', 'DependencyUnavailable', 1);
    await loop.complete(await loop.train(better));
    await pauseRollout(loop.events, by());
    await loop.advanceTo(30);
    expect(await loop.rollout()).toMatchObject({ status: 'validating', validation: { verdict: 'pass' } });
    await resumeRollout(loop, { ...by(), now: loop.now() });
    await loop.advanceTo(30.1);
    expect((await loop.rollout()).status).toBe('canary');
  });
});

it('a person who promotes now stops the workflow and shifts all traffic', async () => {
  await roll({});
  await loop.advanceTo(5);
  await promoteNow(loop, by());
  expect(await loop.rollout()).toMatchObject({ status: 'promoted', forced: { by: 'grace', reason: 'a storm' } });
  expect(await loop.outcome('roll-out-version', rolloutId)).toMatchObject({ status: 'ABORTED' });
  expect(loop.routing.read('late-basic')?.arms).toEqual([{ version: 2, role: 'champion', weightPercent: 100 }]);
  await expect(promoteNow(loop, by())).resolves.toMatchObject({ status: 'promoted' });
});
