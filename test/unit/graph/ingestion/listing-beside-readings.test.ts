import { expect, it } from 'vitest';
import type { Provider } from '../../../../shared/ports/provider.ts';
import { hydrateEntity } from '../../../../shared/use-cases/graph/ingestion/hydrate-entity.ts';
import { startReconcile, stepReconcile } from '../../../../shared/use-cases/graph/ingestion/reconcile-provider.ts';
import { drain, ingestionWorld, oracleOf, reconcileAll, saidBy } from './ingestion-world.ts';
import { type MadeUpSource, madeUpSource } from './made-up-source.ts';

const provider = 'warehouse';
const subject = 'aip://dataset/warehouse/a';

async function stored(source: MadeUpSource) {
  for (const id of ['a', 'b', 'c']) source.things.set(id, { revision: 1, refersTo: [] });
  const world = ingestionWorld(new Map([[provider, source]]));
  await reconcileAll(world);
  const readThing = async () => {
    const request = { provider, type: 'dataset', id: 'a', depth: 0, attempt: 0 };
    await hydrateEntity(world.ports, request, world.now());
  };
  const reconcile = async (ports: typeof world.ports) => {
    const { generation } = await startReconcile(ports, provider, {
      startedBy: 'ada',
      isForced: true,
      now: world.now(),
    });
    world.reconcileMessages.length = 0;
    await stepReconcile(ports, { provider, generation }, { now: world.now(), hasTime: () => true });
  };
  return { world, readThing, reconcile };
}

/** Calls `meanwhile` once, when the answer to a call has been given and nobody has seen it. */
function afterFirst<A extends readonly unknown[], T>(call: (...of: A) => Promise<T>, meanwhile: () => Promise<void>) {
  let isFirst = true;
  return async (...of: A): Promise<T> => {
    const answer = await call(...of);
    const goesFirst = isFirst;
    isFirst = false;
    if (goesFirst) await meanwhile();
    return answer;
  };
}

it.each(['statements', 'names'] as const)(
  'a listing of %s that is written after what somebody read later has it read again',
  async (lists) => {
    const source = madeUpSource({ platform: provider, lists });
    const { world, readThing, reconcile } = await stored(source);
    source.things.set('a', { revision: 2, refersTo: [] });
    const meanwhile = async () => {
      source.things.set('a', { revision: 3, refersTo: [] });
      await readThing();
    };
    const late: Provider =
      lists === 'statements'
        ? { ...source.provider, list: afterFirst(source.provider.list, meanwhile) }
        : { ...source.provider, hydrate: afterFirst(source.provider.hydrate, meanwhile) };
    // Who reads meanwhile asks the source itself.
    await reconcile({ ...world.ports, providers: { ...world.ports.providers, find: async () => late } });
    await drain(world);
    expect(await saidBy(world, provider)).toEqual(oracleOf(world, provider));
  },
);

it('retiring what somebody read to be there again has it read again', async () => {
  const source = madeUpSource({ platform: provider });
  const { world, readThing, reconcile } = await stored(source);
  source.things.delete('a');
  const meanwhile = async () => {
    source.things.set('a', { revision: 2, refersTo: [] });
    await readThing();
  };
  // What was read since the listing began is looked up right before what is missing is retired.
  const find = afterFirst(
    async (of: string, subjects: readonly string[]) => world.ports.hydrations.find(of, subjects),
    meanwhile,
  );
  const hydrations = {
    ...world.ports.hydrations,
    find: (of: string, subjects: readonly string[]) =>
      subjects.includes(subject) ? find(of, subjects) : world.ports.hydrations.find(of, subjects),
  };
  await reconcile({ ...world.ports, hydrations });
  await drain(world);
  expect(await saidBy(world, provider)).toEqual(oracleOf(world, provider));
});
