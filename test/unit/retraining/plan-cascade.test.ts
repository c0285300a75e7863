import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCascadeGraph } from '../../../shared/domain/retraining/cascade/cascade-graph.ts';
import type { CascadePlan, CascadeRequest } from '../../../shared/domain/retraining/cascade/cascade-plan.ts';
import { planCascade } from '../../../shared/domain/retraining/cascade/plan-cascade.ts';
import { createOffPeak } from '../../../shared/domain/retraining/queue/off-peak.ts';
import { toMillis } from '../../../shared/domain/time.ts';
import { requestOf, requests } from './cascades.ts';

const wavesOf = ({ retrains }: CascadePlan) => retrains.map(({ modelId, wave }) => `${modelId}${wave}`);

describe('planCascade', () => {
  it('retrains a dependant once, after all that it depends on', () => {
    const plan = planCascade(
      requestOf(
        [
          ['b', 'a'],
          ['c', 'a'],
          ['d', 'b'],
          ['d', 'c'],
          ['d', 'a'],
        ],
        ['a'],
      ),
    );
    expect(wavesOf(plan)).toEqual(['b1', 'c1', 'd2']);
    expect(plan.retrains.map(({ startsAt }) => startsAt)).toEqual([
      '2026-03-02T16:00:00.000Z',
      '2026-03-02T16:00:00.000Z',
      // 60 minutes of training, 30 of rollout, and the cooldown.
      '2026-03-02T21:30:00.000Z',
    ]);
    expect(plan.cost).toEqual({ known: 30, unknown: 0 });
    expect(plan.endsAt).toBe('2026-03-02T23:00:00.000Z');
  });

  it('walks through features without a wave for them', () => {
    const plan = planCascade(
      requestOf(
        [
          ['feature/x', 'a'],
          ['b', 'feature/x'],
        ],
        ['a'],
      ),
    );
    expect(wavesOf(plan)).toEqual(['b1']);
  });

  it('cuts a cycle where it closes and says so', () => {
    const plan = planCascade(
      requestOf(
        [
          ['b', 'a'],
          ['c', 'b'],
          ['b', 'c'],
        ],
        ['a'],
      ),
    );
    expect(wavesOf(plan)).toEqual(['b1', 'c2']);
    expect(plan.cycles).toEqual([
      {
        members: ['b', 'c'],
        cuts: [{ dependant: 'b', dependency: 'c', reason: expect.stringContaining('c depends on b in turn') }],
      },
    ]);
  });

  it('never retrains what was promoted, though it depends on what retrains', () => {
    const plan = planCascade(
      requestOf(
        [
          ['b', 'a'],
          ['a', 'b'],
        ],
        ['a'],
      ),
    );
    expect(wavesOf(plan)).toEqual(['b1']);
    expect(plan.cycles[0]?.members).toEqual(['a', 'b']);
  });

  it('looks past a vetoed model, but not past a retired one', () => {
    const edges = [
      ['b', 'a'],
      ['c', 'b'],
    ] as const;
    const vetoed = planCascade(requestOf(edges, ['a'], { models: { b: { cascade: { isOn: true, veto: 'audit' } } } }));
    expect(wavesOf(vetoed)).toEqual(['c1']);
    expect(vetoed.excluded).toEqual([{ modelId: 'b', reason: 'vetoed', detail: 'audit' }]);
    const retired = planCascade(requestOf(edges, ['a'], { models: { b: { lifecycle: 'retired' } } }));
    expect(wavesOf(retired)).toEqual([]);
    expect(retired.excluded).toEqual([{ modelId: 'b', reason: 'retired', detail: 'the model is retired' }]);
    expect(retired).not.toHaveProperty('endsAt');
  });

  it('runs more than the blast radius in batches off peak', () => {
    const edges = ['b', 'c', 'd'].map((name) => [name, 'a'] as const);
    const blastRadius = {
      dependants: 2,
      batchSize: 2,
      window: { from: '22:00', to: '06:00', timeZone: 'Europe/Berlin' },
    };
    const plan = planCascade(requestOf(edges, ['a'], { rules: { blastRadius } }));
    expect(plan.blastRadius).toEqual({ retrains: 3, limit: 2, isExceeded: true });
    expect(plan.retrains.map(({ batch, startsAt }) => [batch, startsAt])).toEqual([
      [1, '2026-03-02T21:00:00.000Z'],
      [1, '2026-03-02T21:00:00.000Z'],
      [2, '2026-03-02T22:00:00.000Z'],
    ]);
  });

  it('says which retrains never start, and counts costs that nobody knows', () => {
    const plan = planCascade(
      requestOf([['b', 'a']], ['a'], {
        models: { b: { expectedCost: null } },
        rules: { perTeam: { each: 1, exceptions: { flights: 0 } } },
      }),
    );
    expect(plan.retrains).toEqual([{ modelId: 'b', team: 'flights', tier: 2, wave: 1, cost: null }]);
    expect(plan.costByTeam).toEqual({ flights: { known: 0, unknown: 1 } });
    expect(plan).not.toHaveProperty('endsAt');
  });

  it('has every dependant that a naive search finds, planned or excluded, once', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const plan = planCascade(request);
        const found = [...plan.retrains, ...plan.excluded].map(({ modelId }) => modelId);
        expect(found.toSorted()).toEqual([...naiveDependants(request)].toSorted());
      }),
      { numRuns: 300 },
    );
  });

  it('cuts nothing without a cycle, and leaves no cycle', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const cuts = new Set(
          planCascade(request).cycles.flatMap((cycle) => cycle.cuts.map((cut) => `${cut.dependant} ${cut.dependency}`)),
        );
        const reached = naiveReach(request);
        const all = edgesOf(request).filter(([from, to]) => reached.has(from) && reached.has(to));
        const kept = all.filter(([from, to]) => !cuts.has(`${from} ${to}`));
        expect(hasCycle(kept)).toBe(false);
        expect(cuts.size > 0).toBe(hasCycle(all));
        const roots = request.promoted.map((node) => request.nodes[node]!.uri);
        expect(reachOf(kept, roots)).toEqual(reached);
        for (const cut of cuts) {
          const [dependant, dependency] = cut.split(' ') as [string, string];
          expect(dependant === dependency || leadsTo(all, dependency, dependant)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('retrains everything after what it waits for, and keeps every limit', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const plan = planCascade(request);
        const planned = new Map(plan.retrains.map((retrain) => [retrain.modelId, retrain]));
        const cuts = new Set(
          plan.cycles.flatMap((cycle) => cycle.cuts.map((cut) => `${cut.dependant} ${cut.dependency}`)),
        );
        const reached = naiveReach(request);
        const kept = edgesOf(request).filter(
          ([from, to]) => reached.has(from) && reached.has(to) && !cuts.has(`${from} ${to}`),
        );
        for (const { modelId, wave, startsAt } of plan.retrains) {
          for (const upstream of plannedUpstreams(request, kept, modelId, planned)) {
            expect(planned.get(upstream)!.wave).toBeLessThan(wave);
            const waitedMillis = toMillis(startsAt!) - toMillis(planned.get(upstream)!.promotedAt!);
            expect(waitedMillis).toBeGreaterThanOrEqual(request.rules.cooldownMinutes * 60_000);
          }
        }
        keepsLimits(request, plan);
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order in which the dependencies are told', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const numberOf = new Map(request.nodes.map(({ uri }, node) => [uri, node]));
        const edges = edgesOf(request).toReversed();
        const graph = createCascadeGraph(request.nodes.length, {
          dependantOf: Int32Array.from(edges, ([dependant]) => numberOf.get(dependant)!),
          dependencyOf: Int32Array.from(edges, ([, dependency]) => numberOf.get(dependency)!),
        });
        expect(planCascade({ ...request, graph })).toEqual(planCascade(request));
      }),
    );
  });

  it('bears a cycle longer than the call stack', () => {
    const name = (index: number) => `m${String(index).padStart(6, '0')}`;
    const edges = Array.from({ length: 12_000 }, (_, index) => [name(index + 1), name(index)] as const);
    const plan = planCascade(requestOf([...edges, [name(0), name(12_000)]], [name(0)]));
    expect(plan.retrains.at(-1)).toMatchObject({ wave: 12_000, modelId: name(12_000) });
    expect(plan.cycles).toHaveLength(1);
  });
});

