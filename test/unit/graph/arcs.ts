import fc from 'fast-check';
import type { Edge } from '../../../shared/domain/graph/contribution.ts';
import { modelUri } from '../../../shared/domain/graph/entities.ts';

type Pairs = readonly (readonly [number, number])[];

/** Who consumes whom among a dozen models, cycles and loops included. */
export const arcs: fc.Arbitrary<Pairs> = fc.uniqueArray(fc.tuple(fc.nat(11), fc.nat(11)), {
  maxLength: 40,
  selector: ([a, b]) => `${a} ${b}`,
});

export const modelNamed = (number: number): string => modelUri(`m${number}`);

export function consumption(pairs: Pairs): readonly Edge[] {
  return pairs.map(([a, b]) => ({ from: modelNamed(a), type: 'consumes', to: modelNamed(b) }));
}

/** What model 0 leads to within the depth, level by level: the oracle. */
export function plainReach(pairs: Pairs, depth: number): ReadonlyMap<string, number> {
  const found = new Map([[0, 0]]);
  for (let level = 1; level <= depth; level += 1) {
    const before = [...found.keys()];
    for (const [from, to] of pairs) if (before.includes(from) && !found.has(to)) found.set(to, level);
  }
  found.delete(0);
  return new Map([...found].map(([number, level]) => [modelNamed(number), level]));
}
