import type { Adjacency } from '../adjacency.ts';
import { holdsAt } from '../contribution.ts';
import { recordOf } from '../entity-record.ts';
import { type EntityUri, parseEntityRef } from '../entity-ref.ts';
import { nameKey } from './name-key.ts';

/** Entities of a type by `nameKey`, those that are described and not gone; a type is read when it is first asked for. */
export function createNameIndex(graph: Pick<Adjacency, 'uris' | 'descriptions'>) {
  const byType = new Map<string, ReadonlyMap<string, readonly EntityUri[]>>();
  return (type: string, key: string): readonly EntityUri[] => {
    const known = byType.get(type) ?? namesOf(graph, type);
    byType.set(type, known);
    return known.get(key) ?? [];
  };
}

export type NameIndex = ReturnType<typeof createNameIndex>;

/** Others of the same name and type on another platform that nobody has called another name of it. */
export function namesakesOf(graph: Adjacency, named: NameIndex, uri: EntityUri): readonly EntityUri[] {
  const { type, name } = recordOf(uri, graph.descriptions(uri));
  const { platform } = parseEntityRef(uri);
  const aliases = new Set(
    [...graph.claimsFrom(uri), ...graph.claimsTo(uri)]
      .filter((claim) => claim.type === 'aliasOf' && holdsAt(claim, undefined))
      .flatMap(({ from, to }) => [from, to]),
  );
  return named(type, nameKey(name)).filter(
    (other) => parseEntityRef(other).platform !== platform && !aliases.has(other),
  );
}

function namesOf(graph: Pick<Adjacency, 'uris' | 'descriptions'>, type: string) {
  const names = new Map<string, EntityUri[]>();
  const prefix = `aip://${type}/`;
  for (const uri of graph.uris()) {
    if (!uri.startsWith(prefix)) continue;
    const { name, state } = recordOf(uri, graph.descriptions(uri));
    if (state === 'placeholder' || state === 'tombstone') continue;
    const key = nameKey(name);
    const known = names.get(key);
    if (known === undefined) names.set(key, [uri]);
    else known.push(uri);
  }
  return names;
}
