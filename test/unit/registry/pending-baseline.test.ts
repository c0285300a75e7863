import { beforeEach, describe, expect, it } from 'vitest';
import { RunwayError } from '../../../shared/domain/errors.ts';
import type { ModelVersion } from '../../../shared/domain/registry/model.ts';
import type { VersionDefinition } from '../../../shared/domain/registry/schemas.ts';
import { buildPendingBaseline } from '../../../shared/use-cases/health/build-pending-baseline.ts';
import { deployVersion } from '../../../shared/use-cases/registry/deploy-version.ts';
import { registerVersion } from '../../../shared/use-cases/registry/register-version.ts';
import { getVersion } from '../../../shared/use-cases/registry/view-models.ts';
import { ada, createWorld, later, ndjson, now, referenceRows, trained, type World } from './registry-world.ts';

const version = { modelId: 'late-basic', version: 1 } as const;
/** Columns that training kept and nobody bins make a file large. */
const note = 'x'.repeat(50_000);
const large = ndjson(referenceRows.map((row) => ({ ...row, note })));

let world: World;
let definition: VersionDefinition;
beforeEach(async () => {
  world = await createWorld();
  definition = await trained(world, 'run-1');
  const uri = 's3://artifacts/run-1/large.ndjson';
  definition = { ...definition, referenceWindow: { ...definition.referenceWindow, uri } };
  await world.artifacts.put(uri, large);
});

const register = () => registerVersion(world, { modelId: 'late-basic', definition, actor: ada, now });
const build = (ports: Parameters<typeof buildPendingBaseline>[0] = world) =>
  buildPendingBaseline(ports, version, later);
const deploy = () => deployVersion(world, { ...version, actor: ada, reason: 'first', now: later });
const status = async () => (await getVersion(world, 'late-basic', 1)).baselineStatus;
const events = async () =>
  (await world.events.commits('version#late-basic#1', { afterVersion: 0, limit: 10 })).flatMap((commit) =>
    commit.events.map(({ type }) => type),
  );

describe('a version with a large reference window', () => {
  it('is registered at once, and its baseline is asked for', async () => {
    expect((await register()).version).toMatchObject({ version: 1, baselineStatus: { status: 'pending' } });
    expect(world.queue.requests).toEqual([version]);
    expect(await world.baselines.get('late-basic', 1)).toBeUndefined();
  });

  it('asks again when its registration comes again, for the first may have died in between', async () => {
    await register();
    expect(await register()).toMatchObject({ isNew: false });
    expect(world.queue.requests).toEqual([version, version]);
  });

  it('gets the baseline it would have got at once', async () => {
    await register();
    expect(await build()).toBe('built');
    expect(await status()).toEqual({ status: 'ready' });
    const small = await createWorld();
    await registerVersion(small, {
      modelId: 'late-basic',
      definition: await trained(small, 'run-1'),
      actor: ada,
      now,
    });
    expect(await world.baselines.get('late-basic', 1)).toEqual(await small.baselines.get('late-basic', 1));
  });

  it('is built once, however often it is asked for', async () => {
    await register();
    expect([await build(), await build()]).toEqual(['built', 'not-pending']);
    expect(await events()).toEqual(['VersionRegistered', 'BaselineBuilt']);
    await register();
    expect(world.queue.requests).toHaveLength(1);
  });

  it('cannot serve before, and can after', async () => {
    await register();
    await expect(deploy()).rejects.toMatchObject({
      name: 'IllegalTransition',
      message: 'DeployVersion is not possible in state pending baseline of version 1, expected a ready baseline',
    });
    await build();
    expect(await deploy()).toEqual({ result: 'champion' });
  });

  it('says why its window cannot be used, and never serves', async () => {
    await world.artifacts.put('s3://artifacts/run-1/large.ndjson', `${large}\n{"score":2}`);
    await register();
    expect(await build()).toBe('failed');
    expect(await status()).toEqual({
      status: 'failed',
      reason: expect.stringContaining('the reference window cannot be used: line 201: /features: required'),
    });
    expect(await events()).toEqual(['VersionRegistered', 'BaselineFailed']);
    await expect(deploy()).rejects.toMatchObject({ name: 'IllegalTransition' });
  });

  it('is tried again after a failure that may pass', async () => {
    await register();
    const failure = new RunwayError('DependencyUnavailable', 'dependency-unavailable', 'S3 does not answer');
    const failing = { ...world, files: { open: () => Promise.reject(failure) } };
    await expect(build(failing)).rejects.toBe(failure);
    expect(await status()).toEqual({ status: 'pending' });
    expect(await build()).toBe('built');
  });

  it('keeps a status that changed while its window was read', async () => {
    await register();
    const files = {
      open: async (uri: string) => {
        const head = (await world.events.head<ModelVersion>('version#late-basic#1'))!;
        await buildPendingBaseline(world, version, later);
        expect(head.state.baselineStatus).toEqual({ status: 'pending' });
        return world.files.open(uri);
      },
    };
    expect(await build({ ...world, files })).toBe('built');
    expect(await events()).toEqual(['VersionRegistered', 'BaselineBuilt']);
  });
});

it('a version with a small window is ready at once, as is one from before the status was kept', async () => {
  definition = await trained(world, 'run-2');
  const { baselineStatus, ...before } = (await register()).version;
  expect(baselineStatus).toEqual({ status: 'ready' });
  const head = (await world.events.head<ModelVersion>('version#late-basic#1'))!;
  const events = { ...world.events, head: async <S>() => ({ ...head, state: before as S }) };
  expect(await getVersion({ ...world, events }, 'late-basic', 1)).toMatchObject({
    baselineStatus: { status: 'ready' },
    baseline: { n: 200, blocks: 0, blocksOmitted: [] },
  });
});
