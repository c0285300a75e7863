import { beforeEach, describe, expect, it } from 'vitest';
import { createHttpsLoadProber } from '../../../shared/adapters/https-load-prober.ts';
import { createPinnedHttps, type PinnedPost } from '../../../shared/adapters/notifications/pinned-https.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { Consumer, VersionEmbeddings } from '../../../shared/domain/registry/schemas.ts';
import { embeddingProblems } from '../../../shared/domain/rollout/embedding-problems.ts';
import { rolloutIdOfProbe } from '../../../shared/domain/rollout/load-probes.ts';
import type { RolloutEvent } from '../../../shared/domain/rollout/rollout-events.ts';
import { rolloutStream } from '../../../shared/domain/stream-ids.ts';
import { recordProbeAnswer, teamOfProbe } from '../../../shared/use-cases/rollout/answer-load-probe.ts';
import { checkLoadability } from '../../../shared/use-cases/rollout/check-loadability.ts';
import { abortRollout } from '../../../shared/use-cases/rollout/give-up-rollout.ts';
import { openRollout } from '../../../shared/use-cases/rollout/open-rollout.ts';
import { crashEverywhere } from '../retraining/crashes.ts';
import { addVersion, artifact, command, createWorld, deploy, type World } from '../retraining/memory-world.ts';
import { hour } from './flight-rollouts.ts';

const board: Actor = { id: 'departures-board', kind: 'service', roles: ['trainer:airport'], teams: ['airport'] };
const rolloutId = 'late-basic-o1';
const asking: readonly Consumer[] = [
  { service: 'departures-board', team: 'airport', loadProbe: { kind: 'queue' } },
  { service: 'crew-planning', loadProbe: { kind: 'queue' } },
  { service: 'reports' },
];
const minutes = (count: number) => ({ rolloutId, now: hour(count / 60) });

let world: World;
beforeEach(() => {
  world = createWorld();
});

async function givenRollout(target = world, consumers = asking): Promise<void> {
  await deploy(target);
  await command(target, 'late-basic', { type: 'DeclareConsumers', consumers });
  await addVersion(target);
  await openRollout(target, { modelId: 'late-basic', candidate: 2, actor: board, reason: 'try it', now: hour(0) });
}

async function answer(probe: 1 | 2, loaded: boolean, at = 1, target = world, reason?: string): Promise<void> {
  const { artifactDigest } = await target.version(2);
  const said = { loaded, artifactDigest, ...(reason !== undefined && { reason }) };
  await recordProbeAnswer(target.events, {
    probeId: `${rolloutId}-p${probe}`,
    ...said,
    actor: board,
    now: hour(at / 60),
  });
}

async function eventsOf(target = world): Promise<readonly RolloutEvent[]> {
  const commits = await target.events.commits(rolloutStream(rolloutId), { afterVersion: 0, limit: 100 });
  return commits.flatMap(({ events }) => events as readonly RolloutEvent[]);
}

