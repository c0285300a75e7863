import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryEventPublisher } from '../../../shared/adapters/memory/memory-event-publisher.ts';
import { isUnbrokenChain } from '../../../shared/adapters/seal-commits.ts';
import { defaultPolicy } from '../../../shared/domain/registry/policy.ts';
import type { Commit, EventStore } from '../../../shared/ports/event-store.ts';
import { changeModel } from '../../../shared/use-cases/registry/change-model.ts';
import { changePolicy } from '../../../shared/use-cases/registry/change-policy.ts';
import { registerModel } from '../../../shared/use-cases/registry/register-model.ts';
import { relayCommits } from '../../../shared/use-cases/registry/relay-commits.ts';
import {
  getHistory,
  getModel,
  getVersion,
  listModels,
  listVersions,
} from '../../../shared/use-cases/registry/view-models.ts';
import { breach, definition, deploy, deprecate, policy } from './model-story.ts';
import { ada, addVersion, createWorld, later, now, type World } from './registry-world.ts';

let world: World;
let events: EventStore;
beforeEach(async () => {
  world = await createWorld();
  ({ events } = world);
});
const context = { actor: ada, now: later, reason: 'test' };

describe('registering a model', () => {
  it('gives it the policy of its tier', async () => {
    const state = await registerModel(events, {
      definition: { ...definition, name: 'late-live', tier: 4 },
      actor: ada,
      now,
    });
    expect(state.policy).toEqual(defaultPolicy(4));
  });

  it('needs the models it consumes', async () => {
    const live = { ...definition, name: 'late-live', upstreamModels: ['late-basic', 'weather'] };
    await expect(registerModel(events, { definition: live, actor: ada, now })).rejects.toMatchObject({
      code: 'unknown-upstream',
      problems: [{ field: '/upstreamModels/1' }],
    });
    await registerModel(events, { definition: { ...live, upstreamModels: ['late-basic'] }, actor: ada, now });
  });

  it('happens once, also when two do it at once', async () => {
    await expect(registerModel(events, { definition, actor: ada, now })).rejects.toMatchObject({
      name: 'AlreadyExists',
    });
    const twice = [1, 2].map(() =>
      registerModel(events, { definition: { ...definition, name: 'twin' }, actor: ada, now }),
    );
    expect((await Promise.allSettled(twice)).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('changing a model', () => {
  it('is tried again when something else came between', async () => {
    await addVersion(world, 'run-1');
    await changeModel(events, 'late-basic', [deploy], context);
    const policyOf = (windowDays: number) => ({ type: 'ChangePolicy', policy: { ...policy, windowDays } }) as const;
    const commands = [policyOf(1), policyOf(2), policyOf(3), breach];
    await Promise.all(commands.map((command) => changeModel(events, 'late-basic', [command], context)));
    expect((await getModel(events, { modelId: 'late-basic', now })).state).toMatchObject({
      policyVersion: 4,
      health: { status: 'at-risk' },
    });
  });

  it('appends nothing when nothing changes', async () => {
    expect(await changeModel(events, 'late-basic', [{ type: 'ChangePolicy', policy }], context)).toMatchObject({
      version: 1,
      events: [],
    });
  });

  it('on a stale If-Match is refused, not retried', async () => {
    await changeModel(events, 'late-basic', [{ type: 'AddVersion' }], context);
    await expect(
      changeModel(events, 'late-basic', [{ type: 'AddVersion' }], { ...context, ifMatch: 1 }),
    ).rejects.toMatchObject({
      name: 'PreconditionFailed',
      message: 'model#late-basic is at version 2, If-Match says 1',
    });
    expect(
      (await changeModel(events, 'late-basic', [{ type: 'AddVersion' }], { ...context, ifMatch: 2 })).version,
    ).toBe(3);
  });

  it('needs the model', async () => {
    await expect(changeModel(events, 'gone', [deprecate], context)).rejects.toMatchObject({
      name: 'NotFound',
      code: 'unknown-model',
    });
  });

  it('gives up after five attempts in which something else always came between', async () => {
    let appends = 0;
    const contended: EventStore = {
      ...events,
      append: async (commits) => {
        appends += 1;
        await changeModel(events, 'late-basic', [{ type: 'AddVersion' }], context);
        await events.append(commits);
      },
    };
    await expect(changeModel(contended, 'late-basic', [{ type: 'AddVersion' }], context)).rejects.toMatchObject({
      name: 'VersionConflict',
    });
    expect(appends).toBe(5);
  });
});

describe('a policy', () => {
  const judging = (features: string[]) => ({
    ...policy,
    signals: { ...policy.signals, dataDrift: { ...policy.signals.dataDrift, features } },
  });

  it('judges drift on features the model has', async () => {
    const { state, version } = await changePolicy(events, {
      modelId: 'late-basic',
      policy: judging(['distance']),
      actor: ada,
      now,
    });
    expect(state.policy.signals.dataDrift.features).toEqual(['distance']);
    expect(version).toBe(2);
    await expect(
      changePolicy(events, { modelId: 'late-basic', policy: judging(['distance', 'distanc']), actor: ada, now }),
    ).rejects.toMatchObject({
      code: 'unknown-feature',
      problems: [{ field: '/signals/dataDrift/features/1', reason: 'no feature "distanc"' }],
    });
  });

  it('has rules that can be evaluated', async () => {
    // biome-ignore format: one rule to a line
    const rules = [
      { name: 'fine', when: 'signals.performance.verdict == "breach"', then: 'retrain', priority: 1, reason: 'worse' },
      { name: 'slip', when: 'signals.performanc.verdict == "breach"', then: 'retrain', priority: 2, reason: 'worse' },
    ] as const;
    const withRules = { ...policy, retraining: { ...policy.retraining, rules: [...rules] } };
    await expect(
      changePolicy(events, { modelId: 'late-basic', policy: withRules, actor: ada, now }),
    ).rejects.toMatchObject({
      name: 'InvalidRequest',
      code: 'invalid-rule',
      problems: [{ field: '/retraining/rules/1/when', code: 'unknown-name' }],
    });
  });

  it('is replaced under If-Match', async () => {
    const request = { modelId: 'late-basic', policy: judging(['hour']), actor: ada, now };
    await changePolicy(events, { ...request, ifMatch: 1 });
    await expect(changePolicy(events, { ...request, ifMatch: 1 })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
  });
});

describe('looking at models', () => {
  it('lists them by name, all or of a team', async () => {
    for (const name of ['zeta', 'alpha'])
      await registerModel(events, { definition: { ...definition, name, team: 'search' }, actor: ada, now });
    const names = async (page: { limit: number; cursor?: string; team?: string }) => {
      const { items, cursor } = await listModels(events, page);
      return { names: items.map(({ modelId }) => modelId), cursor };
    };
    const first = await names({ limit: 2 });
    expect(first.names).toEqual(['alpha', 'late-basic']);
    expect((await names({ limit: 2, cursor: first.cursor! })).names).toEqual(['zeta']);
    expect((await names({ limit: 10, team: 'search' })).names).toEqual(['alpha', 'zeta']);
    expect((await names({ limit: 10, team: 'nobody' })).names).toEqual([]);
  });

  it('shows one as it was at a past moment', async () => {
    await changeModel(events, 'late-basic', [{ type: 'ChangePolicy', policy: { ...policy, windowDays: 3 } }], context);
    const windowDays = async (asOf?: string) =>
      (await getModel(events, { modelId: 'late-basic', asOf, now: later })).state.policy.windowDays;
    expect(await windowDays()).toBe(3);
    expect(await windowDays(later)).toBe(3);
    expect(await windowDays('2001-01-22T06:59:59.999Z')).toBe(7);
    await expect(windowDays('2001-01-22T05:59:59.999Z')).rejects.toMatchObject({ name: 'NotFound' });
    await expect(windowDays('2001-01-22T07:00:00.001Z')).rejects.toMatchObject({ code: 'as-of-in-future' });
    expect(await getModel(events, { modelId: 'late-basic', asOf: now, now: later })).not.toHaveProperty('version');
  });

  it('tells its history in pages, as an unbroken chain', async () => {
    for (let n = 0; n < 4; n += 1) await changeModel(events, 'late-basic', [{ type: 'AddVersion' }], context);
    const commits: Commit[] = [];
    let cursor: string | undefined;
    do {
      const page = await getHistory(events, 'late-basic', { limit: 2, cursor });
      commits.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(commits.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
    expect(isUnbrokenChain(commits)).toBe(true);
    await expect(getHistory(events, 'gone', { limit: 2 })).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('shows versions, newest first, with what is known of their reference windows', async () => {
    for (const run of ['run-1', 'run-2', 'run-3']) await addVersion(world, run);
    expect((await listVersions(events, 'late-basic', { limit: 2 })).items.map(({ version }) => version)).toEqual([
      3, 2,
    ]);
    expect(await getVersion(world, 'late-basic', 2)).toMatchObject({
      version: 2,
      trainingRun: 'run-2',
      baseline: { n: 200, performance: { kind: 'binary', values: { baseRate: 0.25 } } },
    });
    await expect(getVersion(world, 'late-basic', 9)).rejects.toMatchObject({ code: 'unknown-version' });
    await expect(listVersions(events, 'gone', { limit: 2 })).rejects.toMatchObject({ code: 'unknown-model' });
  });
});

describe('the relay', () => {
  const commit = (n: number, count = 1): Commit => ({
    streamId: 'model#late-basic',
    version: n,
    events: Array.from({ length: count }, (_, i) => ({ type: `Event${n}.${i}`, schemaVersion: 1 })),
    actor: ada,
    reason: '',
    occurredAt: now,
    hash: '',
    previousHash: '',
  });

  it('publishes every event with where and when it happened', async () => {
    const publisher = createMemoryEventPublisher();
    expect(await relayCommits(publisher, [{ recordId: 'r1', commit: commit(1) }])).toEqual([]);
    expect(publisher.published).toEqual([
      {
        detailType: 'Event1.0',
        time: now,
        detail: {
          streamId: 'model#late-basic',
          version: 1,
          occurredAt: now,
          actor: ada,
          event: { type: 'Event1.0', schemaVersion: 1 },
        },
      },
    ]);
  });

  it('sends at most ten at a time, in order', async () => {
    const publisher = createMemoryEventPublisher();
    await relayCommits(
      publisher,
      Array.from({ length: 7 }, (_, n) => ({ recordId: `r${n}`, commit: commit(n, 3) })),
    );
    expect(publisher.calls).toEqual([10, 10, 1]);
    expect(publisher.published.map(({ detailType }) => detailType)).toEqual(
      Array.from({ length: 21 }, (_, n) => `Event${Math.floor(n / 3)}.${n % 3}`),
    );
  });

  it('names each record of which an event was not taken, once', async () => {
    const publisher = createMemoryEventPublisher(({ detailType }) =>
      ['Event1.0', 'Event1.2', 'Event4.1'].includes(detailType),
    );
    expect(
      await relayCommits(
        publisher,
        Array.from({ length: 6 }, (_, n) => ({ recordId: `r${n}`, commit: commit(n, 3) })),
      ),
    ).toEqual(['r1', 'r4']);
  });
});
