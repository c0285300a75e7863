import { beforeEach, describe, expect, it } from 'vitest';
import type { RetrainState } from '../../../shared/domain/retraining/retrain.ts';
import { retrainsOfModel } from '../../../shared/domain/retraining/retrain-lists.ts';
import { decideRetrain } from '../../../shared/use-cases/retraining/decide-retrains.ts';
import { requestRetrain } from '../../../shared/use-cases/retraining/request-retrain.ts';
import { advance, cascade, deployAll, endRetrain, hours, progress, promote } from './cascading.ts';
import { crashEverywhere } from './crashes.ts';
import { breach, evaluationOf } from './flight-models.ts';
import { createWorld, type World } from './memory-world.ts';

let world: World;
beforeEach(() => {
  world = createWorld();
});

const chain = { 'late-basic': {}, 'late-live': { after: ['late-basic'] }, 'late-page': { after: ['late-live'] } };

async function retrainsOf(modelId: string, of = world): Promise<readonly RetrainState[]> {
  return (await of.events.list<RetrainState>(retrainsOfModel(modelId), { limit: 100 })).items.map(({ state }) => state);
}

async function givenPromotion(models: Parameters<typeof deployAll>[1] = chain, target = world): Promise<void> {
  await deployAll(target, models);
  await promote(target, 'late-basic', hours(0));
}

