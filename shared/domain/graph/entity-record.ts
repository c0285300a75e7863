import type { Instant } from '../time.ts';
import { type Attributes, type Entity, entityOf } from './entities.ts';
import type { EntityUri } from './entity-ref.ts';
import type { EntityType } from './entity-types.ts';
import type { ProviderId } from './provider-contribution.ts';

/** `placeholder`: mentioned only. `hydrated`: a provider described it. `enriched`: inference saw it since. */
export type RecordState = 'placeholder' | 'hydrated' | 'enriched' | 'tombstone';

/** Everything that is known of an entity, of all who describe it. */
export type EntityRecord = {
  readonly uri: EntityUri;
  readonly type: EntityType;
  readonly name: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly attributes: Attributes;
  readonly state: RecordState;
  readonly hydratedAt?: Instant;
  readonly enrichedAt?: Instant;
  readonly removedAt?: Instant;
  readonly sources: readonly EntitySource[];
};

export type EntitySource = {
  readonly provider: ProviderId;
  readonly hydratedAt?: Instant;
  readonly removedAt?: Instant;
};

export type Described = { readonly provider: ProviderId; readonly entity: Entity };

/** Of two who say different things the earlier here is believed; others come after them, by name. */
const precedence: readonly ProviderId[] = ['override', 'registry'];

/** The same whatever the order in which the descriptions came. */
export function recordOf(uri: EntityUri, descriptions: readonly Described[]): EntityRecord {
  const hydrated = descriptions.filter(({ entity }) => entity.attributes !== undefined).toSorted(byPrecedence);
  const present = hydrated.filter(({ entity }) => entity.removedAt === undefined);
  const believed = present.length > 0 ? present : hydrated;
  const entities = believed.map(({ entity }) => entity);
  const mentioned = entityOf(uri);
  // Who gives no name says what the URI says.
  const named = entities.find(({ name }) => name !== mentioned.name) ?? entities[0];
  const description = entities.find((entity) => entity.description !== undefined)?.description;
  const enrichedAt = latest(descriptions.map(({ entity }) => entity.enrichedAt));
  const hydratedAt = latest(entities.map((entity) => entity.hydratedAt));
  const removedAt = present.length === 0 ? latest(entities.map((entity) => entity.removedAt)) : undefined;
  return {
    ...mentioned,
    ...(named !== undefined && { name: named.name }),
    ...(description !== undefined && { description }),
    tags: [...new Set(entities.flatMap(({ tags = [] }) => tags))].toSorted(),
    attributes: Object.assign({}, ...entities.toReversed().map(({ attributes }) => attributes)),
    state: stateOf(hydrated.length, present.length, enrichedAt),
    ...(hydratedAt !== undefined && { hydratedAt }),
    ...(enrichedAt !== undefined && { enrichedAt }),
    ...(removedAt !== undefined && { removedAt }),
    sources: hydrated.map(({ provider, entity }) => ({
      provider,
      ...(entity.hydratedAt !== undefined && { hydratedAt: entity.hydratedAt }),
      ...(entity.removedAt !== undefined && { removedAt: entity.removedAt }),
    })),
  };
}

function stateOf(hydrated: number, present: number, enrichedAt: Instant | undefined): RecordState {
  if (hydrated === 0) return 'placeholder';
  if (present === 0) return 'tombstone';
  return enrichedAt === undefined ? 'hydrated' : 'enriched';
}

function byPrecedence(a: Described, b: Described): number {
  const rank = ({ provider }: Described) =>
    precedence.includes(provider) ? precedence.indexOf(provider) : precedence.length;
  return rank(a) - rank(b) || (a.provider < b.provider ? -1 : Number(a.provider > b.provider));
}

function latest(instants: readonly (Instant | undefined)[]): Instant | undefined {
  return instants
    .filter((instant) => instant !== undefined)
    .toSorted()
    .at(-1);
}
