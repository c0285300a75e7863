/** Entities that are the same to whoever walks, by any of their nodes; those without an alias are in no group. */
export type AliasGroups = {
  readonly canonicalOf: ReadonlyMap<number, number>;
  readonly membersOf: ReadonlyMap<number, readonly number[]>;
};

/**
 * Groups nodes that aliases connect. Canonical is the one that is an alias of no other; of several, and in a circle of
 * aliases, the one whose URI sorts first.
 */
export function groupAliases(
  pairs: Iterable<readonly [name: number, canonical: number]>,
  uriOf: (node: number) => string,
): AliasGroups {
  const parents = new Map<number, number>();
  const names = new Set<number>();
  for (const [name, canonical] of pairs) {
    if (name === canonical) continue;
    names.add(name);
    parents.set(rootOf(parents, name), rootOf(parents, canonical));
  }
  const groups = Map.groupBy(new Set([...parents.keys(), ...parents.values()]), (node) => rootOf(parents, node));
  const canonicalOf = new Map<number, number>();
  const membersOf = new Map<number, readonly number[]>();
  for (const members of groups.values()) {
    const sorted = members.toSorted((a, b) => (uriOf(a) < uriOf(b) ? -1 : 1));
    const canonical = sorted.find((node) => !names.has(node)) ?? sorted[0]!;
    membersOf.set(canonical, sorted);
    for (const node of sorted) canonicalOf.set(node, canonical);
  }
  return { canonicalOf, membersOf };
}

function rootOf(parents: Map<number, number>, node: number): number {
  let root = node;
  for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root)) root = next;
  // So that the next look-up is short.
  for (let at = node; at !== root; ) {
    const next = parents.get(at)!;
    parents.set(at, root);
    at = next;
  }
  return root;
}
