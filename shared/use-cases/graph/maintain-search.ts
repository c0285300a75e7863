import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import type { Instant } from '../../domain/time.ts';
import { buildSearch, followChanges, loadSearch, type SearchPorts, type SearchState } from './search-state.ts';

export type SearchMaintenance = {
  /** URIs of which readers see something else than the store holds, or of which only one of both knows. */
  readonly differing: readonly EntityUri[];
  readonly documents: number;
  readonly change: number;
  readonly snapshot: 'written' | 'kept';
};

/**
 * Compares what a reader that starts now sees, which is the snapshot and the changes since, with an index of the whole
 * store, both as of the same change. Writes the latter as the next snapshot when there is something new, or when they
 * differ: then as a repair, which makes every reader begin anew.
 */
export async function maintainSearch(ports: SearchPorts, now: Instant): Promise<SearchMaintenance> {
  const manifest = await ports.snapshots.manifest();
  const seen = await loadSearch(ports);
  const truth = await buildSearch(ports);
  const changes = await ports.graph.changesAfter(Math.min(seen.change, truth.change));
  // A log that no longer reaches back makes readers begin with the store, so that there is nothing to compare.
  const differing = changes === undefined ? [] : await differences({ seen, truth, now }, changes);
  const digests = await truth.index.digests();
  const documents = digests.size;
  const isNew = manifest === undefined || seen.repairs === undefined || manifest.change !== truth.change;
  const found = { differing, documents, change: truth.change };
  if (!isNew && differing.length === 0) return { ...found, snapshot: 'kept' };
  const repairs = (manifest?.repairs ?? 0) + (differing.length > 0 ? 1 : 0);
  const { change, corpus, index } = truth;
  const written = { change, repairs, writtenAt: now, documents, streams: corpus.streams(), index: index.saved() };
  await ports.snapshots.write(written);
  return { ...found, snapshot: 'written' };
}

async function differences(
  { seen, truth, now }: { readonly seen: SearchState; readonly truth: SearchState; readonly now: Instant },
  changes: NonNullable<Awaited<ReturnType<SearchPorts['graph']['changesAfter']>>>,
): Promise<readonly EntityUri[]> {
  await followChanges(seen, changes, now);
  await followChanges(truth, changes, now);
  const [ofSeen, ofTruth] = [await seen.index.digests(), await truth.index.digests()];
  const uris = new Set([...ofSeen.keys(), ...ofTruth.keys()]);
  return [...uris].filter((uri) => ofSeen.get(uri) !== ofTruth.get(uri)).sort();
}
