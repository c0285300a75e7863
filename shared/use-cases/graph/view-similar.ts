import type { Adjacency } from '../../domain/graph/adjacency.ts';
import { type Recommended, recommendedFor, type Similar, similarTo } from '../../domain/graph/enrichment/similar.ts';
import { recordOf } from '../../domain/graph/entity-record.ts';
import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import { findEntity } from './find-entity.ts';

type Named<T> = T & { readonly name: string };
type SimilarEntities = {
  readonly uri: EntityUri;
  readonly similar: readonly Named<Similar>[];
  readonly recommended: readonly Named<Recommended>[];
};

/** Throws `NotFound` (code `unknown-entity`). */
export async function viewSimilar(
  graph: () => Promise<Adjacency>,
  requested: EntityUri,
  limit: number,
): Promise<SimilarEntities> {
  const view = await graph();
  const { uri } = findEntity(view, requested, undefined);
  const named = <T extends { readonly uri: EntityUri }>(each: T): Named<T> => ({
    ...each,
    name: recordOf(each.uri, view.descriptions(each.uri)).name,
  });
  return {
    uri,
    similar: similarTo(view, uri, limit).map(named),
    recommended: recommendedFor(view, uri, limit).map(named),
  };
}
