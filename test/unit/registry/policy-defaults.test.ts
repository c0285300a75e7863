import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { systemActor } from '../../../shared/domain/actor.ts';
import { defaultPolicy } from '../../../shared/domain/registry/policy.ts';
import { policyFor } from '../../../shared/domain/registry/policy-defaults.ts';
import type { EventStore } from '../../../shared/ports/event-store.ts';
import { changePolicyDefaults, loadPolicyDefaults } from '../../../shared/use-cases/registry/change-policy-defaults.ts';
import { registerModel } from '../../../shared/use-cases/registry/register-model.ts';
import { lateBasic } from '../retraining/flight-models.ts';

const actor = systemActor('test');
const now = '2001-01-22T12:00:00.000Z';
const { team } = lateBasic;
let events: EventStore;
beforeEach(() => {
  events = createMemoryEventStore();
});
const set = (defaults: Readonly<Record<string, unknown>>, ifMatch?: number) =>
  changePolicyDefaults(events, { team, defaults, actor, now, ifMatch });

describe('policy defaults of a team', () => {
  it('are merged into the policy of the tier, and leave the rest of it', () => {
    const policy = policyFor(2, { retraining: { backstopDays: 14 }, signals: { age: { weight: 3 } } });
    const tier = defaultPolicy(2);
    expect(policy).toEqual({
      ...tier,
      retraining: { ...tier.retraining, backstopDays: 14 },
      signals: { ...tier.signals, age: { ...tier.signals.age, weight: 3 } },
    });
  });

  it('take away a section with null, and switch a threshold off with it', () => {
    const policy = policyFor(1, { rollout: { approvals: null }, signals: { performance: { aucDrop: null } } });
    expect(policy.rollout.approvals).toBeUndefined();
    expect(policy.signals.performance.aucDrop).toBeNull();
  });

  it('hold for models that are registered from then on', async () => {
    await registerModel(events, { definition: { ...lateBasic, name: 'before' }, actor, now });
    await set({ retraining: { backstopDays: 14 } });
    const { policy } = await registerModel(events, { definition: lateBasic, actor, now });
    expect(policy.retraining.backstopDays).toBe(14);
    const other = await registerModel(events, {
      definition: { ...lateBasic, name: 'other', team: 'fares' },
      actor,
      now,
    });
    expect(other.policy).toEqual(defaultPolicy(lateBasic.tier));
  });

  it('are versioned; the same again is no change', async () => {
    expect((await loadPolicyDefaults(events, team)).version).toBe(0);
    expect((await set({ windowDays: 14 })).version).toBe(1);
    expect((await set({ windowDays: 14 })).version).toBe(1);
    await expect(set({ windowDays: 7 }, 0)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it.each([
    [{ windowDays: 0 }, 'invalid-policy-defaults', '/windowDays'],
    [{ retrain: true }, 'invalid-policy-defaults', '/'],
    [JSON.parse('{"__proto__": {"windowDays": 3}}'), 'invalid-policy-defaults', '/'],
    [
      { retraining: { rules: [{ name: 'r', when: 'model.tiers > 1', then: 'retrain', priority: 1, reason: 'x' }] } },
      'invalid-rule',
      undefined,
    ],
  ])('that make no policy are refused: %j', async (defaults, code, field) => {
    const error = await Promise.resolve()
      .then(() => set(defaults))
      .catch((refused: unknown) => refused);
    expect(error).toMatchObject({ name: 'InvalidRequest', code });
    if (field !== undefined) expect(error).toMatchObject({ problems: [{ field }] });
    expect((await loadPolicyDefaults(events, team)).version).toBe(0);
  });
});
