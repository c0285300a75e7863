import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Baseline } from '../../../shared/domain/health/baseline.ts';
import type { ModelVersion } from '../../../shared/domain/registry/model.ts';
import type { VersionDefinition } from '../../../shared/domain/registry/schemas.ts';
import { changeModel } from '../../../shared/use-cases/registry/change-model.ts';
import { registerVersion } from '../../../shared/use-cases/registry/register-version.ts';
import { deploy, deprecate } from './model-story.ts';
import {
  ada,
  addVersion,
  createWorld,
  later,
  ndjson,
  now,
  referenceRows,
  trained,
  type World,
} from './registry-world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

const register = (definition: VersionDefinition, at = now) =>
  registerVersion(world, { modelId: 'late-basic', definition, actor: ada, now: at });
const model = async () => (await world.events.head<{ versionCount: number }>('model#late-basic'))?.state;

describe('a version', () => {
  it('keeps what it was made from, and takes its model’s features', async () => {
    const definition = await trained(world, 'run-1');
    const { version, isNew } = await register(definition);
    expect(isNew).toBe(true);
    expect(version).toMatchObject({
      ...definition,
      modelId: 'late-basic',
      version: 1,
      status: 'registered',
      registeredAt: now,
    });
    expect(version.features.map(({ name }) => name)).toEqual(['hour', 'distance']);
    expect((await world.events.head<ModelVersion>('version#late-basic#1'))?.state).toEqual(version);
  });

  it('keeps its pipeline and the versions it learnt from, which must exist', async () => {
    await addVersion(world, 'run-1');
    const definition = { ...(await trained(world, 'run-2')), pipeline: 'flights/training' };
    const learntFrom = (version: number) =>
      register({ ...definition, upstreamVersions: [{ modelId: 'late-basic', version }] });
    await expect(learntFrom(2)).rejects.toMatchObject({
      name: 'InvalidRequest',
      code: 'unknown-upstream',
      problems: [{ field: '/upstreamVersions/0', code: 'unknown-version' }],
    });
    expect((await learntFrom(1)).version).toMatchObject({
      pipeline: 'flights/training',
      upstreamVersions: [{ modelId: 'late-basic', version: 1 }],
    });
  });

  it('has a baseline of its reference window', async () => {
    await addVersion(world, 'run-1');
    const baseline = await world.baselines.get('late-basic', 1);
    expect(baseline).toMatchObject({
      n: 200,
      from: '2001-01-01T05:00:00.000Z',
      to: '2001-01-22T00:00:00.000Z',
      profile: { n: 200 },
      performance: { kind: 'binary', n: 200, positives: 50 },
    });
    expect(Object.keys(baseline!.features)).toEqual(['hour', 'distance']);
  });

  it('has a baseline by days when its rows carry times, as text or as Unix milliseconds', async () => {
    const first = Date.parse('2001-01-02T00:00:00Z');
    const times = [(n: number) => first + n * 3_600_000, (n: number) => new Date(first + n * 3_600_000).toISOString()];
    const baselines = [];
    for (const [run, timeOf] of times.entries()) {
      const rows = referenceRows.map((row, n) => ({ ...row, predictedAt: timeOf(n) }));
      const definition = await trained(world, `run-${run}`, { reference: gzipSync(ndjson(rows)) });
      const { version } = await register(definition);
      baselines.push(await world.baselines.get('late-basic', version.version));
    }
    const [byNumber, byText] = baselines;
    expect(byNumber?.blocks?.map(({ profile }) => profile.n)).toEqual([24, 24, 24, 24, 24, 24, 24, 24, 8]);
    expect(byNumber?.blocks?.[0]).toMatchObject({ from: '2001-01-02T00:00:00.000Z', to: '2001-01-03T00:00:00.000Z' });
    expect(byText?.blocks).toEqual(byNumber?.blocks);
  });

  it('is numbered after the last', async () => {
    await addVersion(world, 'run-1');
    expect((await addVersion(world, 'run-2')).version.version).toBe(2);
    expect(await model()).toMatchObject({ versionCount: 2 });
  });

  it('may bring features of its own', async () => {
    const features = [{ name: 'hour', type: 'categorical' as const, required: true, importance: 1 }];
    const { version } = await register({ ...(await trained(world, 'run-1')), features });
    expect(version.features).toEqual(features);
    expect(Object.keys((await world.baselines.get('late-basic', 1))!.features)).toEqual(['hour']);
  });

  it('may have a reference window that is not packed', async () => {
    const definition = await trained(world, 'run-1');
    const uri = 's3://artifacts/run-1/reference.ndjson';
    await world.artifacts.put(uri, `${ndjson(referenceRows)}\n\n`);
    await register({ ...definition, referenceWindow: { ...definition.referenceWindow, uri } });
    expect((await world.baselines.get('late-basic', 1))?.n).toBe(200);
  });
});

