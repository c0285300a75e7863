import type { Instant } from '../../time.ts';
import { type Edge, type EdgeClaim, edgeId, isExpired } from '../contribution.ts';
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
  /** Of the author, when it was set. */
  readonly authorTeams?: readonly string[];
  readonly since: Instant;
  readonly expiresAt?: Instant;
  /** When it was withdrawn, replaced or expired. */
  readonly until?: Instant;
};

/** As the stream of overrides holds it; one that was to end at or before `now` has ended. */
export function overrideOf(claim: EdgeClaim, now: Instant): EdgeOverride {
  const { from, type, to, suppresses, evidence = '', claimant, claimantTeams, validFrom, expiresAt } = claim;
  const until = isExpired(claim, now) ? expiresAt : claim.validTo;
  return {
    from,
    type,
    to,
    effect: suppresses === undefined ? 'add' : 'suppress',
    reason: evidence,
    author: claimant,
    ...(claimantTeams !== undefined && { authorTeams: claimantTeams }),
    since: validFrom,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(until !== undefined && { until }),
  };
}

/** What a stream of overrides says, and when it is read. */
export type Overriding = {
  readonly subject: EntityUri;
  readonly claims: readonly EdgeClaim[];
  readonly now: Instant;
};

/** What is to be stated of the subject so that the override stands, in place of one of the same edge. */
export function withOverride(said: Overriding, override: Omit<EdgeOverride, 'since' | 'until'>): Statement {
  const { subject, edges } = withoutOverride(said, override);
  return { subject, edges: [...edges, statedEdge(override)] };
}

export function withoutOverride(said: Overriding, edge: Edge): Statement {
  const others = standing(said).filter((claim) => edgeId(claim) !== edgeId(edge));
  return { subject: said.subject, edges: others.map(statedAgain) };
}

/** Without those that were to end at or before `now`. */
export function withoutExpired(said: Overriding): Statement {
  return { subject: said.subject, edges: standing(said).map(statedAgain) };
}

const standing = ({ claims, now }: Overriding) =>
  claims.filter((claim) => claim.validTo === undefined && !isExpired(claim, now));

function statedAgain({ from: _from, validFrom: _validFrom, validTo: _validTo, ...stated }: EdgeClaim): StatedEdge {
  return stated;
}

function statedEdge({
  type,
  to,
  effect,
  reason,
  author,
  authorTeams,
  expiresAt,
}: Omit<EdgeOverride, 'since'>): StatedEdge {
  return {
    type,
    to,
    provenance: 'override',
    claimant: author,
    ...(authorTeams !== undefined && { claimantTeams: authorTeams }),
    evidence: reason,
    ...(effect === 'suppress' && { suppresses: true }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}