function edgesOf({ graph, nodes }: CascadeRequest): readonly (readonly [string, string])[] {
  return nodes.flatMap(({ uri, model }, node) =>
    model?.lifecycle === 'retired'
      ? []
      : Array.from(
          graph.dependants.slice(graph.first[node], graph.first[node + 1]),
          (dependant) => [nodes[dependant]!.uri, uri] as const,
        ),
  );
}

function naiveReach(request: CascadeRequest): ReadonlySet<string> {
  return reachOf(
    edgesOf(request),
    request.promoted.map((node) => request.nodes[node]!.uri),
  );
}

function reachOf(edges: readonly (readonly [string, string])[], roots: readonly string[]): ReadonlySet<string> {
  const reached = new Set(roots);
  for (let size = 0; size !== reached.size; ) {
    size = reached.size;
    for (const [dependant, dependency] of edges) if (reached.has(dependency)) reached.add(dependant);
  }
  return reached;
}

function naiveDependants(request: CascadeRequest): ReadonlySet<string> {
  const reached = naiveReach(request);
  const roots = new Set(request.promoted);
  return new Set(
    request.nodes.flatMap(({ uri, model }, node) =>
      model !== undefined && reached.has(uri) && !roots.has(node) ? [uri] : [],
    ),
  );
}