describe('load probes', () => {
  it('ask every consumer that wants to be asked, by one event each that holds what it must load', async () => {
    await givenRollout();
    expect(await checkLoadability(world, minutes(0))).toMatchObject({ verdict: 'waiting', waitSeconds: 15 });
    const asked = (await eventsOf()).filter(({ type }) => type === 'LoadProbeRequested');
    const { artifactDigest } = await world.version(2);
    expect(asked).toMatchObject([
      { probeId: 'late-basic-o1-p1', service: 'crew-planning', version: 2, artifactUri: artifact, artifactDigest },
      { probeId: 'late-basic-o1-p2', service: 'departures-board', team: 'airport', deadline: hour(10 / 60) },
    ]);
  });

  it('ask nobody where no consumer wants to be asked', async () => {
    await givenRollout(world, [{ service: 'reports' }]);
    expect(await checkLoadability(world, minutes(0))).toMatchObject({ verdict: 'pass', waitSeconds: 0 });
    expect((await world.rollout()).loadProbes).toBeUndefined();
  });

  it('ask nobody about an artefact that is not the registered one', async () => {
    await givenRollout();
    world.put(artifact, 'tampered');
    expect(await checkLoadability(world, minutes(0))).toMatchObject({ verdict: 'fail' });
    expect((await world.rollout()).loadProbes).toBeUndefined();
  });

  it('pass when all have answered that it loads', async () => {
    await givenRollout();
    await checkLoadability(world, minutes(0));
    await answer(1, true);
    expect((await checkLoadability(world, minutes(1))).verdict).toBe('waiting');
    await answer(2, true);
    expect(await checkLoadability(world, minutes(2))).toMatchObject({
      verdict: 'pass',
      reason: 'all 2 consuming services load the candidate',
    });
  });

  it('refuse with the list of who cannot load it and who did not answer', async () => {
    await givenRollout();
    await checkLoadability(world, minutes(0));
    await answer(1, false, 1, world, 'xgboost 3 is not installed');
    expect(await checkLoadability(world, minutes(9.9))).toMatchObject({ verdict: 'waiting', waitSeconds: 6 });
    expect(await checkLoadability(world, minutes(10))).toMatchObject({
      verdict: 'fail',
      reason:
        'crew-planning cannot load the candidate: xgboost 3 is not installed; ' +
        `departures-board did not answer by ${hour(10 / 60)} whether it can load the candidate`,
    });
  });

  it('take an answer once: again is nothing, the contrary, a late and an unknown one are refused', async () => {
    await givenRollout();
    await checkLoadability(world, minutes(0));
    await answer(1, true);
    const before = (await eventsOf()).length;
    await answer(1, true, 2);
    expect(await eventsOf()).toHaveLength(before);
    await expect(answer(1, false)).rejects.toMatchObject({ name: 'IllegalTransition' });
    await checkLoadability(world, minutes(11));
    await expect(answer(2, true, 12)).rejects.toMatchObject({ name: 'IllegalTransition' });
    const unknown = { loaded: true, artifactDigest: 'sha256:0', actor: board, now: hour(1) };
    for (const probeId of ['late-basic-o1-p3', 'late-basic-o9-p1', 'p1'])
      await expect(recordProbeAnswer(world.events, { probeId, ...unknown })).rejects.toMatchObject({
        name: 'NotFound',
      });
  });

  it('refuse an answer about another artefact', async () => {
    await givenRollout();
    await checkLoadability(world, minutes(0));
    const other = { loaded: true, artifactDigest: `sha256:${'1'.repeat(64)}`, actor: board, now: hour(0) };
    await expect(recordProbeAnswer(world.events, { probeId: `${rolloutId}-p1`, ...other })).rejects.toMatchObject({
      name: 'InvalidRequest',
      code: 'other-artifact',
    });
  });

  it('take no answer after the rollout was aborted', async () => {
    await givenRollout();
    await checkLoadability(world, minutes(0));
    await abortRollout(world, { rolloutId, actor: board, reason: 'no longer needed', now: hour(0) });
    await expect(answer(1, true)).rejects.toMatchObject({ name: 'IllegalTransition' });
  });

  it('are posted to services with an address until these take them', async () => {
    const url = 'https://board.example.com/load-probes';
    await givenRollout(world, [{ service: 'departures-board', loadProbe: { kind: 'https', url } }]);
    world.prober.away.add('board.example.com');
    await checkLoadability(world, minutes(0));
    world.prober.away.clear();
    await checkLoadability(world, minutes(0.25));
    await checkLoadability(world, minutes(0.5));
    expect(world.prober.asked).toHaveLength(2);
    const { artifactDigest } = await world.version(2);
    expect(world.prober.asked[1]).toMatchObject({ probeId: `${rolloutId}-p1`, artifactDigest, url });
    expect((await world.rollout()).loadProbes).toMatchObject([{ url, takenAt: hour(0.25 / 60) }]);
    await answer(1, true);
    expect((await checkLoadability(world, minutes(1))).verdict).toBe('pass');
  });

  it('are a no where no address takes them by the deadline', async () => {
    const url = 'https://board.example.com/load-probes';
    await givenRollout(world, [{ service: 'departures-board', loadProbe: { kind: 'https', url } }]);
    world.prober.away.add('board.example.com');
    await checkLoadability(world, minutes(0));
    expect(await checkLoadability(world, minutes(10))).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('departures-board did not answer'),
    });
  });

  it('belong to the team of the service, or to that of the model', async () => {
    await givenRollout();
    await checkLoadability(world, minutes(0));
    expect(await teamOfProbe(world.events, `${rolloutId}-p2`)).toBe('airport');
    expect(await teamOfProbe(world.events, `${rolloutId}-p1`)).toBe('punctuality');
    expect(await teamOfProbe(world.events, `${rolloutId}-p3`)).toBeUndefined();
    expect(rolloutIdOfProbe('late-p1-o1-p12')).toBe('late-p1-o1');
  });

  it('are asked once and decided once, wherever the process dies', async () => {
    await crashEverywhere(
      async () => {
        const target = createWorld();
        await givenRollout(target);
        return target;
      },
      async (target) => {
        const { verdict } = await checkLoadability(target, minutes(0));
        if (verdict === 'waiting') {
          await answer(1, true, 1, target);
          await answer(2, true, 1, target);
        }
        await checkLoadability(target, minutes(2));
      },
      async (target) => {
        const types = (await eventsOf(target)).map(({ type }) => type);
        expect(types.filter((type) => type === 'LoadProbeRequested')).toHaveLength(2);
        expect(types.filter((type) => type === 'LoadProbeAnswered')).toHaveLength(2);
        expect((await target.rollout()).loadability).toMatchObject({ verdict: 'pass' });
      },
    );
  });
});

