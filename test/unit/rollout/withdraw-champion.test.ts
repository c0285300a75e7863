import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../shared/domain/actor.ts';
import { createAdjacency } from '../../../shared/domain/graph/adjacency.ts';
import { projectCommits } from '../../../shared/domain/graph/project-commits.ts';
import type { ModelState } from '../../../shared/domain/registry/model.ts';
import { automaticWithdrawal } from '../../../shared/domain/registry/restored-version.ts';
import { changeModel } from '../../../shared/use-cases/registry/change-model.ts';
import { changePolicy } from '../../../shared/use-cases/registry/change-policy.ts';
import { checkLoadability } from '../../../shared/use-cases/rollout/check-loadability.ts';
import { judgeValidation } from '../../../shared/use-cases/rollout/judge-validation.ts';
import { openRollout } from '../../../shared/use-cases/rollout/open-rollout.ts';
import { promoteNow } from '../../../shared/use-cases/rollout/promote-version.ts';
import { shiftTraffic } from '../../../shared/use-cases/rollout/shift-traffic.ts';
import {
  consequencesOf,
  withdrawAllBreached,
  withdrawChampion,
} from '../../../shared/use-cases/rollout/withdraw-champion.ts';
import { crashEverywhere } from '../retraining/crashes.ts';
import { addVersion, createWorld, deploy, type World } from '../retraining/memory-world.ts';
import { hour } from './flight-rollouts.ts';
import { givenHoldout } from './given-holdout.ts';

const grace: Actor = { id: 'grace', kind: 'person', roles: ['approver:punctuality'], teams: [] };
const ada: Actor = { id: 'ada', kind: 'person', roles: ['editor:punctuality'], teams: [] };
const rolloutId = 'late-basic-o1';
const modelId = 'late-basic';

let world: World;
beforeEach(async () => {
  world = createWorld();
  await givenPromotion(world);
});

/** Version 2 serves in place of version 1 since hour 5. */
async function givenPromotion(target: World): Promise<void> {
  await deploy(target);
  await addVersion(target);
  const holdout = givenHoldout(target);
  await openRollout(target, { modelId, candidate: 2, actor: ada, reason: 'try it', now: hour(0), holdout });
  await checkLoadability(target, { rolloutId, now: hour(0) });
  await judgeValidation(target, { rolloutId, now: hour(0) });
  await shiftTraffic(target, { rolloutId, step: 0, now: hour(0) });
  await promoteNow(target, { rolloutId, actor: grace, reason: 'in need', now: hour(5) });
}

const back = (change: object = {}) => ({
  modelId,
  version: 2,
  to: 'former-champion' as const,
  actor: ada,
  reason: 'complaints',
  now: hour(30),
  ...change,
});

describe('a rollback after the promotion', () => {
  it('gives the former champion all traffic again, and says so in the registry', async () => {
    const withdrawal = await withdrawChampion(world, back());
    expect(withdrawal).toEqual({ version: 2, restored: 1, withdrawnAt: hour(30), reason: 'complaints' });
    expect(await world.model()).toMatchObject({
      champion: { version: 1, since: hour(30) },
      lifecycle: 'active',
      health: { status: 'unknown' },
    });
    expect((await world.version(1)).status).toBe('champion');
    expect((await world.version(2)).status).toBe('rolled-back');
    expect(world.routing.read(modelId)).toMatchObject({
      arms: [{ version: 1, role: 'champion', weightPercent: 100 }],
      shadows: [],
    });
  });

  it('is audited with who and why', async () => {
    await withdrawChampion(world, back());
    const commits = await world.events.commits('model#late-basic', { afterVersion: 0, limit: 100 });
    expect(commits.at(-1)).toMatchObject({
      actor: { id: 'ada' },
      reason: 'complaints',
      events: [{ type: 'ChampionWithdrawn', version: 2, restored: 1 }],
    });
  });

  it('happens once, however often it is asked for', async () => {
    const first = await withdrawChampion(world, back());
    expect(await withdrawChampion(world, back({ now: hour(31) }))).toEqual(first);
  });

  it('is refused for a version that does not serve, and where there is none to restore', async () => {
    await expect(withdrawChampion(world, back({ version: 1 }))).rejects.toMatchObject({ name: 'IllegalTransition' });
    await withdrawChampion(world, back());
    const again = withdrawChampion(world, back({ version: 1 }));
    await expect(again).rejects.toThrow('expected a champion before this one');
    const fallback = withdrawChampion(world, back({ version: 1, to: 'fallback-version' }));
    await expect(fallback).rejects.toThrow('expected another version as fallback in the policy');
  });

  it('is refused while a rollout is open', async () => {
    await addVersion(world);
    await openRollout(world, { modelId, candidate: 3, actor: ada, reason: 'try it', now: hour(20) });
    await expect(withdrawChampion(world, back())).rejects.toThrow('in state validating');
  });

  it('restores the fallback version that the policy names', async () => {
    await addVersion(world);
    const { policy } = await world.model();
    const rollout = { ...policy.rollout, fallbackVersion: 3 };
    await changePolicy(world.events, { modelId, policy: { ...policy, rollout }, actor: ada, now: hour(20) });
    await withdrawChampion(world, back({ to: 'fallback-version' }));
    expect((await world.model()).champion?.version).toBe(3);
    expect((await world.version(3)).status).toBe('champion');
  });

  it('is not lost by a process that dies between any two steps', async () => {
    await crashEverywhere(
      async () => {
        const target = createWorld();
        await givenPromotion(target);
        return target;
      },
      (target) => withdrawChampion(target, back()),
      async (target) => {
        expect((await target.model()).champion?.version).toBe(1);
        expect(target.routing.read(modelId)?.arms).toEqual([{ version: 1, role: 'champion', weightPercent: 100 }]);
      },
    );
  });
});

