import { beforeEach, describe, expect, it } from 'vitest';
import { planRetrains as operation } from '../../../shared/api/retraining-plans.ts';
import { systemActor } from '../../../shared/domain/actor.ts';
import { createAdjacency } from '../../../shared/domain/graph/adjacency.ts';
import { projectCommits } from '../../../shared/domain/graph/project-commits.ts';
import type { Policy } from '../../../shared/domain/registry/policy.ts';
import { modelStream, versionStream } from '../../../shared/domain/stream-ids.ts';
import { planRetrains } from '../../../shared/use-cases/retraining/plan-retrains.ts';
import { requestRetrain } from '../../../shared/use-cases/retraining/request-retrain.ts';
import { shortenPlan } from '../../../shared/use-cases/retraining/shorten-plan.ts';
import { day, lateBasic, policyWith } from './flight-models.ts';
import { createWorld, deploy, type World } from './memory-world.ts';

let world: World;
const names = ['late-basic', 'late-rank', 'late-page', 'late-mail'];

function withCascade(cascade: NonNullable<Policy['retraining']['cascade']>): Policy {
  const policy = policyWith();
  return { ...policy, retraining: { ...policy.retraining, cascade } };
}

async function graph() {
  const adjacency = createAdjacency();
  for (const stream of names.flatMap((name) => [modelStream(name), versionStream(name, 1)])) {
    const commits = await world.events.commits(stream, { afterVersion: 0, limit: 100 });
    adjacency.replace(stream, projectCommits(undefined, commits));
  }
  return adjacency;
}

const plan = (now = day(40)) =>
  planRetrains(
    { events: world.events, graph },
    { modelIds: ['late-basic'], overall: 50, perTeam: 10, currency: 'USD', now },
  );

beforeEach(async () => {
  world = createWorld();
  await deploy(world, { definition: { ...lateBasic, upstreamModels: ['late-page'] } });
  await deploy(world, { definition: { ...lateBasic, name: 'late-rank', upstreamModels: ['late-basic'] } });
  await deploy(world, { definition: { ...lateBasic, name: 'late-page', upstreamModels: ['late-rank'] } });
  await deploy(world, {
    definition: { ...lateBasic, name: 'late-mail', upstreamModels: ['late-rank'] },
    policy: withCascade({ veto: 'frozen until the audit' }),
  });
});

describe('planRetrains', () => {
  it('plans what consumes the promoted model, wave by wave, and changes nothing', async () => {
    const before = await Promise.all(names.map((name) => world.model(name)));
    const { retrains, excluded, cycles, cost } = await plan();
    expect(retrains.map(({ modelId, wave }) => [modelId, wave])).toEqual([
      ['late-rank', 1],
      ['late-page', 2],
    ]);
    expect(excluded).toEqual([{ modelId: 'late-mail', reason: 'vetoed', detail: 'frozen until the audit' }]);
    expect(cycles.flatMap(({ cuts }) => cuts.map((cut) => [cut.dependant, cut.dependency]))).toEqual([
      ['aip://model/registry/late-basic', 'aip://model/registry/late-page'],
    ]);
    expect(cost).toEqual({ known: 0, unknown: 2 });
    expect(await Promise.all(names.map((name) => world.model(name)))).toEqual(before);
  });

  it('joins a retrain that is open', async () => {
    const actor = systemActor('retraining');
    await requestRetrain(world.events, { modelId: 'late-rank', reason: 'a test asks', actor, now: day(40) });
    expect((await plan()).retrains[0]).toMatchObject({ modelId: 'late-rank', joins: 'late-rank-r1' });
  });

  it('answers as its contract says', async () => {
    const shortened = shortenPlan(await plan(), 1);
    expect(operation.response.parse(shortened)).toEqual(shortened);
    expect(shortened).toMatchObject({ truncated: true, cost: { unknown: 2 } });
    expect(shortened.retrains).toHaveLength(1);
    expect(shortenPlan(await plan(), 100).truncated).toBe(false);
  });

  it('knows no model that was never registered', async () => {
    await expect(
      planRetrains(
        { events: world.events, graph },
        { modelIds: ['nobody'], overall: 1, perTeam: 1, currency: 'USD', now: day(1) },
      ),
    ).rejects.toMatchObject({ code: 'unknown-model' });
  });
});
