import { versionConflict } from '../../domain/errors.ts';
import type { HydrationRecord } from '../../domain/graph/ingestion/hydration.ts';
import { partsOfContributionId } from '../../domain/graph/provider-contribution.ts';
import type { GraphStore } from '../../ports/graph-store.ts';
import type { HydrationStore } from '../../ports/hydration-store.ts';
import type { ListingStore } from '../../ports/listing-store.ts';
import type { ProviderContributions } from '../../ports/provider-contributions.ts';
import type { ProviderDocumentName, ProviderDocuments, ProviderStore, Revised } from '../../ports/provider-store.ts';

type Kept = { readonly [N in ProviderDocumentName]: Map<string, Revised<ProviderDocuments[N]>> };

/** Twin of the providers' items in the graph table for tests. */
export function createMemoryProviderStore(): ProviderStore {
  const kept: Kept = { configuration: new Map(), reconcile: new Map(), circuit: new Map(), deletion: new Map() };
  return {
    get: async (provider, name) => kept[name].get(provider),
    put: async (provider, name, { value, revision }) => {
      if ((kept[name].get(provider)?.revision ?? 0) !== revision)
        throw versionConflict(`${provider} ${name}`, revision);
      kept[name].set(provider, { value, revision: revision + 1 });
    },
    remove: async (provider, name, revision) => {
      if (kept[name].get(provider)?.revision !== revision) throw versionConflict(`${provider} ${name}`, revision);
      kept[name].delete(provider);
    },
    all: async (name) => new Map([...kept[name]].map(([provider, { value }]) => [provider, value])),
  };
}

export function createMemoryHydrationStore(): HydrationStore {
  const tickets = new Map<string, number>();
  const records = new Map<string, HydrationRecord>();
  return {
    latestTicket: async (provider) => tickets.get(provider) ?? 0,
    begin: async (provider, subject) => {
      const ticket = (tickets.get(provider) ?? 0) + 1;
      tickets.set(provider, ticket);
      records.set(`${provider} ${subject}`, { ...records.get(`${provider} ${subject}`), ticket });
      return ticket;
    },
    complete: async (provider, subject, { coveredUntil, isGone }) => {
      const known = records.get(`${provider} ${subject}`) ?? { ticket: 0 };
      const later = [known.coveredUntil ?? coveredUntil, coveredUntil].toSorted()[1] ?? coveredUntil;
      // Of two the later stays.
      if (later === coveredUntil) records.set(`${provider} ${subject}`, { ...known, coveredUntil, isGone });
    },
    markAsked: async (provider, subject, askedAt) => {
      const known = records.get(`${provider} ${subject}`) ?? { ticket: 0 };
      if ((known.askedAt ?? '') < askedAt) records.set(`${provider} ${subject}`, { ...known, askedAt });
    },
    find: async (provider, subjects) =>
      new Map(
        subjects.flatMap((subject) => {
          const record = records.get(`${provider} ${subject}`);
          return record === undefined ? [] : [[subject, record] as const];
        }),
      ),
  };
}

export function createMemoryListingStore(): ListingStore {
  const pages = new Map<string, Map<number, Uint8Array>>();
  const of = (provider: string, generation: number) => {
    const key = `${provider} ${generation}`;
    const known = pages.get(key) ?? new Map<number, Uint8Array>();
    pages.set(key, known);
    return known;
  };
  return {
    put: async (provider, { generation, page, bytes }) => void of(provider, generation).set(page, bytes),
    read: async (provider, generation) =>
      [...of(provider, generation)].toSorted(([a], [b]) => a - b).map(([, bytes]) => bytes),
  };
}

export function createMemoryProviderContributions(graph: Pick<GraphStore, 'all'>): ProviderContributions {
  return {
    visit: async (provider, take) => {
      const { contributions } = await graph.all();
      take(contributions.filter(({ streamId }) => partsOfContributionId(streamId)?.provider === provider));
    },
  };
}
