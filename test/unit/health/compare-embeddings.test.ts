import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryEmbeddingStabilityStore } from '../../../shared/adapters/memory/memory-embedding-stability-store.ts';
import { createTableEmbeddingReader } from '../../../shared/adapters/tables/table-embedding-reader.ts';
import { getEmbeddingStability } from '../../../shared/api/embedding-stability.ts';
import type { VersionEmbeddings } from '../../../shared/domain/registry/schemas.ts';
import { compareEmbeddings } from '../../../shared/use-cases/health/compare-embeddings.ts';
import { viewEmbeddingStability } from '../../../shared/use-cases/health/view-embedding-stability.ts';
import { registerVersion } from '../../../shared/use-cases/registry/register-version.ts';
import { ada, createWorld, later, now, trained, type World } from '../registry/registry-world.ts';
import { cloud, version as embeddingsOf, permuted, retrained, rotated } from './embedding/made-up-versions.ts';

const modelId = 'late-basic';
const reference = embeddingsOf(cloud(80, 3));
const uriOf = (name: string) => `s3://artifacts/${modelId}/${name}.csv`;

let world: World;
let ports: Parameters<typeof compareEmbeddings>[0];
beforeEach(async () => {
  world = await createWorld();
  const stabilities = createMemoryEmbeddingStabilityStore();
  ports = { events: world.events, stabilities, reader: createTableEmbeddingReader(world.artifacts) };
});

async function upload(name: string, { ids, vectors }: typeof reference): Promise<string> {
  const lines = ids.map((id, row) => [id, ...vectors.values.subarray(3 * row, 3 * row + 3)].join(','));
  await world.artifacts.put(uriOf(name), ['id,x,y,z', ...lines].join('\n'));
  return uriOf(name);
}

async function register(run: string, embeddings?: VersionEmbeddings): Promise<number> {
  const definition = { ...(await trained(world, run)), ...(embeddings && { embeddings }) };
  return (await registerVersion(world, { modelId, definition, actor: ada, now })).version.version;
}

const compare = (version: number, at = now) => compareEmbeddings(ports, { modelId, version, now: at });
const first = async () => register('run-1', { uri: await upload('first', reference), idColumn: 'id' });

describe('a version registered with embeddings', () => {
  it('is compared with the version before that has some', async () => {
    await first();
    await register('run-2');
    const third = await register('run-3', { uri: await upload('third', rotated(reference)), idColumn: 'id' });
    const stability = await compare(third);
    expect(stability).toMatchObject({ version: 3, referenceVersion: 1, comparedAt: now, reason: null });
    expect(stability?.inputs?.reference).toEqual({
      uri: uriOf('first'),
      digest: await world.artifacts.digest(uriOf('first')),
    });
    const { intrinsic, coordinates } = stability?.report?.verdict ?? {};
    expect([intrinsic?.kind, coordinates?.kind]).toEqual(['ok', 'breach']);
    expect(getEmbeddingStability.response.parse(await viewEmbeddingStability(ports, modelId, third))).toEqual(
      stability,
    );
  });

  it('is compared once: what was compared stays, whatever became of the files', async () => {
    await first();
    const second = await register('run-2', { uri: await upload('second', reference), idColumn: 'id' });
    const stability = await compare(second);
    await upload('second', permuted(reference, 1));
    expect(await compare(second, later)).toEqual(stability);
  });

  it('is judged by the artefact that it publishes for raw coordinates', async () => {
    await first();
    const uri = await upload('second', rotated(reference));
    const alignedUri = await upload('aligned', reference);
    const stability = await compare(await register('run-2', { uri, alignedUri, idColumn: 'id' }));
    expect(stability?.report?.verdict.kind).toBe('ok');
    expect(stability?.inputs?.aligned?.uri).toBe(alignedUri);
  });

  it('is held against the noise that a training on resampled data shows', async () => {
    const uri = await upload('first', reference);
    const bootstrapUri = await upload('bootstrap', retrained(reference, 0.4, 3));
    await register('run-1', { uri, bootstrapUri, idColumn: 'id' });
    const second = await upload('second', retrained(reference, 0.4, 5));
    const stability = await compare(await register('run-2', { uri: second, idColumn: 'id' }));
    expect(stability?.inputs?.bootstrap).toMatchObject({ uri: bootstrapUri, of: 'reference' });
    const checks = stability?.report?.verdict.intrinsic.checks ?? [];
    expect(checks.find(({ name }) => name === 'neighbourOverlap')).toMatchObject({ noise: expect.any(Number) });
  });

  it('says which file could not be used', async () => {
    await first();
    const other = await register('run-2', { uri: await upload('second', reference), idColumn: 'key' });
    expect((await compare(other))?.reason).toMatch('no column "key"');
    const missing = await register('run-3', { uri: uriOf('missing'), idColumn: 'id' });
    expect(await compare(missing)).toMatchObject({ report: null, inputs: null });
    const shown = await viewEmbeddingStability(ports, modelId, other);
    expect(getEmbeddingStability.response.parse(shown)).toEqual(shown);
  });
});

describe('without a comparison', () => {
  const refused = (version: number) =>
    viewEmbeddingStability(ports, modelId, version).then(
      () => [],
      ({ code, message }: { readonly code: string; readonly message: string }) => [code, message],
    );

  it('a version says why there is none', async () => {
    expect(await refused(1)).toEqual(['unknown-version', 'no version "late-basic 1"']);
    const none = await register('run-1');
    expect(await compare(none)).toBeUndefined();
    expect(await refused(none)).toEqual([
      'no-embedding-stability',
      'version 1 of late-basic was registered without embeddings',
    ]);
    const alone = await register('run-2', { uri: await upload('second', reference), idColumn: 'id' });
    expect(await compare(alone)).toBeUndefined();
    expect((await refused(alone))[1]).toBe('no version of late-basic before 2 has embeddings to compare with');
    const waiting = await register('run-3', { uri: await upload('third', reference), idColumn: 'id' });
    expect((await refused(waiting))[1]).toBe('version 3 of late-basic has not been compared with version 2 yet');
  });
});
