import { dayMillis, type Instant, toInstant, toMillis } from '../time.ts';
import { type Claim, type Contribution, declareEdges, type Edge, type EdgeClaim, edgeId } from './contribution.ts';
import { type Attributes, type Entity, entityOf } from './entities.ts';
import type { EntityUri } from './entity-ref.ts';

/** What a provider says of one entity: its whole current state, with every edge that begins at it. */
export type Statement = {
  readonly subject: EntityUri;
  /** Absent when the provider only knows edges of it. */
  readonly description?: {
    readonly name?: string | undefined;
    readonly description?: string | undefined;
    readonly tags?: readonly string[] | undefined;
    readonly attributes?: Attributes | undefined;
  };
  /** Begin at the subject. */
  readonly edges: readonly StatedEdge[];
  /**
   * The entity through which the provider knows the subject, when it knows it through several: every edge leads to it, and
   * only edges that do are replaced. What such a statement says beside edges is the same whoever bears witness.
   */
  readonly witness?: EntityUri;
  /** Said by inference, which describes nothing: what it has looked at, as of when that was hydrated last. */
  readonly enriches?: { readonly hydratedAt?: Instant | undefined };
};

/** `claimant` is the provider where no other is given: who says an override is a person. */
export type StatedEdge = Pick<Edge, 'type' | 'to'> & Partial<Claim>;

export type ProviderId = string;

export const providerIdPattern = /^[a-z][a-z0-9-]{0,62}$/;

/** Ended claims answer questions as of a past moment; an item of a table cannot grow for ever. */
const endedDays = 400;
const maximumEnded = 2_000;
/** Edges to witnesses; `None` is an artifact that every run makes. */
const maximumWitnesses = 200;

/** The stream of what `provider` says of `subject`. Nobody else ever writes it, so no provider removes another's claim. */
export function contributionId(provider: ProviderId, subject: EntityUri): string {
  return `${subject} ${provider}`;
}

/** Undefined for a stream of the registry's own events. */
export function partsOfContributionId(
  streamId: string,
): { readonly provider: ProviderId; readonly subject: EntityUri } | undefined {
  const space = streamId.indexOf(' ');
  return space < 0 ? undefined : { subject: streamId.slice(0, space), provider: streamId.slice(space + 1) };
}

/** The subject of a provider's stream; none of anybody else's. */
export function subjectOf(streamId: string, provider: ProviderId): readonly EntityUri[] {
  const parts = partsOfContributionId(streamId);
  return parts?.provider === provider ? [parts.subject] : [];
}

/**
 * Puts the statement in place of what the provider said before: edges that are no longer said end at `at`, those that
 * still are go on. Gives the same object back when nothing but `hydratedAt` would change.
 */
export function restate(
  previous: Contribution | undefined,
  { provider, statement, at }: { readonly provider: ProviderId; readonly statement: Statement; readonly at: Instant },
): Contribution {
  const { subject, description, edges, witness } = statement;
  const known = previous?.entities[0];
  const entity = description === undefined ? undefined : described(subject, description);
  const hydratedAt = entity !== undefined && isSaidOf(entity, known) ? known?.hydratedAt : at;
  const claimed = edges.map((edge) => ({
    provenance: 'discovered' as const,
    claimant: provider,
    ...edge,
    from: subject,
  }));
  const isMeant = ({ to }: Edge) => witness === undefined || to === witness;
  const { claims } = declareEdges({ entities: [], claims: previous?.claims ?? [] }, isMeant, claimed, at);
  const left = pruned(witness === undefined ? claims : fewWitnesses(claims), at);
  const next: Contribution = {
    entities:
      entity === undefined ? enriched(statement, previous, left, at) : [{ ...entity, hydratedAt: hydratedAt ?? at }],
    claims: left,
  };
  return previous !== undefined && JSON.stringify(previous) === JSON.stringify(next) ? previous : next;
}

/** The mark of inference moves when it has something else to say, or looks at something newer. */
function enriched(
  { subject, enriches }: Statement,
  previous: Contribution | undefined,
  claims: readonly EdgeClaim[],
  at: Instant,
): readonly Entity[] {
  if (enriches === undefined) return [];
  const { hydratedAt = '' } = enriches;
  const known = previous?.entities[0]?.enrichedAt;
  const isSame = known !== undefined && known >= hydratedAt && isEqual(previous?.claims, claims);
  const { uri, type, name } = entityOf(subject);
  return [{ uri, type, name, enrichedAt: isSame ? known : at < hydratedAt ? hydratedAt : at }];
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The provider no longer has the subject: its claims end, and its description is kept as a tombstone. */
export function retire(previous: Contribution, at: Instant): Contribution {
  const claims = previous.claims.map((claim) => (claim.validTo === undefined ? { ...claim, validTo: at } : claim));
  const entities = previous.entities.map((entity) =>
    entity.removedAt === undefined ? { ...entity, removedAt: at } : entity,
  );
  const isSame = JSON.stringify({ entities, claims }) === JSON.stringify(previous);
  return isSame ? previous : { entities, claims: pruned(claims, at) };
}

/** Whether anything in it holds at present. */
export function isRetired({ entities, claims }: Contribution): boolean {
  return (
    entities.every(({ removedAt }) => removedAt !== undefined) && claims.every(({ validTo }) => validTo !== undefined)
  );
}

function described(subject: EntityUri, said: NonNullable<Statement['description']>): Entity {
  const { uri, type, name } = entityOf(subject);
  return {
    uri,
    type,
    name: said.name ?? name,
    ...(said.description !== undefined && said.description !== '' && { description: said.description }),
    ...(said.tags !== undefined && said.tags.length > 0 && { tags: [...new Set(said.tags)].toSorted() }),
    attributes: said.attributes ?? {},
  };
}

function isSaidOf(entity: Entity, known: Entity | undefined): boolean {
  const { hydratedAt: _hydratedAt, ...rest } = known ?? {};
  return JSON.stringify(entity) === JSON.stringify(rest);
}

// The first by name, so that it is the same ones whatever the order in which they were heard.
function fewWitnesses(claims: readonly EdgeClaim[]): readonly EdgeClaim[] {
  const open = claims.filter(({ validTo }) => validTo === undefined);
  if (open.length <= maximumWitnesses) return claims;
  const limit = open.map(edgeId).toSorted()[maximumWitnesses - 1] ?? '';
  return claims.filter((claim) => claim.validTo !== undefined || edgeId(claim) <= limit);
}

function pruned(claims: readonly EdgeClaim[], at: Instant): readonly EdgeClaim[] {
  const oldest = toInstant(toMillis(at) - endedDays * dayMillis);
  const ended = claims.filter(({ validTo }) => validTo !== undefined);
  const limit =
    ended.length > maximumEnded
      ? (ended
          .map(({ validTo }) => validTo ?? '')
          .toSorted()
          .at(-maximumEnded) ?? '')
      : '';
  return claims.filter(({ validTo }) => validTo === undefined || (validTo >= oldest && validTo >= limit));
}