describe('embeddings of a candidate', () => {
  const uri = 's3://artifacts/vectors.csv';
  const champion: VersionEmbeddings = { uri, idColumn: 'id', dimension: 64, spaceId: 'films-2024' };
  const consumers: readonly Consumer[] = [
    { service: 'related-films', embeddings: { spaceId: 'films-2024', dimension: 64 } },
    { service: 'reports' },
  ];
  const problemsOf = (candidate: VersionEmbeddings | undefined) => embeddingProblems(consumers, champion, candidate);

  it('of the same space, of a compatible one, or aligned to it, can stand in', () => {
    expect(problemsOf(champion)).toEqual([]);
    expect(problemsOf({ ...champion, spaceId: 'films-2025', compatibleSpaceIds: ['films-2024'] })).toEqual([]);
    expect(problemsOf({ ...champion, spaceId: 'films-2025', alignedUri: uri })).toEqual([]);
  });

  it('of another space or dimension, or missing, cannot', () => {
    expect(problemsOf({ ...champion, spaceId: 'films-2025' })).toEqual([
      "related-films works in the space films-2024, the candidate's is films-2025",
    ]);
    expect(problemsOf({ ...champion, dimension: 128 })).toEqual([
      'related-films takes vectors of 64 dimensions, the candidate declares 128',
    ]);
    expect(problemsOf(undefined)).toEqual(['related-films consumes embeddings, of which the candidate has none']);
  });

  it('do not matter to services that declared no space', () => {
    expect(embeddingProblems([{ service: 'reports' }], champion, undefined)).toEqual([]);
  });

  it('keep the candidate from traffic', async () => {
    await givenRollout(world, consumers);
    expect(await checkLoadability(world, minutes(0))).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('related-films consumes embeddings'),
    });
  });
});

describe('the HTTPS prober', () => {
  const probe = {
    probeId: `${rolloutId}-p1`,
    service: 'departures-board',
    url: 'https://board.example.com/probes?x=1',
    version: 2,
    artifactUri: artifact,
    artifactDigest: 'sha256:0',
    environmentLockDigest: 'sha256:0',
    deadline: hour(1),
  };

  it('posts the probe, which is taken where the service says so', async () => {
    const posted: PinnedPost[] = [];
    const prober = createHttpsLoadProber(async (post) => {
      posted.push(post);
      return 202;
    });
    expect(await prober.ask(probe)).toBe(true);
    const { url, ...told } = probe;
    expect(posted).toEqual([
      {
        url: new URL(url),
        headers: { 'content-type': 'application/json', 'idempotency-key': probe.probeId },
        body: JSON.stringify(told),
      },
    ]);
  });

  it.each([301, 404, 429, 500])('takes %i as not taken', async (status) => {
    expect(await createHttpsLoadProber(async () => status).ask(probe)).toBe(false);
  });

  it('takes an address that is not public, or does not answer, as not taken', async () => {
    const guarded = createPinnedHttps({ resolver: async () => ['10.0.0.1'] });
    expect(await createHttpsLoadProber(guarded).ask(probe)).toBe(false);
  });
});