function hasCycle(edges: readonly (readonly [string, string])[]): boolean {
  let left = edges;
  for (;;) {
    const dependants = new Set(left.map(([dependant]) => dependant));
    const rest = left.filter(([, dependency]) => dependants.has(dependency));
    if (rest.length === left.length) return left.length > 0;
    left = rest;
  }
}

function leadsTo(edges: readonly (readonly [string, string])[], dependant: string, dependency: string): boolean {
  return reachOf(edges, [dependency]).has(dependant);
}

/** Planned models that the model waits for, through anything but what was promoted. */
function plannedUpstreams(
  { nodes, promoted }: CascadeRequest,
  kept: readonly (readonly [string, string])[],
  modelId: string,
  planned: ReadonlyMap<string, unknown>,
): readonly string[] {
  const roots = new Set(promoted.map((node) => nodes[node]!.uri));
  const seen = new Set<string>();
  const stack = [modelId];
  for (let at = stack.pop(); at !== undefined; at = stack.pop())
    for (const [from, to] of kept)
      if (from === at && !seen.has(to) && !roots.has(to)) {
        seen.add(to);
        stack.push(to);
      }
  return [...seen].filter((uri) => planned.has(uri));
}

function keepsLimits({ nodes, rules }: CascadeRequest, { retrains, blastRadius }: CascadePlan): void {
  const modelOf = new Map(nodes.flatMap(({ model }) => (model === undefined ? [] : [[model.modelId, model] as const])));
  for (const { modelId, team, startsAt, batch } of retrains) {
    const running = retrains.filter((other) => other.startsAt! <= startsAt! && startsAt! < other.trainedAt!);
    expect(running.length).toBeLessThanOrEqual(rules.overall);
    expect(running.filter((other) => other.team === team).length).toBeLessThanOrEqual(rules.perTeam.each);
    const offPeak = modelOf.get(modelId)!.cascade.offPeak ?? (blastRadius.isExceeded && rules.blastRadius.window);
    if (offPeak) expect(createOffPeak(offPeak).isOpen(toMillis(startsAt!))).toBe(true);
    expect(batch !== undefined).toBe(blastRadius.isExceeded);
    if (batch === undefined) continue;
    expect(retrains.filter((other) => other.batch === batch).length).toBeLessThanOrEqual(rules.blastRadius.batchSize);
    for (const earlier of retrains) if (earlier.batch! < batch) expect(earlier.trainedAt! <= startsAt!).toBe(true);
  }
}
