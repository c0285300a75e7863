import { afterAll, describe, expect, it } from 'vitest';
import { createBoundedJsonata } from '../../../../shared/adapters/providers/bounded-jsonata.ts';
import { createHttpProvider } from '../../../../shared/adapters/providers/http/http-provider.ts';
import { httpConfigurationSchema } from '../../../../shared/domain/graph/ingestion/provider-configuration.ts';
import type { Reconcile } from '../../../../shared/domain/graph/ingestion/reconcile.ts';
import { startReconcile, stepReconcile } from '../../../../shared/use-cases/graph/ingestion/reconcile-provider.ts';
import { makeStatements } from '../../../../shared/use-cases/graph/make-statements.ts';
import { ingestionWorld, saidBy } from './ingestion-world.ts';

const provider = 'warehouse';
const mapping = createBoundedJsonata();
afterAll(() => mapping.close());

const datasets = ['a', 'b', 'c', 'd'].map((id) => `aip://dataset/warehouse/${id}`);
const features = Array.from({ length: 12 }, (_, index) => `aip://feature/warehouse/f${index}`);

/** Of a source that has datasets `a` to `c` and that lists datasets, or nothing at all. */
async function reconcile(listed: { readonly datasets: boolean }, isForced = false) {
  const world = ingestionWorld(new Map());
  const kind = (type: string) => ({ type, hydrate: { path: `/${type}/{id}`, statement: '{"name": name}' } });
  const list = listed.datasets ? { list: { path: '/datasets', id: 'id' } } : {};
  const configuration = httpConfigurationSchema.parse({
    kind: 'http',
    baseUrl: 'https://warehouse.invalid',
    entities: [{ ...kind('dataset'), ...list }, kind('feature')],
  });
  const get = async (path: string) => {
    const body = path === '/datasets' ? ['a', 'b', 'c'].map((id) => ({ id })) : { name: path };
    return { isFound: true, body, headers: {} };
  };
  const source = createHttpProvider({ provider, configuration, get, mapping });
  const ports = { ...world.ports, providers: { find: async () => source, ofPlatform: async () => provider } };
  const statements = [...datasets, ...features].map((subject) => ({ subject, description: {}, edges: [] }));
  await makeStatements(world.ports.graph, { provider, statements, now: world.now() });
  await startReconcile(ports, provider, { startedBy: 'ada', isForced, now: world.now() });
  const limits = { now: world.now(), hasTime: () => true };
  const ended = await stepReconcile(ports, { provider, generation: 1 }, limits);
  const left = (await saidBy(world, provider)).map(([streamId]) => streamId.split(' ')[0]);
  return { ended: ended as Reconcile, left };
}

describe('a reconcile of a source with kinds that it does not list', () => {
  it('retires what is missing of a kind that is listed, and nothing of one that is not', async () => {
    const { ended, left } = await reconcile({ datasets: true });
    expect(ended).toMatchObject({ status: 'succeeded', counts: { retired: 1 }, notCompared: features.length });
    expect(left).toEqual([...datasets.slice(0, 3), ...features.toSorted()]);
  });

  it.each([false, true])('retires nothing and is not held where no kind is listed (forced: %s)', async (isForced) => {
    const { ended, left } = await reconcile({ datasets: false }, isForced);
    expect(ended).toMatchObject({ status: 'succeeded', counts: { listed: 0, retired: 0 }, notCompared: 16 });
    expect(left).toHaveLength(16);
  });
});
