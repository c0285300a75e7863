import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../../examples/flights/flights.ts';
import { digestOf } from '../../../examples/flights/models/artifact.ts';
import { createEncoder } from '../../../examples/flights/models/encoder.ts';
import type { Artifacts } from '../../../examples/flights/runway/artifacts.ts';
import { answerTrainingRequest, type TrainerContext } from '../../../examples/flights/train-candidate.ts';
import { trainVersion } from '../../../examples/flights/training.ts';
import { createRunwayClient } from '../../../sdk/client.ts';
import { versionDefinitionSchema } from '../../../shared/domain/registry/schemas.ts';
import { validateHoldout } from '../../../shared/domain/rollout/validate-holdout.ts';
import { madeUpFlights } from './made-up-flights.ts';

const flights = madeUpFlights(40);
const encoder = createEncoder(flights);
const start = flights.departure[0]!;
const request = {
  runId: 'late-basic-r1-a1',
  retrainId: 'late-basic-r1',
  modelId: 'late-basic' as const,
  requestedAt: instantOf(start + 39 * 1_440),
  championVersion: 1,
  championArtifactUri: 's3://artifacts/champion.json',
  correlationId: 'retrain:late-basic-r1',
};

/** A bucket in memory that remembers in which order things were put. */
function memoryArtifacts(objects: Map<string, Uint8Array>): Artifacts {
  return {
    put: async (key, bytes) => {
      objects.set(key, bytes);
      return { uri: `s3://artifacts/${key}`, digest: digestOf(bytes) };
    },
    get: async (uri) => objects.get(uri.replace('s3://artifacts/', ''))!,
    find: async (key) => {
      const bytes = objects.get(key);
      return bytes && { uri: `s3://artifacts/${key}`, digest: digestOf(bytes) };
    },
  };
}

/** As much of Runway as a trainer meets. */
function openWorld(fault: TrainerContext['fault'] = 'none') {
  const window = { from: start, to: start + 20 * 1_440 };
  const champion = trainVersion({ model: 'late-basic', flights, encoder, window, basicScore: () => Number.NaN });
  const objects = new Map<string, Uint8Array>([['champion.json', champion.artifact]]);
  const definition = {
    artifactUri: request.championArtifactUri,
    artifactDigest: digestOf(champion.artifact),
    trainingRun: 'late-basic-initial',
    trainingDataEnd: instantOf(window.to),
  };
  const versions: Record<string, unknown>[] = [{ ...definition, version: 1 }];
  const completions: unknown[] = [];
  const world = { status: 'running', breaksAfterVersion: false, objects, versions, completions };
  const get = (path: string) => {
    if (path.startsWith('/v1/runs/')) return { status: world.status };
    if (path.endsWith('/versions')) return { items: versions };
    return versions.find(({ version }) => path.endsWith(`/versions/${version}`));
  };
  const post = (path: string, body: unknown) => {
    if (path.endsWith('/completion')) return completions.push(body);
    versions.push({ ...versionDefinitionSchema.parse(body), version: versions.length + 1 });
    if (world.breaksAfterVersion) throw new Error('the trainer was killed');
    return versions.at(-1);
  };
  const client = createRunwayClient({
    baseUrl: 'http://runway.test',
    retry: { attempts: 1 },
    fetch: async (sent) => {
      const { pathname } = new URL(sent.url);
      return Response.json(sent.method === 'GET' ? get(pathname) : post(pathname, await sent.json()));
    },
  });
  const readRouting = async () => ({
    generation: 1,
    arms: [{ version: 1, role: 'champion', weightPercent: 100 }],
    shadows: [],
  });
  const context = { client, artifacts: memoryArtifacts(objects), readRouting, flights, encoder, fault };
  return { world, context };
}

function verdictOf(objects: ReadonlyMap<string, Uint8Array>, versions: readonly Record<string, unknown>[]) {
  const holdout = objects.get('flights/late-basic/late-basic-r1-a1/holdout.ndjson.gz')!;
  const trainingDataEnd = String(versions.at(-1)?.trainingDataEnd);
  const policy = { nonInferiorityMarginRatio: 0.02, minimumHoldoutRows: 100 };
  return validateHoldout(gunzipSync(holdout).toString().split('\n'), { taskType: 'binary', policy, trainingDataEnd });
}

describe('a training request', () => {
  it('is answered with a version, and a hold-out that Runway can judge', async () => {
    const { world, context } = openWorld();
    await answerTrainingRequest(context, request);
    expect(world.versions).toHaveLength(2);
    expect(world.versions[1]).toMatchObject({ trainingRun: request.runId });
    expect(world.completions).toMatchObject([{ status: 'succeeded', modelVersion: 2 }]);
    const { verdict, paired } = verdictOf(world.objects, world.versions);
    expect(verdict).not.toBe('fail');
    expect(paired.n).toBeGreaterThan(100);
  });

  it('that comes again after a crash finds the version it left, and trains no other', async () => {
    const { world, context } = openWorld();
    world.breaksAfterVersion = true;
    await expect(answerTrainingRequest(context, request)).rejects.toThrow('killed');
    expect(world.completions).toEqual([]);
    await answerTrainingRequest(context, request);
    expect(world.versions).toHaveLength(2);
    expect(world.completions).toMatchObject([{ status: 'succeeded', modelVersion: 2 }]);
  });

  it('that was answered long ago changes nothing', async () => {
    const { world, context } = openWorld();
    world.status = 'succeeded';
    await answerTrainingRequest(context, request);
    expect(world.versions).toHaveLength(1);
    expect(world.completions).toEqual([]);
  });

  it('answered by a sabotaged trainer yields a candidate that fails on its hold-out', async () => {
    const { world, context } = openWorld('inverted-labels');
    await answerTrainingRequest(context, request);
    expect(verdictOf(world.objects, world.versions).verdict).toBe('fail');
  });
});