describe('a cascade', () => {
  it('is there with the promotion, in the same append', async () => {
    await givenPromotion();
    expect(await cascade(world)).toMatchObject({
      status: 'opened',
      modelId: 'late-basic',
      version: 2,
      rolloutId: 'late-basic-o1',
      promotedAt: hours(0),
    });
  });

  it('is planned at once and waits for the cooldown', async () => {
    await givenPromotion();
    await advance(world, hours(0.1));
    const { status, plan, members } = await cascade(world);
    expect([status, plan?.plannedAt]).toEqual(['running', hours(0.1)]);
    expect(members.map(({ modelId, wave, after, startsAt }) => [modelId, wave, after, startsAt])).toEqual([
      ['late-live', 1, [], hours(4)],
      ['late-page', 2, [0], hours(9)],
    ]);
    await advance(world, hours(3.9));
    expect(await progress(world)).toEqual({ 'late-live': 'waiting', 'late-page': 'waiting' });
  });

  it('retrains wave by wave, each once, and ends', async () => {
    await givenPromotion();
    await advance(world, hours(4));
    expect(await progress(world)).toEqual({ 'late-live': 'requested', 'late-page': 'waiting' });
    expect((await retrainsOf('late-live'))[0]?.triggers).toMatchObject([
      { cause: 'cascade', cascadeId: 'late-basic-v2', reason: `late-basic v2 was promoted ${hours(0)}` },
    ]);
    await endRetrain(world, 'late-live', 'promoted', hours(10));
    await advance(world, hours(13.9));
    expect(await progress(world)).toEqual({ 'late-live': 'promoted', 'late-page': 'waiting' });
    await advance(world, hours(14));
    await endRetrain(world, 'late-page', 'promoted', hours(15));
    await advance(world, hours(16));
    expect(await cascade(world)).toMatchObject({ status: 'ended', endedAt: hours(16) });
    for (const modelId of ['late-live', 'late-page']) expect(await retrainsOf(modelId)).toHaveLength(1);
    // What was promoted as a step of it begins no cascade of its own.
    await expect(cascade(world, 'late-live-v2')).rejects.toMatchObject({ code: 'unknown-cascade' });
  });

  it('asks for a companion at once, for every new version, whatever its own cooldown', async () => {
    const cooldown = { cooldownDays: 30 };
    await givenPromotion({
      'late-basic': {},
      'late-why': { companionOf: 'late-basic', policy: cooldown },
      'late-live': { after: ['late-basic'] },
    });
    await advance(world, hours(0.1));
    expect(await progress(world)).toEqual({ 'late-why': 'requested', 'late-live': 'waiting' });
    expect((await cascade(world)).members.find(({ modelId }) => modelId === 'late-why')).toMatchObject({
      companionOf: 'late-basic',
      startsAt: hours(0),
    });
    await endRetrain(world, 'late-why', 'promoted', hours(1));
    await promote(world, 'late-basic', hours(2));
    await advance(world, hours(2.1));
    const { members, plan } = await cascade(world, 'late-basic-v3');
    expect(members.map(({ modelId, status }) => [modelId, status])).toContainEqual(['late-why', 'requested']);
    expect(plan?.excluded).toEqual([]);
  });

  it('ends at once when nothing depends on the model', async () => {
    await givenPromotion({ 'late-basic': {} });
    await advance(world, hours(0.1));
    expect(await cascade(world)).toMatchObject({ status: 'ended', members: [] });
  });

  it('goes on when a retrain of it failed or was refused: what depends on the model has changed inputs all the same', async () => {
    for (const result of ['failed', 'refused'] as const) {
      world = createWorld();
      await givenPromotion();
      await advance(world, hours(4));
      await endRetrain(world, 'late-live', result, hours(6));
      await advance(world, hours(7));
      expect(await progress(world)).toEqual({ 'late-live': 'not-promoted', 'late-page': 'requested' });
      expect((await cascade(world)).members[0]?.reason).toContain(result);
    }
  });

  it('waits for all that a model depends on', async () => {
    await givenPromotion({
      'late-basic': {},
      'late-live': { after: ['late-basic'] },
      'late-rank': { after: ['late-basic'] },
      'late-page': { after: ['late-live', 'late-rank', 'late-basic'] },
    });
    await advance(world, hours(4));
    await endRetrain(world, 'late-live', 'promoted', hours(5));
    await advance(world, hours(12));
    expect(await progress(world)).toMatchObject({ 'late-rank': 'requested', 'late-page': 'waiting' });
    await endRetrain(world, 'late-rank', 'promoted', hours(13));
    await advance(world, hours(17));
    expect(await progress(world)).toMatchObject({ 'late-page': 'requested' });
  });

  it('ends on models that depend on each other, each retrained once', async () => {
    await givenPromotion({
      'late-basic': { after: ['late-page'] },
      'late-live': { after: ['late-basic', 'late-page'] },
      'late-page': { after: ['late-live'] },
    });
    for (let at = 1; at < 60; at += 1) {
      await advance(world, hours(at));
      for (const modelId of ['late-live', 'late-page'])
        if ((await world.model(modelId)).openRetrain) await endRetrain(world, modelId, 'promoted', hours(at));
    }
    expect(await cascade(world)).toMatchObject({ status: 'ended' });
    expect((await cascade(world)).plan?.cycles.length).toBeGreaterThan(0);
    for (const modelId of ['late-live', 'late-page']) expect(await retrainsOf(modelId)).toHaveLength(1);
  });

  it('becomes a cause of a retrain that is open, beside the others', async () => {
    await givenPromotion();
    const actor = { id: 'ada', kind: 'person', roles: [], teams: [] } as const;
    await requestRetrain(world.events, { modelId: 'late-live', reason: 'new airports', actor, now: hours(1) });
    await advance(world, hours(4));
    const retrains = await retrainsOf('late-live');
    expect(retrains.map(({ triggers }) => triggers.map(({ cause }) => cause))).toEqual([['manual', 'cascade']]);
    expect((await cascade(world)).members[0]).toMatchObject({ status: 'requested', retrainId: 'late-live-r1' });
  });

  it('respects what the policy says: veto, switch, hours', async () => {
    await givenPromotion({
      'late-basic': {},
      'late-live': { after: ['late-basic'], policy: { cascade: { veto: 'frozen until the audit' } } },
      'late-page': { after: ['late-live'], policy: { cascade: { enabled: false } } },
      'late-rank': {
        after: ['late-basic'],
        policy: { cascade: { offPeak: { from: '20:00', to: '22:00', timeZone: 'UTC' } } },
      },
    });
    await advance(world, hours(5));
    const { plan, members } = await cascade(world);
    expect(plan?.excluded.map(({ modelId, reason }) => [modelId, reason])).toEqual([
      ['late-live', 'vetoed'],
      ['late-page', 'policy-off'],
    ]);
    expect(members).toMatchObject([{ modelId: 'late-rank', status: 'waiting' }]);
    expect(members[0]?.hold).toContain('20:00 to 22:00 UTC');
    await advance(world, hours(20.5));
    expect(await progress(world)).toEqual({ 'late-rank': 'requested' });
    expect((await cascade(world)).members[0]?.hold).toBeUndefined();
  });

  it('leaves a model out that was held for longer than a month', async () => {
    const freezes = [{ from: hours(-1), to: hours(24 * 90), reason: 'the audit' }];
    await givenPromotion({ 'late-basic': {}, 'late-live': { after: ['late-basic'], policy: { freezes } } });
    await advance(world, hours(5));
    expect((await cascade(world)).members[0]?.hold).toContain('frozen until');
    await advance(world, hours(4 + 24 * 31));
    expect(await cascade(world)).toMatchObject({
      status: 'ended',
      members: [{ status: 'skipped', reason: expect.stringContaining('held for 30 days') as string }],
    });
  });

  it('stops when another version serves', async () => {
    await givenPromotion();
    await advance(world, hours(1));
    await promote(world, 'late-basic', hours(2));
    await advance(world, hours(3));
    expect(await cascade(world)).toMatchObject({ status: 'ended', stop: { kind: 'superseded' } });
    expect(await progress(world, 'late-basic-v3')).toEqual({ 'late-live': 'waiting', 'late-page': 'waiting' });
  });

  it('leaves to another cascade what waits there', async () => {
    await deployAll(world, { ...chain, 'late-wind': {}, 'late-page': { after: ['late-live', 'late-wind'] } });
    await promote(world, 'late-basic', hours(0));
    await advance(world, hours(1));
    await promote(world, 'late-wind', hours(2));
    await advance(world, hours(3));
    expect((await cascade(world, 'late-wind-v2')).plan?.excluded).toEqual([
      { modelId: 'late-page', reason: 'in-cascade', detail: 'cascade late-basic-v2 retrains it in its turn' },
    ]);
  });
});

