import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryRebuildStore } from '../../../shared/adapters/memory/memory-rebuild-store.ts';
import { createMemoryWorkflowEngine } from '../../../shared/adapters/memory/memory-workflow-engine.ts';
import type { Adjacency } from '../../../shared/domain/graph/adjacency.ts';
import { modelUri } from '../../../shared/domain/graph/entities.ts';
import { type GraphPorts, projectStream } from '../../../shared/use-cases/graph/project-stream.ts';
import { failRebuild, startRebuild, stepRebuild } from '../../../shared/use-cases/graph/rebuild-graph.ts';
import { sweepGraph } from '../../../shared/use-cases/graph/sweep-graph.ts';
import { createStoredView } from '../../support/stored-view.ts';
import { ada } from '../registry/registry-world.ts';
import { commitOf, createGraphWorld, type History, histories, minute, streamIds } from './histories.ts';

type World = ReturnType<typeof createGraphWorld>;
const now = minute(100);

class Killed extends Error {}

type Call = (...given: unknown[]) => Promise<unknown>;

/** Every port call is a moment at which the process may die, before it or right after it. */
function killedAt(ports: World, calls: number): GraphPorts {
  let left = calls;
  const mayDie = () => {
    left -= 1;
    if (left === 0) throw new Killed();
  };
  const dying = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const call = Reflect.get(target, name) as Call;
        return async (...given: unknown[]) => {
          mayDie();
          const answer = await call(...given);
          mayDie();
          return answer;
        };
      },
    });
  return { events: dying(ports.events), graph: dying(ports.graph), database: dying(ports.database) };
}

async function appendNext({ events }: World, history: History, streamId: string): Promise<boolean> {
  const version = ((await events.head(streamId))?.version ?? 0) + 1;
  const commit = commitOf(history, streamId, version);
  if (commit !== undefined) await events.append([commit]);
  return commit !== undefined;
}

async function appendAll(world: World, history: History): Promise<void> {
  for (const streamId of streamIds) while (await appendNext(world, history, streamId));
}

/** What is in the graph, however it came there. */
async function graphOf({ graph, database }: World) {
  const { contributions } = await graph.all();
  const sorted = contributions.toSorted((a, b) => (a.streamId < b.streamId ? -1 : 1));
  const roots = ['basic', 'live', 'crew'].map(modelUri);
  return {
    said: sorted.map(({ streamId, version, appliedVersion, contribution }) => ({
      streamId,
      version,
      appliedVersion,
      contribution,
    })),
    counts: await database.count(),
    upstream: await Promise.all(roots.map((root) => database.reach({ root, direction: 'upstream', depth: 5 }))),
    downstream: await Promise.all(roots.map((root) => database.reach({ root, direction: 'downstream', depth: 5 }))),
  };
}

/** The graph after every stream was projected once, in order, with nothing going wrong. */
async function oracle(history: History) {
  const world = createGraphWorld();
  await appendAll(world, history);
  for (const streamId of streamIds) await projectStream(world, streamId, now);
  return { world, graph: await graphOf(world) };
}

const steps = fc.array(
  fc.record({
    streamId: fc.constantFrom(...streamIds),
    does: fc.constantFrom('append', 'append', 'append', 'hint', 'hint', 'kill', 'sweep'),
    kills: fc.integer({ min: 1, max: 12 }),
  }),
  { maxLength: 120 },
);
type Steps = typeof steps extends fc.Arbitrary<infer T> ? T : never;

async function play(world: World, history: History, script: Steps): Promise<void> {
  for (const { streamId, does, kills } of script) {
    if (does === 'append') await appendNext(world, history, streamId);
    else if (does === 'sweep') await sweepGraph(world, now, fail);
    else if (does === 'hint') await projectStream(world, streamId, now);
    else await projectStream(killedAt(world, kills), streamId, now).catch(expectKilled);
  }
}

function fail(_streamId: string, error: unknown): void {
  throw error;
}

function expectKilled(error: unknown): void {
  expect(error).toBeInstanceOf(Killed);
}

