import type { EntityUri } from '../entity-ref.ts';
import type { EntityType } from '../entity-types.ts';
import { type EdgeHop, type Hop, isEdgeHop, type Rule } from './rule.ts';
import type { RuleGraph } from './rule-graph.ts';

/** URIs of the entities that the path leads through, the first and the last included. */
export type Binding = readonly [EntityUri, ...EntityUri[]];

/** Every way the rule's path can be walked from the entity; without those that end where they began. */
export function evaluateRule(graph: RuleGraph, rule: Rule, from: EntityUri): readonly Binding[] {
  if (!isOneOf(from, rule.from.types)) return [];
  let bindings: readonly Binding[] = [[from]];
  for (const hop of rule.hops) bindings = bindings.flatMap((binding) => extended(graph, binding, hop));
  return bindings.filter((binding) => binding.at(-1) !== from);
}

/**
 * Entities whose edges by this rule may be others once `changed` has changed: those that a part of the path leads back
 * to. Where an edge has ended both its ends have changed, so the part before it is still there to be walked back; where
 * a compared value has changed, who had the old one is found by what was inferred from it.
 */
export function affectedBy(graph: RuleGraph, rule: Rule, changed: EntityUri): ReadonlySet<EntityUri> {
  const affected = new Set<EntityUri>();
  for (let position = 0; position <= rule.hops.length; position += 1) {
    if (!isOneOf(changed, typesAt(rule, position))) continue;
    let frontier: readonly EntityUri[] = [changed];
    for (let at = position - 1; at >= 0; at -= 1)
      frontier = [...new Set(frontier.flatMap((uri) => previousOf(graph, rule, at, uri)))];
    for (const uri of frontier) affected.add(uri);
  }
  return affected;
}

function extended(graph: RuleGraph, binding: Binding, hop: Hop): readonly Binding[] {
  const last = binding.at(-1) ?? binding[0];
  const next = new Set(nextOf(graph, last, hop));
  return [...next].filter((uri) => isOneOf(uri, hop.types)).map((uri): Binding => [...binding, uri]);
}

function nextOf(graph: RuleGraph, uri: EntityUri, hop: Hop): readonly EntityUri[] {
  if (isEdgeHop(hop)) return along(graph, uri, hop);
  if ('named' in hop) return graph.values(uri, hop.named).filter(graph.isDescribed);
  const source = { attribute: hop.same };
  return graph.values(uri, source).flatMap((value) => graph.withValue(hop.types, source, value));
}

function previousOf(graph: RuleGraph, rule: Rule, at: number, uri: EntityUri): readonly EntityUri[] {
  const hop = rule.hops[at];
  const types = typesAt(rule, at);
  if (hop === undefined) return [];
  if (isEdgeHop(hop)) {
    const back = along(graph, uri, { ...hop, way: hop.way === 'out' ? 'in' : 'out' });
    return back.filter((previous) => isOneOf(previous, types));
  }
  if ('named' in hop) return graph.withValue(types ?? [], hop.named, uri);
  const source = { attribute: hop.same };
  return graph.values(uri, source).flatMap((value) => graph.withValue(types ?? [], source, value));
}

function along(graph: RuleGraph, uri: EntityUri, { along: types, way }: EdgeHop): readonly EntityUri[] {
  const claims = way === 'out' ? graph.premisesFrom(uri) : graph.premisesTo(uri);
  return claims.filter(({ type }) => types.includes(type)).map(({ from, to }) => (way === 'out' ? to : from));
}

function typesAt(rule: Rule, position: number): readonly EntityType[] | undefined {
  return position === 0 ? rule.from.types : rule.hops[position - 1]?.types;
}

function isOneOf(uri: EntityUri, types: readonly EntityType[] | undefined): boolean {
  return types === undefined || types.some((type) => uri.startsWith(`aip://${type}/`));
}
