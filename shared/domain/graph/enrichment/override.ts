import type { Instant } from '../../time.ts';
import { type Edge, type EdgeClaim, edgeId } from '../contribution.ts';
import type { EdgeType } from '../edge-types.ts';
import type { EntityUri } from '../entity-ref.ts';
import type { StatedEdge, Statement } from '../provider-contribution.ts';

/** What says overrides; who decided is the claimant of each. */
export const overrideProvider = 'override';

/** A person's word on an edge, which stands whatever providers and rules say. */
export type EdgeOverride = {
  readonly from: EntityUri;
  readonly type: EdgeType;
  readonly to: EntityUri;
  readonly effect: 'add' | 'suppress';
  readonly reason: string;
  readonly author: string;
  readonly since: Instant;
  readonly expiresAt?: Instant;
  /** When it was withdrawn, replaced or expired. */
  readonly until?: Instant;
};

/** As the stream of overrides holds it. */
export function overrideOf(claim: EdgeClaim): EdgeOverride {
  const { from, type, to, suppresses, evidence = '', claimant, validFrom, validTo, expiresAt } = claim;
  return {
    from,
    type,
    to,
    effect: suppresses === undefined ? 'add' : 'suppress',
    reason: evidence,
    author: claimant,
    since: validFrom,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(validTo !== undefined && { until: validTo }),
  };
}

/** What is to be stated of the subject so that the override stands, in place of one of the same edge. */
export function withOverride(
  subject: EntityUri,
  claims: readonly EdgeClaim[],
  override: Omit<EdgeOverride, 'since' | 'until'>,
): Statement {
  const others = present(claims).filter((claim) => edgeId(claim) !== edgeId(override));
  return { subject, edges: [...others.map(statedAgain), statedEdge(override)] };
}

export function withoutOverride(subject: EntityUri, claims: readonly EdgeClaim[], edge: Edge): Statement {
  return {
    subject,
    edges: present(claims)
      .filter((claim) => edgeId(claim) !== edgeId(edge))
      .map(statedAgain),
  };
}

/** Without those that were to end at or before `now`. */
export function withoutExpired(subject: EntityUri, claims: readonly EdgeClaim[], now: Instant): Statement {
  const left = present(claims).filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
  return { subject, edges: left.map(statedAgain) };
}

const present = (claims: readonly EdgeClaim[]) => claims.filter(({ validTo }) => validTo === undefined);

function statedAgain({ from: _from, validFrom: _validFrom, validTo: _validTo, ...stated }: EdgeClaim): StatedEdge {
  return stated;
}

function statedEdge({ type, to, effect, reason, author, expiresAt }: Omit<EdgeOverride, 'since'>): StatedEdge {
  return {
    type,
    to,
    provenance: 'override',
    claimant: author,
    evidence: reason,
    ...(effect === 'suppress' && { suppresses: true }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}