describe('the projection', () => {
  it('gives one graph, however hints come, come twice or get lost, wherever it dies, once it was swept', async () => {
    await fc.assert(
      fc.asyncProperty(histories, steps, async (history, script) => {
        const world = createGraphWorld();
        await play(world, history, script);
        await appendAll(world, history);
        await sweepGraph(world, now, fail);
        expect(await graphOf(world)).toEqual((await oracle(history)).graph);
      }),
      { numRuns: 60 },
    );
  });

  it('has nothing to do after a sweep', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const world = createGraphWorld();
        await appendAll(world, history);
        expect((await sweepGraph(world, now, fail)).behind).toBe(streamIds.length);
        expect(await sweepGraph(world, now, fail)).toEqual({ streams: streamIds.length, behind: 0 });
      }),
      { numRuns: 20 },
    );
  });

  it('shows a reader who stays what one sees who starts afresh, at any moment', async () => {
    await fc.assert(
      fc.asyncProperty(histories, steps, async (history, script) => {
        const world = createGraphWorld();
        const view = createStoredView(world.graph);
        await view();
        for (const part of [script.slice(0, script.length / 2), script.slice(script.length / 2)]) {
          await play(world, history, part);
          const [kept, fresh] = [await view(), await createStoredView(world.graph)()];
          for (const root of ['basic', 'live', 'crew'].map(modelUri))
            expect(dependants(kept, root)).toEqual(dependants(fresh, root));
        }
      }),
      { numRuns: 30 },
    );
  });
});

function dependants(graph: Adjacency, root: string) {
  return [...graph.claimsTo(root)].map(({ from, validFrom, validTo }) => [from, validFrom, validTo].join()).toSorted();
}

describe('a rebuild', () => {
  const rebuildPorts = (world: World) => ({
    ...world,
    rebuilds: createMemoryRebuildStore(),
    workflows: createMemoryWorkflowEngine(),
  });

  it('is joined by whoever asks while it runs, and followed by another once it has ended', async () => {
    const ports = rebuildPorts(createGraphWorld());
    const first = await startRebuild(ports, { actor: ada, now });
    expect(await startRebuild(ports, { actor: ada, now })).toEqual(first);
    while ((await stepRebuild(ports, first.rebuildId, now)).status !== 'succeeded');
    const second = await startRebuild(ports, { actor: ada, now });
    expect([first.rebuildId, second.rebuildId]).toEqual(['rebuild-1', 'rebuild-2']);
    expect([...ports.workflows.executions.keys()]).toEqual(['rebuildGraph/rebuild-1-1', 'rebuildGraph/rebuild-2-1']);
  });

  it('that nobody has taken further for an hour is begun anew where it stands', async () => {
    const ports = rebuildPorts(createGraphWorld());
    await startRebuild(ports, { actor: ada, now });
    expect(await startRebuild(ports, { actor: ada, now: minute(161) })).toMatchObject({
      rebuildId: 'rebuild-1',
      attempt: 2,
    });
  });

  it('equals the incremental projection and finds nothing to correct', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const { world, graph } = await oracle(history);
        const ports = rebuildPorts(world);
        let rebuild = await startRebuild(ports, { actor: ada, now });
        while (rebuild.status !== 'succeeded') rebuild = await stepRebuild(ports, rebuild.rebuildId, now);
        expect(rebuild).toMatchObject({ models: 3, streams: streamIds.length, corrected: 0 });
        expect(rebuild.counted?.database).toEqual(rebuild.counted?.table);
        expect(await graphOf(world)).toEqual(graph);
      }),
      { numRuns: 30 },
    );
  });

  it('makes good what was lost or wrong, though it dies and is resumed', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
        async (history, deaths) => {
          const { world, graph } = await oracle(history);
          const [wrong, other] = [await world.graph.get('model#basic'), await world.graph.get('model#live')];
          await world.graph.put({
            ...wrong!,
            contribution: other!.contribution,
            expectedRevision: wrong!.revision,
            isChanged: true,
            now,
          });
          const ports = rebuildPorts(world);
          let rebuild = await startRebuild(ports, { actor: ada, now });
          for (const calls of deaths) {
            await stepRebuild({ ...ports, ...killedAt(world, calls) }, rebuild.rebuildId, now).catch(expectKilled);
            await failRebuild(ports.rebuilds, rebuild.rebuildId, now);
            rebuild = await startRebuild(ports, { actor: ada, now });
          }
          while (rebuild.status !== 'succeeded') rebuild = await stepRebuild(ports, rebuild.rebuildId, now);
          expect(await graphOf(world)).toEqual(graph);
        },
      ),
      { numRuns: 30 },
    );
  });
});