describe('what follows from a rollback', () => {
  /** `delay-cost` 1 was trained on version 2, `alerts` 1 on that, and `other` 1 on version 1. */
  async function graph() {
    const adjacency = createAdjacency();
    const versions = [
      ['delay-cost', modelId, 2],
      ['alerts', 'delay-cost', 1],
      ['other', modelId, 1],
    ] as const;
    for (const [model, upstream, version] of versions) {
      const registered = {
        ...(await world.version(2)),
        modelId: model,
        version: 1,
        upstreamVersions: [{ modelId: upstream, version }],
      };
      const event = { type: 'VersionRegistered', schemaVersion: 1, modelId: model, version: registered };
      const commits = [{ events: [event], occurredAt: hour(6) }];
      adjacency.replace(`version#${model}#1`, projectCommits(undefined, commits));
    }
    return adjacency;
  }

  it('names the versions that were trained on it, directly or through others, and no others', async () => {
    const adjacency = await graph();
    const rules = { overall: 50, perTeam: 10, currency: 'USD', now: hour(30) };
    const found = await consequencesOf(
      { events: world.events, graph: async () => adjacency },
      { modelId, version: 2, ...rules },
    );
    expect(found.dependants).toEqual([
      { modelId: 'delay-cost', version: 1, depth: 1, status: 'registered' },
      { modelId: 'alerts', version: 1, depth: 2, status: 'registered' },
    ]);
    expect(found.truncated).toBe(false);
  });
});

describe('a policy that rolls back by itself', () => {
  async function breached(change: Partial<ModelState> = {}, rule: object = { onBreachAfterPromotion: 'roll-back' }) {
    const state = await world.model();
    return {
      ...state,
      lifecycle: 'at-risk',
      policy: { ...state.policy, rollout: { ...state.policy.rollout, ...rule } },
      health: { status: 'at-risk', since: hour(20), causes: ['performance'] },
      ...change,
    } as ModelState;
  }

  it('restores the former champion within the shadow days, for performance only', async () => {
    expect(automaticWithdrawal(await breached(), hour(20))).toBe('former-champion');
    expect(automaticWithdrawal(await breached(), hour(5 + 7 * 24 + 1))).toBeUndefined();
    expect(automaticWithdrawal(await breached({}, {}), hour(20))).toBeUndefined();
    const drifts = { status: 'at-risk', since: hour(20), causes: ['dataDrift'] } as const;
    expect(automaticWithdrawal(await breached({ health: drifts }), hour(20))).toBeUndefined();
    expect(automaticWithdrawal(await breached({ lifecycle: 'validating' }), hour(20))).toBeUndefined();
  });

  it('takes back whatever breaches among all models, and then nothing', async () => {
    const { policy } = await world.model();
    const rollout = { ...policy.rollout, onBreachAfterPromotion: 'roll-back' as const };
    await changePolicy(world.events, { modelId, policy: { ...policy, rollout }, actor: ada, now: hour(19) });
    const health = { type: 'ReportHealth', status: 'at-risk', evaluationId: 'e1', causes: ['performance'] } as const;
    await changeModel(world.events, modelId, [health], { actor: ada, now: hour(20), reason: 'it breaches' });
    expect(await withdrawAllBreached(world, hour(21))).toEqual({ withdrawn: [modelId], failures: [] });
    expect((await world.model()).champion?.version).toBe(1);
    expect(await withdrawAllBreached(world, hour(22))).toEqual({ withdrawn: [], failures: [] });
  });

  it('publishes the routing again when that was lost with a crash, and holds up no other model where it fails', async () => {
    const { policy } = await world.model();
    const rollout = { ...policy.rollout, onBreachAfterPromotion: 'roll-back' as const };
    await changePolicy(world.events, { modelId, policy: { ...policy, rollout }, actor: ada, now: hour(19) });
    const health = { type: 'ReportHealth', status: 'at-risk', evaluationId: 'e1', causes: ['performance'] } as const;
    await changeModel(world.events, modelId, [health], { actor: ada, now: hour(20), reason: 'it breaches' });
    const lost = new Error('killed');
    const routing = { publish: () => Promise.reject(lost) };
    const failed = await withdrawAllBreached({ ...world, routing }, hour(21));
    expect(failed).toEqual({ withdrawn: [], failures: [{ modelId, error: lost }] });
    const published: unknown[] = [];
    const recorder = { publish: async (table: unknown) => void published.push(table) };
    await withdrawAllBreached({ ...world, routing: recorder }, hour(22));
    expect(published).toMatchObject([{ modelId, generation: (await world.model()).routing?.generation }]);
  });

  it('falls back when the restored champion breaches as well, once', async () => {
    await withdrawChampion(world, back());
    const rule = { onBreachAfterPromotion: 'roll-back', fallbackVersion: 3 };
    expect(automaticWithdrawal(await breached({}, rule), hour(40))).toBe('fallback-version');
    expect(automaticWithdrawal(await breached({}, { ...rule, fallbackVersion: 1 }), hour(40))).toBeUndefined();
  });
});
