import { createSearchCorpus, type SearchCorpus } from '../../domain/graph/search/search-corpus.ts';
import type { SearchDocument } from '../../domain/graph/search/search-document.ts';
import { searchedStream } from '../../domain/graph/search/searched-stream.ts';
import type { Instant } from '../../domain/time.ts';
import type { GraphChange, GraphStore } from '../../ports/graph-store.ts';
import type { CreateSearchIndex, SavableSearchIndex } from '../../ports/search-index.ts';
import type { SearchSnapshots } from '../../ports/search-snapshots.ts';

export type SearchPorts = {
  readonly graph: Pick<GraphStore, 'all' | 'changesAfter'>;
  readonly snapshots: SearchSnapshots;
  readonly createIndex: CreateSearchIndex;
};

/** The index as of a change of the graph, with all that the next changes are applied to. */
export type SearchState = {
  readonly corpus: SearchCorpus;
  readonly index: SavableSearchIndex;
  /** `repairs` of the snapshot that it began with; undefined of one that began with the store. */
  readonly repairs: number | undefined;
  change: number;
};

/** From the snapshot, or from the store when there is none that can be read. */
export async function loadSearch(ports: SearchPorts): Promise<SearchState> {
  const snapshot = await ports.snapshots.latest();
  if (snapshot === undefined) return buildSearch(ports);
  const { change, repairs, streams, index } = snapshot;
  return { corpus: createSearchCorpus(streams), index: ports.createIndex(index), change, repairs };
}

/** From everything that the store holds. */
export async function buildSearch({ graph, createIndex }: Omit<SearchPorts, 'snapshots'>): Promise<SearchState> {
  const { change, contributions } = await graph.all();
  const corpus = createSearchCorpus();
  for (const { streamId, contribution } of contributions) corpus.replace(searchedStream(streamId, contribution));
  const documents = [...corpus.uris()].map((uri) => corpus.document(uri)).filter((document) => document !== undefined);
  // What was written while it was read comes again with the log, to no effect.
  return { corpus, index: createIndex(documents), change, repairs: undefined };
}

/**
 * Applies the changes after those that it has, and what has ended by `now`; a document is made again once, however many
 * of them concern it.
 */
export async function followChanges(state: SearchState, changes: readonly GraphChange[], now: Instant): Promise<void> {
  const touched = new Set<string>();
  for (const { change, contributions } of changes) {
    if (change <= state.change) continue;
    for (const { streamId, contribution } of contributions)
      for (const uri of state.corpus.replace(searchedStream(streamId, contribution))) touched.add(uri);
    state.change = change;
  }
  for (const uri of state.corpus.endExpired(now)) touched.add(uri);
  if (touched.size === 0) return;
  const documents: SearchDocument[] = [];
  const forgotten: string[] = [];
  for (const uri of touched) {
    const document = state.corpus.document(uri);
    if (document === undefined) forgotten.push(uri);
    else documents.push(document);
  }
  await state.index.change(documents, forgotten);
}
