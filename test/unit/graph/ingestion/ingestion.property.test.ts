import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseEntityRef } from '../../../../shared/domain/graph/entity-ref.ts';
import type { Provider } from '../../../../shared/ports/provider.ts';
import { hydrateEntity } from '../../../../shared/use-cases/graph/ingestion/hydrate-entity.ts';
import { startReconcile, stepReconcile } from '../../../../shared/use-cases/graph/ingestion/reconcile-provider.ts';
import { makeStatements } from '../../../../shared/use-cases/graph/make-statements.ts';
import { Crash, crashing } from '../../retraining/crashes.ts';
import { drain, type IngestionWorld, ingestionWorld, oracleOf, reconcileAll, saidBy, tell } from './ingestion-world.ts';
import { madeUpSource } from './made-up-source.ts';

const names = ['warehouse', 'registry-of-data', 'labs'] as const;
const ids = ['a', 'b', 'c'] as const;

type Act = {
  readonly what: 'change' | 'delete' | 'hydrate' | 'reconcile' | 'step';
  readonly provider: (typeof names)[number];
  readonly id: (typeof ids)[number];
  readonly refersTo: readonly [(typeof names)[number], (typeof ids)[number]][];
  readonly isTold: boolean;
  readonly again: number;
  /** How many turns others have before it begins. */
  readonly delay: number;
  /** Number of the call to a port at which the process dies. */
  readonly dies: number | undefined;
};

// Most of it concerns one thing, so that those who work on it meet.
const anyName = fc.constantFrom(names[0], names[0], names[0], ...names);
const anyId = fc.constantFrom(ids[0], ids[0], ids[0], ...ids);
const target = fc.tuple(anyName, anyId);
const act: fc.Arbitrary<Act> = fc.record({
  what: fc.constantFrom('change', 'change', 'delete', 'hydrate', 'hydrate', 'hydrate', 'reconcile', 'step', 'step'),
  provider: anyName,
  id: anyId,
  refersTo: fc.array(target, { maxLength: 2 }),
  isTold: fc.boolean(),
  again: fc.nat(2),
  delay: fc.nat(40),
  dies: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(14) }),
});

function freshWorld(): IngestionWorld {
  const sources = names.map((name, index) => {
    const lists = index === 0 ? 'statements' : 'names';
    return [name, madeUpSource({ platform: name, lists })] as const;
  });
  return ingestionWorld(new Map(sources));
}

function changeSource(world: IngestionWorld, { what, provider, id, refersTo }: Act): void {
  const things = world.sources.get(provider)?.things;
  if (what === 'delete') things?.delete(id);
  else {
    const ends = refersTo.flatMap(([name, of]) => world.sources.get(name)?.uriOf(of) ?? []);
    things?.set(id, { revision: revisions(), refersTo: ends });
  }
}

async function scheduled(scheduler: fc.Scheduler, delay: number, task: () => Promise<void>): Promise<void> {
  for (let turn = 0; turn < delay; turn += 1) await scheduler.schedule(Promise.resolve(), 'waits');
  await task();
}

let revision = 0;
// Never the same twice, so that what is stale shows.
const revisions = () => {
  revision += 1;
  return revision;
};

/** Lets each of the tasks go on by one call at a time, in the order that the scheduler chooses. */
function interleaved<P extends object>(ports: P, scheduler: fc.Scheduler): P {
  const asked = (provider: Provider): Provider => {
    const slow = wrap({ hydrate: provider.hydrate, list: provider.list }) as Pick<Provider, 'hydrate' | 'list'>;
    return { ...provider, hydrate: (...of) => slow.hydrate(...of), list: (...of) => slow.list(...of) };
  };
  const wrap = (port: object): object =>
    new Proxy(port, {
      get: (object, key) => {
        const member: unknown = Reflect.get(object, key);
        if (typeof member !== 'function') return member;
        return async (...parameters: unknown[]) => {
          await scheduler.schedule(Promise.resolve(), `before ${String(key)}`);
          const result: unknown = await Reflect.apply(member, object, parameters);
          await scheduler.schedule(Promise.resolve(), `after ${String(key)}`);
          return isProvider(result) ? asked(result) : result;
        };
      },
    });
  return new Proxy(ports, { get: (object, key) => wrap(Reflect.get(object, key) as object) });
}

function isProvider(value: unknown): value is Provider {
  return typeof value === 'object' && value !== null && 'hydrate' in value;
}

