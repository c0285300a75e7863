import { describe, expect, it } from 'vitest';
import type { CascadePlan } from '../../../shared/domain/retraining/cascade/cascade-plan.ts';
import { planCascade } from '../../../shared/domain/retraining/cascade/plan-cascade.ts';
import { requestOf } from '../retraining/cascades.ts';

type Edge = readonly [dependant: string, dependency: string];
const names = ['a', 'b', 'c', 'd'];

/** Every graph of up to four models, those with cycles too; `a` was promoted. */
function* graphs(): Iterable<readonly Edge[]> {
  for (let count = 2; count <= names.length; count += 1) {
    const nodes = names.slice(0, count);
    const edges = nodes.flatMap((one) => nodes.filter((other) => other !== one).map((other): Edge => [one, other]));
    for (let chosen = 0; chosen < 2 ** edges.length; chosen += 1)
      yield edges.filter((_, index) => (chosen & (2 ** index)) !== 0);
  }
}

/** What a person would check by hand; undefined when all is well. */
function problem(edges: readonly Edge[], { retrains, cycles }: CascadePlan): string | undefined {
  const reached = reachedFrom('a', edges);
  const planned = retrains.map(({ modelId }) => modelId).toSorted();
  if (planned.join() !== [...reached].toSorted().join()) return `retrains ${planned}, reached are ${[...reached]}`;
  const cut = new Set(cycles.flatMap(({ cuts }) => cuts.map((edge) => `${edge.dependant} ${edge.dependency}`)));
  const byModel = new Map(retrains.map((retrain) => [retrain.modelId, retrain]));
  for (const [dependant, dependency] of edges) {
    const [later, earlier] = [byModel.get(dependant), byModel.get(dependency)];
    if (later === undefined || earlier === undefined || cut.has(`${dependant} ${dependency}`)) continue;
    if (later.wave <= earlier.wave || later.startsAt! < earlier.promotedAt!)
      return `${dependant} does not wait for ${dependency}, and no cut says so`;
  }
  return undefined;
}

function reachedFrom(root: string, edges: readonly Edge[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [root];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const [dependant, dependency] of edges)
      if (dependency === at && dependant !== root && !reached.has(dependant)) {
        reached.add(dependant);
        open.push(dependant);
      }
  return reached;
}

function check(change: (plan: CascadePlan) => CascadePlan = (plan) => plan) {
  let count = 0;
  for (const edges of graphs()) {
    count += 1;
    const found = problem(edges, change(planCascade(requestOf(edges, ['a']))));
    if (found !== undefined)
      return { count, counterexample: `${edges.map((edge) => edge.join('←')).join(' ')}: ${found}` };
  }
  return { count };
}

describe('a cascade over every graph of up to four models', () => {
  it('ends, retrains each dependant once, and after all that it waits for but a reported cut', () => {
    const { count, counterexample } = check();
    console.info(`cascades: ${count} graphs`);
    expect(counterexample).toBeUndefined();
    expect(count).toBe(4 + 64 + 4_096);
  });

  it.each([
    [
      'a dependant that retrains twice',
      (plan: CascadePlan) => ({ ...plan, retrains: [...plan.retrains, ...plan.retrains] }),
    ],
    ['a cut that is not reported', (plan: CascadePlan) => ({ ...plan, cycles: [] })],
  ])('gives a counterexample: %s', (_, change) => {
    expect(check(change).counterexample).toBeDefined();
  });
});