describe('a model that waits in a cascade', () => {
  it('is retrained by nothing else, and its record says what it waits for', async () => {
    await givenPromotion();
    await advance(world, hours(1));
    await world.evaluations.put(
      evaluationOf([breach('performance')], hours(2), { modelId: 'late-page', evaluationId: 'e1' }),
    );
    expect(await decideRetrain(world, 'late-page', hours(2))).toEqual({
      hold: 'waits for cascade late-basic-v2, which retrains it in its turn',
    });
    await advance(world, hours(4));
    await endRetrain(world, 'late-live', 'promoted', hours(5));
    await advance(world, hours(9));
    expect(await retrainsOf('late-page')).toHaveLength(1);
  });
});

describe('a process that advances a cascade', () => {
  /** From the promotion to the end, as the schedule and the workflows would. */
  const life = async (ports: World) => {
    await advance(ports, hours(0));
    await advance(ports, hours(4));
    for (const modelId of ['late-live', 'late-page']) {
      if ((await world.model(modelId)).openRetrain) await endRetrain(world, modelId, 'promoted', hours(6));
      await advance(ports, hours(11));
    }
    await advance(ports, hours(20));
  };

  it('may die at any step: each model is retrained once, after what it depends on', async () => {
    const places = await crashEverywhere(
      async () => {
        world = createWorld();
        await givenPromotion();
        return world;
      },
      life,
      async (after) => {
        expect(await cascade(after)).toMatchObject({ status: 'ended' });
        expect(await progress(after)).toEqual({ 'late-live': 'promoted', 'late-page': 'promoted' });
        for (const modelId of ['late-live', 'late-page']) {
          const retrains = await retrainsOf(modelId, after);
          expect(retrains.map(({ triggers }) => triggers.length)).toEqual([1]);
        }
      },
    );
    expect(places).toBeGreaterThan(20);
  });

  it('may be doubled: two at the same time ask for each retrain once', async () => {
    await givenPromotion();
    await Promise.allSettled([advance(world, hours(4)), advance(world, hours(4)), advance(world, hours(4))]);
    await advance(world, hours(4));
    expect((await retrainsOf('late-live')).map(({ triggers }) => triggers.length)).toEqual([1]);
  });
});
