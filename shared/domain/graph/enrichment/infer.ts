import { type Edge, edgeId } from '../contribution.ts';
import type { EntityUri } from '../entity-ref.ts';
import { affectedBy, type Binding, evaluateRule } from './evaluate-rule.ts';
import { materializedConfidence, type Rule } from './rule.ts';
import type { RuleGraph } from './rule-graph.ts';
import { rules } from './rules.ts';

/** `evidence` begins with the rule's id and names the premises. */
export type InferredEdge = Edge & { readonly rule: string; readonly confidence: number; readonly evidence: string };

/** More says nothing to a reader, and what is said of one entity is one item. */
const maximumEdges = 500;

/**
 * What the rules say of the entity, each edge once, by the rule that is surest of it; sorted by edge, and no more than
 * 500. What somebody claims already is not inferred again.
 */
export function inferFrom(graph: RuleGraph, from: EntityUri): readonly InferredEdge[] {
  const claimed = new Set(graph.premisesFrom(from).map(edgeId));
  const surest = new Map<string, InferredEdge>();
  for (const rule of rules)
    for (const binding of evaluateRule(graph, rule, from)) {
      const edge = edgeOf(rule, binding);
      const id = edgeId(edge);
      const known = surest.get(id);
      if (!claimed.has(id) && (known === undefined || isBetter(edge, known))) surest.set(id, edge);
    }
  return [...surest.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, edge]) => edge)
    .slice(0, maximumEdges);
}

/** What `inferFrom` may say otherwise once the entity has changed. */
export function affectedFrom(graph: RuleGraph, changed: EntityUri): ReadonlySet<EntityUri> {
  return new Set([
    changed,
    // Who shared a value with it that it no longer has.
    ...graph.inferredTo(changed),
    ...rules.flatMap((rule) => [...affectedBy(graph, rule, changed)]),
  ]);
}

export function isMaterialized({ confidence }: Pick<InferredEdge, 'confidence'>): boolean {
  return confidence >= materializedConfidence;
}

function edgeOf(rule: Rule, binding: Binding): InferredEdge {
  const names = [rule.from.as, ...rule.hops.map(({ as }) => as)];
  const words = rule.evidence.replace(/\{(\w+)\}/g, (_text, name: string) => binding[names.indexOf(name)] ?? '');
  return {
    from: binding[0],
    type: rule.type,
    to: binding.at(-1) ?? binding[0],
    rule: rule.id,
    confidence: rule.confidence,
    evidence: `${rule.id}: ${words}`,
  };
}

// Of several reasons the same one is given every time.
function isBetter(one: InferredEdge, other: InferredEdge): boolean {
  return one.confidence > other.confidence || (one.confidence === other.confidence && one.evidence < other.evidence);
}
