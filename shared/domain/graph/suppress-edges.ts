import type { Instant } from '../time.ts';
import { type EdgeClaim, edgeId } from './contribution.ts';

/**
 * What is left of the claims when overrides suppress some: of a claim the times at which its edge was not suppressed, so
 * that neither the present nor a past moment shows it, and that it is back when the override ends. Suppressions
 * themselves are no edges and are not given back.
 */
export function withoutSuppressed(claims: Iterable<EdgeClaim>, suppressions: Iterable<EdgeClaim>): Iterable<EdgeClaim> {
  const byEdge = new Map<string, EdgeClaim[]>();
  for (const suppression of suppressions) {
    const edge = edgeId(suppression);
    byEdge.set(edge, [...(byEdge.get(edge) ?? []), suppression]);
  }
  if (byEdge.size === 0) return claims;
  return [...claims].flatMap((claim) => {
    if (claim.suppresses !== undefined) return [];
    const against = byEdge.get(edgeId(claim)) ?? [];
    return against.reduce((parts: readonly EdgeClaim[], one) => parts.flatMap((part) => outside(part, one)), [claim]);
  });
}

/** The parts of the claim's time before the suppression began and after it ended. */
function outside(claim: EdgeClaim, { validFrom, validTo }: EdgeClaim): readonly EdgeClaim[] {
  const before = between(claim, claim.validFrom, earlier(claim.validTo, validFrom));
  if (validTo === undefined) return before;
  return [...before, ...between(claim, later(claim.validFrom, validTo), claim.validTo)];
}

function between({ validTo: _validTo, ...claim }: EdgeClaim, from: Instant, to: Instant | undefined) {
  if (to !== undefined && to <= from) return [];
  return [{ ...claim, validFrom: from, ...(to !== undefined && { validTo: to }) }];
}

const earlier = (a: Instant | undefined, b: Instant) => (a === undefined || b < a ? b : a);
const later = (a: Instant, b: Instant) => (a < b ? b : a);