describe('a training run that comes again', () => {
  it('gets the version it has', async () => {
    const first = await addVersion(world, 'run-1');
    const again = await register(await trained(world, 'run-1'), later);
    expect(again).toEqual({ version: first.version, isNew: false });
    expect(await model()).toMatchObject({ versionCount: 1 });
  });

  it('cannot bring another artefact', async () => {
    await addVersion(world, 'run-1');
    const other = await trained(world, 'run-1', { weights: 'others' });
    await expect(register(other)).rejects.toMatchObject({
      name: 'AlreadyExists',
      code: 'training-run-exists',
      message: expect.stringContaining('registered version 1'),
    });
  });

  it('gets one version when it comes many times at once', async () => {
    const definition = await trained(world, 'run-1');
    const results = await Promise.all(Array.from({ length: 5 }, () => register(definition)));
    expect(results.map(({ version }) => version.version)).toEqual([1, 1, 1, 1, 1]);
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await model()).toMatchObject({ versionCount: 1 });
  });

  it.each(['reserving', 'storing the baseline', 'appending the version'])(
    'goes on where a crash after %s stopped it, under the same number',
    async (_case) => {
      const definition = await trained(world, 'run-1');
      const dies = async () => Promise.reject(new Error('killed'));
      const put = world.baselines.put;
      let appends = 0;
      const dying: World = {
        ...world,
        baselines: { ...world.baselines, put: _case === 'reserving' ? dies : put },
        events: {
          ...world.events,
          append: async (commits) => {
            appends += 1;
            if (_case === 'storing the baseline' && appends === 2) await dies();
            await world.events.append(commits);
            if (_case === 'appending the version' && appends === 2) await dies();
          },
        },
      };
      await expect(registerVersion(dying, { modelId: 'late-basic', definition, actor: ada, now })).rejects.toThrow(
        'killed',
      );
      expect((await addVersion(world, 'run-2')).version.version).toBe(2);
      expect((await register(definition, later)).version.version).toBe(1);
      expect((await world.baselines.get('late-basic', 1))?.n).toBe(200);
      expect(await model()).toMatchObject({ versionCount: 2 });
    },
  );
});

it('runs that register at the same time get numbers and baselines of their own', async () => {
  const stored: Baseline[] = [];
  const watched = {
    ...world,
    baselines: { ...world.baselines, put: async (baseline: Baseline) => void stored.push(baseline) },
  };
  const runs = await Promise.all(
    Array.from({ length: 4 }, async (_, n) => {
      const reference = gzipSync(ndjson(referenceRows.slice(0, 100 + n)));
      return { run: n, definition: await trained(world, `run-${n}`, { reference }) };
    }),
  );
  const results = await Promise.all(
    runs.map(async ({ run, definition }) => ({
      run,
      result: await registerVersion(watched, { modelId: 'late-basic', definition, actor: ada, now }),
    })),
  );
  expect(results.map(({ result }) => result.version.version).sort()).toEqual([1, 2, 3, 4]);
  for (const { run, result } of results) {
    expect(stored.filter(({ version }) => version === result.version.version).map(({ n }) => n)).toEqual([100 + run]);
  }
});

