import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryEnrichmentProgress } from '../../../../shared/adapters/memory/memory-enrichment-progress.ts';
import { createMemoryGraphStore } from '../../../../shared/adapters/memory/memory-graph-store.ts';
import { createMemoryHydrationRequests } from '../../../../shared/adapters/memory/memory-hydration-requests.ts';
import { createMemoryOverrideExpiries } from '../../../../shared/adapters/memory/memory-override-expiries.ts';
import { createAdjacency } from '../../../../shared/domain/graph/adjacency.ts';
import { inferFrom, isMaterialized } from '../../../../shared/domain/graph/enrichment/infer.ts';
import { overrideProvider } from '../../../../shared/domain/graph/enrichment/override.ts';
import { enrichmentProvider } from '../../../../shared/domain/graph/enrichment/rule.ts';
import { createRuleGraph } from '../../../../shared/domain/graph/enrichment/rule-graph.ts';
import { partsOfContributionId, type Statement } from '../../../../shared/domain/graph/provider-contribution.ts';
import { toInstant } from '../../../../shared/domain/time.ts';
import { type EnrichmentPorts, enrichGraph } from '../../../../shared/use-cases/graph/enrich-graph.ts';
import { makeStatements } from '../../../../shared/use-cases/graph/make-statements.ts';
import { createStoredView } from '../../../support/stored-view.ts';
import { statements } from './drawn-graph.ts';

const minute = (i: number) => toInstant(Date.parse('2001-01-22T00:00:00.000Z') + i * 60_000);

class Killed extends Error {}

function createWorld() {
  const graph = createMemoryGraphStore();
  const ports = {
    graph,
    progress: createMemoryEnrichmentProgress(),
    expiries: createMemoryOverrideExpiries(),
    hydration: createMemoryHydrationRequests(),
  };
  return { ...ports, view: createStoredView(graph) } satisfies EnrichmentPorts;
}
type World = ReturnType<typeof createWorld>;

/** Every call of a port is a moment at which the process may die, before it or right after it. */
function killedAt(world: World, calls: number): EnrichmentPorts {
  let left = calls;
  const mayDie = () => {
    left -= 1;
    if (left === 0) throw new Killed();
  };
  const dying = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const call = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
        return async (...given: unknown[]) => {
          mayDie();
          const answer = await call(...given);
          mayDie();
          return answer;
        };
      },
    });
  const graph = dying(world.graph);
  return {
    graph,
    view: createStoredView(graph),
    progress: dying(world.progress),
    expiries: dying(world.expiries),
    hydration: dying(world.hydration),
  };
}

const steps = fc.array(
  fc.record({
    provider: fc.constantFrom('dbt', 'metaflow'),
    said: statements,
    part: fc.integer({ min: 1, max: 12 }),
    does: fc.constantFrom('say', 'say', 'say', 'retire', 'suppress', 'enrich', 'hurry', 'kill', 'twice'),
    entitiesAtOnce: fc.constantFrom(1, 3, 2_000),
    kills: fc.integer({ min: 1, max: 25 }),
  }),
  { minLength: 1, maxLength: 14 },
);
type Step = typeof steps extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

async function play(
  world: World,
  { provider, said, part, does, entitiesAtOnce, kills }: Step,
  now: string,
): Promise<void> {
  const some = said.filter((_, index) => index % part === 0);
  if (does === 'say') await makeStatements(world.graph, { provider, statements: some, now });
  else if (does === 'retire')
    await makeStatements(world.graph, { provider, retired: some.map(({ subject }) => subject), now });
  else if (does === 'suppress')
    await makeStatements(world.graph, { provider: overrideProvider, statements: some.map(suppressing), now });
  else if (does === 'enrich') await enrichGraph(world, now);
  else if (does === 'hurry') {
    let left = 2;
    const hasTime = () => {
      left -= 1;
      return left >= 0;
    };
    await enrichGraph(world, now, { hasTime, entitiesAtOnce });
  } else if (does === 'twice')
    await Promise.all([enrichGraph({ ...world, view: createStoredView(world.graph) }, now), enrichGraph(world, now)]);
  else
    await enrichGraph(killedAt(world, kills), now, { entitiesAtOnce }).catch((error: unknown) => {
      expect(error).toBeInstanceOf(Killed);
    });
}

