import type { Instant } from '../time.ts';
import { type EdgeType, edgeTypes } from './edge-types.ts';
import { type Entity, entityOf } from './entities.ts';
import type { EntityUri } from './entity-ref.ts';

export type Edge = { readonly from: EntityUri; readonly type: EdgeType; readonly to: EntityUri };

/** `declared` by whom it concerns, `discovered` in what a system did, `inferred` by a rule, `override` by a person. */
export type Provenance = 'declared' | 'discovered' | 'inferred' | 'override';

/** Who says an edge, and why it is believed. */
export type Claim = Pick<
  EdgeClaim,
  'provenance' | 'claimant' | 'claimantTeams' | 'evidence' | 'confidence' | 'suppresses' | 'expiresAt'
>;

/** Somebody says that an edge holds from `validFrom` on and, once it no longer does, until before `validTo`. */
export type EdgeClaim = Edge & {
  readonly provenance: Provenance;
  /** Who says so: a provider's id, a rule's, or a person's for an override. */
  readonly claimant: string;
  /** Of who says an override: their teams when they said it. */
  readonly claimantTeams?: readonly string[];
  /** What it rests on, in words. */
  readonly evidence?: string;
  /** 0..1. @default 1 */
  readonly confidence?: number;
  /** Says that the edge does not hold, whoever claims it: see `suppress-edges.ts`. Of overrides only. */
  readonly suppresses?: true;
  /** When an override is to end. Readers end it then (`endExpired`); in the store it ends when somebody comes by. */
  readonly expiresAt?: Instant;
  readonly validFrom: Instant;
  readonly validTo?: Instant;
};

/**
 * All that one stream says: entities by URI, claims by edge and beginning. What has ended stays with its end, so that
 * the graph can be asked as of a past moment and nothing ever has to be deleted.
 */
export type Contribution = { readonly entities: readonly Entity[]; readonly claims: readonly EdgeClaim[] };

const declaredByRegistry = { provenance: 'declared', claimant: 'registry' } as const;

export const emptyContribution: Contribution = { entities: [], claims: [] };

/** Adds what the stream knows of an entity, in place of what it knew. */
export function describe(contribution: Contribution, entity: Entity): Contribution {
  const others = contribution.entities.filter(({ uri }) => uri !== entity.uri);
  return { ...contribution, entities: [...others, entity] };
}

/** From `at` on exactly these edges of the ones that `isMeant` selects hold; those that held already go on. */
export function declareEdges(
  contribution: Contribution,
  isMeant: (edge: Edge) => boolean,
  edges: readonly (Edge & Partial<Claim>)[],
  at: Instant,
): Contribution {
  const wanted = new Map(edges.map((edge) => [claimId(edge), edge]));
  const claims = contribution.claims.map((claim) => {
    if (claim.validTo !== undefined) return claim;
    const stated = wanted.get(claimId(claim));
    wanted.delete(claimId(claim));
    if (stated !== undefined) return goneOn(claim, stated);
    return isMeant(claim) ? { ...claim, validTo: endOf(claim, at) } : claim;
  });
  const added = [...wanted.values()].map((edge) => ({ ...declaredByRegistry, ...edge, validFrom: at }));
  return withEndpoints({ ...contribution, claims: [...claims, ...added] });
}

/** What was to end before `at` ended then, though nobody came by. */
function endOf({ expiresAt }: EdgeClaim, at: Instant): Instant {
  return expiresAt !== undefined && expiresAt < at ? expiresAt : at;
}

type Ending = Partial<Pick<EdgeClaim, 'validTo' | 'expiresAt'>>;

/** Whether it is an override that was to end at or before `now` and is still said. */
export function isExpired({ validTo, expiresAt }: Ending, now: Instant): boolean {
  return validTo === undefined && expiresAt !== undefined && expiresAt <= now;
}

/** What is said once overrides that were to end at or before `now` have ended, as of then. */
export function endExpired({ entities, claims }: Contribution, now: Instant): Contribution {
  const ended = claims.map((claim) =>
    claim.expiresAt !== undefined && isExpired(claim, now) ? { ...claim, validTo: claim.expiresAt } : claim,
  );
  return { entities, claims: ended };
}

/** When the first of the overrides that still stand is to end; undefined when none is. */
export function nextExpiry(claims: Iterable<Ending>): Instant | undefined {
  let next: Instant | undefined;
  for (const { validTo, expiresAt } of claims)
    if (validTo === undefined && expiresAt !== undefined && (next === undefined || expiresAt < next)) next = expiresAt;
  return next;
}

export function edgeId({ from, type, to }: Edge): string {
  return `${from} ${type} ${to}`;
}

// A person's decision that replaces another is another claim: who said what until when stays readable.
function claimId(edge: Edge & Partial<Claim>): string {
  if (edge.provenance !== 'override') return edgeId(edge);
  return `${edgeId(edge)} ${JSON.stringify([edge.suppresses, edge.claimant, edge.evidence, edge.expiresAt])}`;
}

/** The claim since when it holds, with the reasons that are given for it now. */
function goneOn(claim: EdgeClaim, { evidence, confidence }: Partial<Claim>): EdgeClaim {
  if (claim.evidence === evidence && claim.confidence === confidence) return claim;
  const { evidence: _evidence, confidence: _confidence, ...rest } = claim;
  return { ...rest, ...(evidence !== undefined && { evidence }), ...(confidence !== undefined && { confidence }) };
}

/** Whether the claim holds at `at`; undefined asks for the present. */
export function holdsAt({ validFrom, validTo }: EdgeClaim, at: Instant | undefined): boolean {
  if (at === undefined) return validTo === undefined;
  return validFrom <= at && (validTo === undefined || at < validTo);
}

/** Whether lineage and impact walk it at `at`; undefined asks for the present. */
export function isDependencyAt(claim: EdgeClaim, at: Instant | undefined): boolean {
  return edgeTypes[claim.type].isDependency && holdsAt(claim, at);
}

function withEndpoints(contribution: Contribution): Contribution {
  const known = new Set(contribution.entities.map(({ uri }) => uri));
  const mentioned = new Set(contribution.claims.flatMap(({ from, to }) => [from, to]));
  const missing = [...mentioned].filter((uri) => !known.has(uri));
  return missing.length === 0
    ? contribution
    : { ...contribution, entities: [...contribution.entities, ...missing.map(entityOf)] };
}
