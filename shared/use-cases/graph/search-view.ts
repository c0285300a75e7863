import { type Instant, minuteMillis, toMillis } from '../../domain/time.ts';
import type { SearchIndex } from '../../ports/search-index.ts';
import { buildSearch, followChanges, loadSearch, type SearchPorts, type SearchState } from './search-state.ts';

/**
 * The index as of the moment it is asked for: loaded once per process, then brought up to the change log's end with one
 * read per question. Once a minute it looks whether a repair has made another snapshot, and then begins with that.
 */
export function createSearchView(ports: SearchPorts): (now: Instant) => Promise<SearchIndex> {
  let state: SearchState | undefined;
  let lookedAt = 0;
  let before: Promise<unknown> = Promise.resolve();

  async function present(now: Instant): Promise<SearchState> {
    const loaded = state;
    if (loaded === undefined || (await isRepaired(loaded, now))) return loadSearch(ports);
    return loaded;
  }

  async function isRepaired({ repairs }: SearchState, now: Instant): Promise<boolean> {
    if (Math.abs(toMillis(now) - lookedAt) < minuteMillis) return false;
    lookedAt = toMillis(now);
    const manifest = await ports.snapshots.manifest();
    return manifest !== undefined && manifest.repairs !== (repairs ?? 0);
  }

  async function upToDate(now: Instant): Promise<SearchIndex> {
    const next = await present(now);
    // What a failure leaves half done is not used again.
    state = undefined;
    const changes = await ports.graph.changesAfter(next.change);
    // The log no longer reaches back to it.
    const current = changes === undefined ? await buildSearch(ports) : next;
    await followChanges(current, changes ?? (await ports.graph.changesAfter(current.change)) ?? [], now);
    state = current;
    return current.index;
  }

  return (now) => {
    // One after the other: two that apply the same changes at once would each see half of them.
    const next = before.then(() => upToDate(now));
    before = next.catch(() => undefined);
    return next;
  };
}