describe('what is refused', () => {
  const refused = async (change: (definition: VersionDefinition) => VersionDefinition) =>
    register(change(await trained(world, 'run-1'))).catch((error: unknown) => error);

  it.each<[string, (definition: VersionDefinition) => VersionDefinition, string, string]>([
    [
      'training data that ends in the future',
      (d) => ({ ...d, trainingDataEnd: later }),
      '/trainingDataEnd',
      'in-future',
    ],
    [
      'training data that ends before it starts',
      (d) => ({ ...d, trainingDataEnd: '2000-01-01T00:00:00.000Z' }),
      '/trainingDataStart',
      'reversed-period',
    ],
    [
      'a reference window that ends in the future',
      (d) => ({ ...d, referenceWindow: { ...d.referenceWindow, to: later } }),
      '/referenceWindow/to',
      'in-future',
    ],
    [
      'a reference window without length',
      (d) => ({ ...d, referenceWindow: { ...d.referenceWindow, from: d.referenceWindow.to } }),
      '/referenceWindow/from',
      'reversed-period',
    ],
    [
      'a feature of another type than the model’s',
      (d) => ({ ...d, features: [{ name: 'hour', type: 'numeric', required: true, importance: 1 }] }),
      '/features/0/type',
      'type-changed',
    ],
  ])('%s', async (_case, change, field, code) => {
    expect(await refused(change)).toMatchObject({
      name: 'InvalidRequest',
      code: 'invalid-version',
      problems: [{ field, code }],
    });
  });

  it('an artefact that is not there, or is another one', async () => {
    expect(await refused((d) => ({ ...d, artifactUri: 's3://artifacts/gone' }))).toMatchObject({
      name: 'ArtifactUnusable',
      code: 'artifact-missing',
    });
    expect(await refused((d) => ({ ...d, artifactDigest: `sha256:${'1'.repeat(64)}` }))).toMatchObject({
      name: 'ArtifactUnusable',
      code: 'digest-mismatch',
    });
  });

  it('a model that is unknown or deprecated', async () => {
    const definition = await trained(world, 'run-1');
    await expect(registerVersion(world, { modelId: 'gone', definition, actor: ada, now })).rejects.toMatchObject({
      name: 'NotFound',
      code: 'unknown-model',
    });
    await addVersion(world, 'run-1');
    await changeModel(world.events, 'late-basic', [deploy, deprecate], { actor: ada, now, reason: 'replaced' });
    await expect(register(await trained(world, 'run-2'))).rejects.toMatchObject({ name: 'IllegalTransition' });
  });

  it.each([
    ['a line that is not JSON', '{"features":', 'line 201: not JSON'],
    ['a row without score', ndjson([{ features: { hour: '1', distance: 1 } }]), 'line 201: /score'],
    ['a probability above 1', ndjson([{ features: { hour: '1', distance: 1 }, score: 1.5 }]), 'line 201: /score'],
    [
      'a label that is neither 0 nor 1',
      ndjson([{ features: { hour: '1', distance: 1 }, score: 0.5, label: 2 }]),
      'line 201: /label',
    ],
    [
      'a row without a required feature',
      ndjson([{ features: { hour: '1' }, score: 0.5 }]),
      'line 201: /features/distance: the schema requires it',
    ],
    [
      'a feature of a wrong type',
      ndjson([{ features: { hour: '1', distance: 'far' }, score: 0.5 }]),
      'line 201: /features/distance: expected a finite number',
    ],
    [
      'a time before its own beginning',
      ndjson([{ features: { hour: '1', distance: 1 }, score: 0.5, predictedAt: '2001-01-01T04:59:00Z' }]),
      'line 201: /predictedAt: expected from 2001-01-01T05:00:00.000Z to 2001-01-22T00:00:00.000Z',
    ],
    [
      'a time after its own end',
      ndjson([{ features: { hour: '1', distance: 1 }, score: 0.5, predictedAt: Date.parse('2001-01-22T00:00:01Z') }]),
      'line 201: /predictedAt: expected from',
    ],
    [
      'a time that is none',
      ndjson([{ features: { hour: '1', distance: 1 }, score: 0.5, predictedAt: 'noon' }]),
      'line 201: /predictedAt: expected Unix milliseconds or an ISO-8601 date-time with zone',
    ],
    [
      'a time where the other rows have none',
      ndjson([{ features: { hour: '1', distance: 1 }, score: 0.5, predictedAt: '2001-01-02T00:00:00Z' }]),
      'line 201: expected no predictedAt, as in the rows before',
    ],
  ])('a reference window with %s, naming the line', async (_case, line, reason) => {
    const reference = gzipSync(`${ndjson(referenceRows)}\n${line}`);
    await expect(register(await trained(world, 'run-1', { reference }))).rejects.toMatchObject({
      name: 'ArtifactUnusable',
      code: 'malformed-reference-window',
      problems: [{ field: '/referenceWindow/uri', reason: expect.stringContaining(reason) }],
    });
    expect(await model()).toMatchObject({ versionCount: 0 });
  });

  it('a reference window with many faults shows the first ten', async () => {
    const reference = gzipSync(Array.from({ length: 50 }, () => 'x').join('\n'));
    await expect(register(await trained(world, 'run-1', { reference }))).rejects.toMatchObject({
      problems: { length: 10 },
    });
  });

  it.each([
    ['without rows', gzipSync('\n'), 'no row'],
    ['that is not gzip', Buffer.from('{}'), 'not gzip'],
  ])('a reference window %s', async (_case, reference, message) => {
    await expect(register(await trained(world, 'run-1', { reference }))).rejects.toMatchObject({
      code: 'malformed-reference-window',
      message: expect.stringContaining(message),
    });
  });
});