async function perform(world: IngestionWorld, ports: IngestionWorld['ports'], each: Act): Promise<void> {
  const mortal = each.dies === undefined ? ports : crashing(ports, each.dies, each.dies % 2 === 0 ? 'before' : 'after');
  if (each.what === 'change' || each.what === 'delete') {
    changeSource(world, each);
    if (each.isTold) for (let time = 0; time <= each.again; time += 1) tell(world, each.provider, each.id);
  }
  if (each.what === 'hydrate' || each.again < 2) {
    // Empties the queue, so that nothing that comes later covers up what went wrong.
    for (let sent = world.hydrationMessages.shift(); sent !== undefined; sent = world.hydrationMessages.shift())
      if (!(await survives(hydrateEntity(mortal, sent.message, sent.at))))
        return void world.hydrationMessages.push(sent);
  }
  if (each.what === 'reconcile') {
    await survives(
      startReconcile(mortal, each.provider, { startedBy: 'ada', isForced: each.isTold, now: world.now() }),
    );
  } else if (each.what === 'step') {
    const sent = world.reconcileMessages.shift();
    if (sent === undefined) return;
    const survived = await survives(
      stepReconcile(mortal, sent.message, { now: world.now(), hasTime: () => each.again > 0 }),
    );
    if (!survived) world.reconcileMessages.push(sent);
  }
}

async function survives(task: Promise<unknown>): Promise<boolean> {
  try {
    await task;
    return true;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (error instanceof Crash || name === 'VersionConflict' || name === 'CircuitOpen') return false;
    throw error;
  }
}

const foreign = {
  subject: 'aip://dataset/warehouse/a',
  edges: [{ type: 'ownedBy', to: 'aip://team/registry/x' }],
} as const;

async function check(world: IngestionWorld): Promise<void> {
  for (const name of names) expect(await saidBy(world, name)).toEqual(oracleOf(world, name));
  const others = (await world.ports.graph.about(foreign.subject)).filter(({ streamId }) =>
    streamId.endsWith(' somebody'),
  );
  expect(others.map(({ contribution }) => contribution.claims.map(({ validTo }) => validTo))).toEqual([[undefined]]);
}

it('says what every source says, whatever is interleaved, told twice, lost or interrupted, once all were reconciled', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), fc.scheduler(), async (acts, scheduler) => {
      const world = freshWorld();
      const now = world.now();
      await makeStatements(world.ports.graph, { provider: 'somebody', statements: [foreign], now });
      const ports = interleaved(world.ports, scheduler);
      await scheduler.waitFor(
        Promise.all(acts.map((each) => scheduled(scheduler, each.delay, () => perform(world, ports, each)))),
      );
      await drain(world);
      await reconcileAll(world);
      await check(world);
    }),
    { numRuns: 120, seed: 7 },
  );
});

it('needs no reconcile when every change was told, in whatever order and however often', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), fc.scheduler(), async (acts, scheduler) => {
      const world = freshWorld();
      const ports = interleaved(world.ports, scheduler);
      const told = acts.map((each) => ({ ...each, isTold: each.what !== 'reconcile', dies: undefined }));
      await scheduler.waitFor(
        Promise.all(told.map((each) => scheduled(scheduler, each.delay, () => perform(world, ports, each)))),
      );
      await drain(world);
      for (const name of names) expect(await saidBy(world, name)).toEqual(oracleOf(world, name));
      for (const { streamId } of (await world.ports.graph.all()).contributions)
        expect(() => parseEntityRef(streamId.split(' ')[0] ?? '')).not.toThrow();
    }),
    { numRuns: 120, seed: 11 },
  );
});

it('keeps what was read last when several read the same thing at a time, and a listing beside them', async () => {
  const delays = fc.array(fc.nat(15), { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(delays, fc.nat(15), fc.scheduler(), async (waits, listsAfter, scheduler) => {
      const world = freshWorld();
      const ports = interleaved(world.ports, scheduler);
      const base = { provider: names[0], id: ids[0], refersTo: [], again: 0, dies: undefined, isTold: true } as const;
      const acts: readonly Act[] = [
        ...waits.map((delay): Act => ({ ...base, what: 'change', delay })),
        { ...base, what: 'reconcile', again: 2, delay: 0 },
        { ...base, what: 'step', again: 2, delay: listsAfter },
      ];
      await scheduler.waitFor(
        Promise.all(acts.map((each) => scheduled(scheduler, each.delay, () => perform(world, ports, each)))),
      );
      await drain(world);
      expect(await saidBy(world, names[0])).toEqual(oracleOf(world, names[0]));
    }),
    { numRuns: 300, seed: 5 },
  );
});
