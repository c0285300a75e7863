import { dayMillis, type Instant, toMillis } from '../time.ts';
import { type EdgeClaim, isDependencyAt } from './contribution.ts';
import { edgeTypes } from './edge-types.ts';
import type { Entity } from './entities.ts';
import { recordOf } from './entity-record.ts';
import type { EntityUri } from './entity-ref.ts';
import type { EntityType } from './entity-types.ts';
import type { DependenciesAt, GraphView } from './graph-view-types.ts';

export type DeprecationCandidate = Pick<Entity, 'uri' | 'type' | 'name'> & {
  /** Whole days since anything used it, or since it is known. */
  readonly unusedDays: number;
  /** When the last that depended on it no longer did; absent when nothing ever has. */
  readonly lastUsedAt?: Instant;
  readonly lastUsedBy?: EntityUri;
  readonly knownSince: Instant;
  /** A model that still has a version in service. */
  readonly isServed: boolean;
  readonly why: string;
};

/** Made to be used by others. What is a consumer by nature, such as a service or a run, has no dependants to miss. */
export const usableTypes: readonly EntityType[] = [
  'model',
  'feature',
  'feature-view',
  'embedding',
  'dataset',
  'column',
  'pipeline',
  'artifact',
];

/** The entity as a candidate, when nothing depends on it at present and nothing has for so many days. */
export function deprecationCandidate(
  view: GraphView,
  { members, each }: DependenciesAt,
  node: number,
  { days, now }: { readonly days: number; readonly now: Instant },
): DeprecationCandidate | undefined {
  let isUsed = false;
  each(node, 'downstream', (next) => {
    isUsed ||= next !== node;
  });
  if (isUsed) return undefined;
  const uris = members(node).map((member) => view.uriOf(member));
  const record = recordOf(
    view.uriOf(node),
    uris.flatMap((uri) => view.descriptions(uri)),
  );
  const { uri, type, name, state } = record;
  if (state === 'placeholder' || state === 'tombstone') return undefined;
  const outgoing = uris.flatMap((alias) => [...view.claimsFrom(alias)]);
  const incoming = uris.flatMap((alias) => [...view.claimsTo(alias)]);
  const known = [...outgoing, ...incoming].map(({ validFrom }) => validFrom);
  const knownSince = [...known, ...(record.hydratedAt === undefined ? [] : [record.hydratedAt])].toSorted()[0];
  if (knownSince === undefined) return undefined;
  const last = lastUse(incoming);
  const unusedDays = Math.floor((toMillis(now) - toMillis(last?.validTo ?? knownSince)) / dayMillis);
  if (unusedDays < days) return undefined;
  return {
    uri,
    type,
    name,
    unusedDays,
    knownSince,
    ...(last?.validTo !== undefined && { lastUsedAt: last.validTo, lastUsedBy: last.from }),
    isServed: outgoing.some((claim) => claim.type === 'servedBy' && isDependencyAt(claim, undefined)),
    why:
      last === undefined
        ? `nothing has depended on it in the ${unusedDays} days since it is known`
        : `nothing has depended on it for ${unusedDays} days, since ${last.from} no longer does`,
  };
}

function lastUse(incoming: readonly EdgeClaim[]): EdgeClaim | undefined {
  return incoming
    .filter(({ type, validTo }) => edgeTypes[type].isDependency && validTo !== undefined)
    .toSorted((a, b) => ((a.validTo ?? '') < (b.validTo ?? '') ? 1 : -1))[0];
}
