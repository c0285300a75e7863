import type { Adjacency } from '../adjacency.ts';
import { type EdgeClaim, holdsAt } from '../contribution.ts';
import { type EntityRecord, recordOf } from '../entity-record.ts';
import type { EntityUri } from '../entity-ref.ts';
import type { EntityType } from '../entity-types.ts';
import { enrichmentProvider } from './rule.ts';

/** Where a value that is compared stands: in an attribute, or behind the key of a tag. */
export type ValueSource = { readonly attribute: string } | { readonly tag: string };

/** What rules read of the graph: the present, without what rules themselves have added. */
export interface RuleGraph {
  record(uri: EntityUri): EntityRecord;
  /** Whether anybody but enrichment describes it. */
  isDescribed(uri: EntityUri): boolean;
  /** Whether enrichment has ever said anything of it. */
  isEnriched(uri: EntityUri): boolean;
  /** Entities from which a present edge to it was inferred. */
  inferredTo(uri: EntityUri): readonly EntityUri[];
  premisesFrom(uri: EntityUri): readonly EdgeClaim[];
  premisesTo(uri: EntityUri): readonly EdgeClaim[];
  values(uri: EntityUri, source: ValueSource): readonly string[];
  /** Entities of the types that have the value. */
  withValue(types: readonly EntityType[], source: ValueSource, value: string): readonly EntityUri[];
}

/** Of a graph that does not change meanwhile: what was read is remembered. */
export function createRuleGraph(adjacency: Adjacency): RuleGraph {
  const records = new Map<EntityUri, EntityRecord>();
  const indexes = new Map<string, ReadonlyMap<string, readonly EntityUri[]>>();
  const record = (uri: EntityUri) => remembered(records, uri, () => recordOf(uri, adjacency.descriptions(uri)));
  const values = (uri: EntityUri, source: ValueSource) => valuesOf(record(uri), source);
  const indexOf = (type: EntityType, source: ValueSource) =>
    remembered(indexes, `${type} ${JSON.stringify(source)}`, () => {
      const uris = [...adjacency.uris()].filter((uri) => uri.startsWith(`aip://${type}/`));
      return groupedBy(uris, (uri) => values(uri, source));
    });
  return {
    record,
    values,
    isDescribed: (uri) => adjacency.descriptions(uri).some(({ provider }) => provider !== enrichmentProvider),
    isEnriched: (uri) => adjacency.descriptions(uri).some(({ provider }) => provider === enrichmentProvider),
    inferredTo: (uri) =>
      [...adjacency.claimsTo(uri)]
        .filter((claim) => claim.claimant === enrichmentProvider && holdsAt(claim, undefined))
        .map(({ from }) => from),
    premisesFrom: (uri) => [...adjacency.claimsFrom(uri)].filter(isPremise),
    premisesTo: (uri) => [...adjacency.claimsTo(uri)].filter(isPremise),
    withValue: (types, source, value) => types.flatMap((type) => indexOf(type, source).get(value) ?? []),
  };
}

/** Text alone is compared, of what is there. */
function valuesOf({ state, tags, attributes }: EntityRecord, source: ValueSource): readonly string[] {
  if (state === 'tombstone') return [];
  if ('tag' in source) {
    const prefix = `${source.tag}::`;
    return tags.filter((tag) => tag.startsWith(prefix)).map((tag) => tag.slice(prefix.length));
  }
  const value = attributes[source.attribute];
  return typeof value === 'string' && value !== '' ? [value] : [];
}

function groupedBy(uris: readonly EntityUri[], keys: (uri: EntityUri) => readonly string[]) {
  const groups = new Map<string, EntityUri[]>();
  for (const uri of uris)
    for (const key of keys(uri)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [uri]);
      else group.push(uri);
    }
  return groups;
}

function remembered<V>(known: Map<string, V>, key: string, make: () => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

function isPremise(claim: EdgeClaim): boolean {
  return claim.claimant !== enrichmentProvider && holdsAt(claim, undefined);
}