const suppressing = ({ subject, edges }: Statement): Statement => ({
  subject,
  edges: edges.map((edge) => ({ ...edge, provenance: 'override', claimant: 'ada', suppresses: true })),
});

/** What inference has written and holds at present. */
async function inferredIn({ graph }: World) {
  const { contributions } = await graph.all();
  return contributions
    .filter(({ streamId }) => partsOfContributionId(streamId)?.provider === enrichmentProvider)
    .flatMap(({ contribution }) => contribution.claims.filter(({ validTo }) => validTo === undefined))
    .map(({ from, type, to, confidence, evidence }) => ({ from, type, to, confidence, evidence }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** What the rules say of everything, with nothing known of before. */
async function inferredAfresh({ graph }: World) {
  const adjacency = createAdjacency();
  for (const { streamId, contribution } of (await graph.all()).contributions) adjacency.replace(streamId, contribution);
  const rules = createRuleGraph(adjacency);
  return [...adjacency.uris()]
    .flatMap((uri) => inferFrom(rules, uri).filter(isMaterialized))
    .map(({ from, type, to, confidence, evidence }) => ({ from, type, to, confidence, evidence }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

describe('inference', () => {
  it('gives what the rules say of the graph as it is, whatever happened, and wherever it died, once it has settled', async () => {
    let inferred = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const world = createWorld();
        for (const [index, step] of script.entries()) await play(world, step, minute(index * 4));
        // Nobody looks at everything in between: what has changed must be enough.
        const settled = await enrichGraph(world, minute(script.length * 4 + 11));
        expect(settled.outcome).toBe('done');
        const found = await inferredIn(world);
        expect(found).toEqual(await inferredAfresh(world));
        inferred += found.length;
        expect((await enrichGraph(world, minute(script.length * 4 + 22))).changed).toBe(0);
        const everything = await enrichGraph(world, minute(script.length * 4 + 22 + 1_440));
        expect([everything.changed, await inferredIn(world)]).toEqual([0, found]);
      }),
      { numRuns: 150, seed: 11 },
    );
    expect(inferred).toBeGreaterThan(500);
  }, 60_000);

  it('asks for what is mentioned and not known, and not for what is', async () => {
    const world = createWorld();
    const [known, unknown] = ['aip://dataset/dbt/orders', 'aip://dataset/dbt/raw'];
    const said = { subject: known, description: {}, edges: [{ type: 'derivedFrom' as const, to: unknown }] };
    await makeStatements(world.graph, { provider: 'dbt', statements: [said], now: minute(0) });
    expect((await enrichGraph(world, minute(1))).unresolved).toBe(1);
    expect([...world.hydration.requested]).toEqual([unknown]);
  });

  it('leaves the work to the run that has it, and takes it over from one that is gone', async () => {
    const world = createWorld();
    await makeStatements(world.graph, {
      provider: 'dbt',
      statements: [{ subject: 'aip://dataset/dbt/orders', description: {}, edges: [] }],
      now: minute(0),
    });
    await expect(enrichGraph(killedAt(world, 9), minute(1))).rejects.toThrow(Killed);
    expect((await enrichGraph(world, minute(11))).outcome).toBe('busy');
    expect((await enrichGraph(world, minute(12))).outcome).toBe('done');
  });

  it('goes on where its time was over, and looks at all of it once', async () => {
    const world = createWorld();
    const statements = Array.from({ length: 10 }, (_, i) => ({
      subject: `aip://dataset/dbt/${i}`,
      description: {},
      edges: [],
    }));
    await makeStatements(world.graph, { provider: 'dbt', statements, now: minute(0) });
    const hurried = async (at: number) => {
      let parts = 2;
      const hasTime = () => {
        parts -= 1;
        return parts >= 0;
      };
      const { outcome, lookedAt, changed } = await enrichGraph(world, minute(at), { hasTime, entitiesAtOnce: 3 });
      return [outcome, lookedAt, changed];
    };
    expect([await hurried(1), await hurried(2)]).toEqual([
      ['partly', 6, 6],
      ['partly', 4, 4],
    ]);
    expect((await hurried(3))[0]).toBe('done');
  });

  it('looks at everything once a day, though nothing has changed', async () => {
    const world = createWorld();
    await makeStatements(world.graph, {
      provider: 'dbt',
      statements: [{ subject: 'aip://dataset/dbt/orders', description: {}, edges: [] }],
      now: minute(0),
    });
    const lookedAt = async (at: number) => (await enrichGraph(world, minute(at))).lookedAt;
    expect([await lookedAt(1), await lookedAt(6), await lookedAt(1_439), await lookedAt(1_441)]).toEqual([1, 0, 0, 1]);
  });
});

describe('an inferred edge', () => {
  const version = 'aip://model-version/dbt/1';
  const artifact = 'aip://artifact/dbt/1';
  const say = (world: World, subject: string, digest: string, now: string) =>
    makeStatements(world.graph, {
      provider: 'dbt',
      statements: [{ subject, description: { attributes: { digest } }, edges: [] }],
      now,
    });

  it('ends when the value it rests on changes at the other end alone', async () => {
    const world = createWorld();
    await enrichGraph(world, minute(0));
    await say(world, version, 'x', minute(1));
    await say(world, artifact, 'x', minute(1));
    await enrichGraph(world, minute(5));
    expect(await inferredIn(world)).toMatchObject([{ from: version, type: 'derivedFrom', to: artifact }]);
    await say(world, artifact, 'y', minute(6));
    await enrichGraph(world, minute(10));
    expect(await inferredIn(world)).toEqual([]);
  });

  it('is marked with when inference looked, again when what it looks at is hydrated anew', async () => {
    const world = createWorld();
    const marks = async () => (await world.view()).descriptions(version).map(({ entity }) => entity.enrichedAt);
    await say(world, version, 'x', minute(1));
    await enrichGraph(world, minute(5));
    await enrichGraph(world, minute(10));
    expect(await marks()).toEqual([undefined, minute(5)]);
    await say(world, version, 'y', minute(11));
    await enrichGraph(world, minute(15));
    expect(await marks()).toEqual([undefined, minute(15)]);
  });
});

describe('an override that expires', () => {
  const [from, to] = ['aip://dataset/dbt/orders', 'aip://dataset/dbt/raw'];

  it('ends as of when it was to end, however late that is noticed, and others of the same entity go on', async () => {
    const world = createWorld();
    const stated = { type: 'derivedFrom' as const, provenance: 'override' as const, claimant: 'ada' };
    const edges = [
      { ...stated, to, suppresses: true as const, expiresAt: minute(30) },
      { ...stated, to: 'aip://dataset/dbt/other', expiresAt: minute(90) },
    ];
    for (const expiresAt of [minute(30), minute(90)]) await world.expiries.note({ subject: from, expiresAt });
    await makeStatements(world.graph, {
      provider: overrideProvider,
      statements: [{ subject: from, edges }],
      now: minute(1),
    });
    expect((await enrichGraph(world, minute(29))).expired).toBe(0);
    await expect(enrichGraph(killedAt(world, 9), minute(40))).rejects.toThrow(Killed);
    await enrichGraph(world, minute(60));
    const [stored] = await world.graph.about(from);
    expect(stored?.contribution.claims.map((claim) => [claim.to, claim.validTo])).toEqual([
      [to, minute(30)],
      ['aip://dataset/dbt/other', undefined],
    ]);
    expect(await world.expiries.due(minute(80))).toEqual([]);
  });
});
