import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BootedScene, bootScene } from '../support/boot-scene.ts';

// One event says that a model instance was created, and carries only its id. Everything else is read from three APIs that
// documents describe, one reference after the other.
const uris = {
  version: 'aip://model-version/model-registry/mi-42',
  model: 'aip://model/model-registry/homepage-ranker',
  run: 'aip://pipeline-run/pipelines/run-9001',
  cell: 'aip://experiment-cell/experiments/31415/2',
  experiment: 'aip://experiment/experiments/31415',
} as const;

type Body = Readonly<Record<string, unknown>>;
let booted: BootedScene;

beforeAll(async () => {
  booted = await bootScene();
  await booted.set();
}, 120_000);
afterAll(() => booted?.end());

async function shown(uri: string): Promise<{ readonly entity: Body; readonly out: readonly string[] }> {
  const { status, body } = await booted.ask('GET', `/v1/entities/${encodeURIComponent(uri)}`);
  expect(status, JSON.stringify([body, booted.running.log.slice(-20)])).toBe(200);
  const relations = body.relations as readonly Body[];
  const out = relations.filter(({ direction }) => direction === 'out').map(({ type, uri: to }) => `${type} ${to}`);
  return { entity: body.entity as Body, out: out.toSorted() };
}

it('describes the model instance as its registry does', async () => {
  const { entity, out } = await shown(uris.version);
  expect(entity).toMatchObject({
    name: 'homepage-ranker v7',
    tags: ['team::personalization'],
    attributes: { version: 7 },
  });
  expect(entity.hydratedAt).toEqual(expect.any(String));
  expect(out).toEqual([
    'consumes aip://feature/model-registry/device_type',
    'consumes aip://feature/model-registry/watch_minutes_7d',
    'ownedBy aip://person/registry/ada%40example.com',
    'ownedBy aip://person/registry/grace%40example.com',
    `producedBy ${uris.run}`,
    `versionOf ${uris.model}`,
  ]);
});

it('follows the references to the model, the run, its experiment cell and the experiment', async () => {
  expect((await shown(uris.model)).out).toContain(`servedBy ${uris.version}`);
  expect((await shown(uris.run)).out).toContain(`testedBy ${uris.cell}`);
  expect(await shown(uris.cell)).toMatchObject({ entity: { name: 'new ranker' }, out: [`partOf ${uris.experiment}`] });
  expect((await shown(uris.experiment)).entity).toMatchObject({
    name: 'Homepage ranker v7',
    attributes: { status: 'allocating', hypothesis: 'More rows are watched.' },
  });
  expect(booted.scene.asked.toSorted()).toEqual([...booted.scene.answers.keys()].toSorted());
});

it('shows model, pipeline, owners, features and experiments in the answer to one GraphQL query', async () => {
  // Enrichment infers from what was read that the experiment tests the model.
  await booted.running.later(10);
  const query = `{ model(id: "${uris.model}") { name owners { name } enrichedAt currentInstance { version pipeline { name owners { name } }
    features { edges { node { name data { edges { node { name } } } } } } } associatedAbTests { name cells { number name } } } }`;
  const { status, body } = await booted.ask('POST', '/graphql', { query });
  const feature = (name: string) => ({ node: { name, data: { edges: [] } } });
  expect([status, body]).toEqual([
    200,
    {
      data: {
        model: {
          name: 'homepage-ranker',
          owners: [{ name: 'ada@example.com' }],
          enrichedAt: '2001-01-22T01:00:00.000Z',
          currentInstance: {
            version: '7',
            pipeline: { name: 'train-homepage-ranker', owners: [] },
            features: { edges: [feature('device_type'), feature('watch_minutes_7d')] },
          },
          associatedAbTests: [{ name: 'Homepage ranker v7', cells: [{ number: 2, name: 'new ranker' }] }],
        },
      },
    },
  ]);
});

it('reads once more when it is told again, and says the same', async () => {
  const before = await shown(uris.version);
  await booted.tell({ provider: 'model-registry', type: 'model_instance_updated', id: 'mi-42' });
  expect(booted.scene.asked.filter((path) => path.endsWith('/mi-42'))).toHaveLength(2);
  expect(await shown(uris.version)).toEqual(before);
});

it('retires what the registry no longer has, and nothing that others say', async () => {
  booted.scene.answers.delete('/registry/model-instances/mi-42');
  await booted.tell({ provider: 'model-registry', type: 'model_instance_updated', id: 'mi-42' });
  expect((await shown(uris.version)).entity).toMatchObject({ state: 'tombstone' });
  expect((await shown(uris.run)).out).toContain(`testedBy ${uris.cell}`);
});
