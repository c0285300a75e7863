import type { EdgeType } from '../edge-types.ts';
import type { EntityType } from '../entity-types.ts';

/** From one entity to the next along present claims, in their direction or against it. */
export type EdgeHop = {
  readonly along: readonly EdgeType[];
  readonly way: 'out' | 'in';
  readonly as: string;
  readonly types: readonly EntityType[];
};

/** To entities with the same value of an attribute, e.g. the same digest; only as a rule's last hop. */
export type SameHop = { readonly same: string; readonly as: string; readonly types: readonly EntityType[] };

/** To the entity whose URI an attribute's value or a tag `<key>::<uri>` is; only as a rule's last hop. */
export type NamedHop = {
  readonly named: { readonly attribute: string } | { readonly tag: string };
  readonly as: string;
  readonly types: readonly EntityType[];
};

export type Hop = EdgeHop | SameHop | NamedHop;

/**
 * Whatever the path binds, its first entity has an edge of `type` to its last. Only what providers and people claim is a
 * premise, never what another rule inferred: so rules need no order, and no two edges keep each other alive.
 */
export type Rule = {
  readonly id: string;
  readonly from: { readonly as: string; readonly types?: readonly EntityType[] };
  readonly hops: readonly [Hop, ...Hop[]];
  readonly type: EdgeType;
  /** 0..1: the share of such edges that is expected to be right. */
  readonly confidence: number;
  /** Why, in words; `{name}` becomes the URI of the entity bound to it. */
  readonly evidence: string;
};

/** What says inferred edges; its claims are no premises. */
export const enrichmentProvider = 'enrichment';

/** Below it a person decides: the edge is suggested, not claimed. */
export const materializedConfidence = 0.75;

export function isEdgeHop(hop: Hop): hop is EdgeHop {
  return 'along' in hop;
}
