import { createMemoryGraphStore } from '../../../../shared/adapters/memory/memory-graph-store.ts';
import {
  createMemoryHydrationStore,
  createMemoryListingStore,
  createMemoryProviderContributions,
  createMemoryProviderStore,
} from '../../../../shared/adapters/memory/memory-provider-stores.ts';
import { isRunwayError } from '../../../../shared/domain/errors.ts';
import type { HydrationRequest } from '../../../../shared/domain/graph/ingestion/thin-event.ts';
import { contributionId, isRetired, type Statement } from '../../../../shared/domain/graph/provider-contribution.ts';
import { type Instant, toInstant } from '../../../../shared/domain/time.ts';
import type { ProviderDirectory } from '../../../../shared/ports/provider-directory.ts';
import { hydrateEntity } from '../../../../shared/use-cases/graph/ingestion/hydrate-entity.ts';
import type { ReconcileStep } from '../../../../shared/use-cases/graph/ingestion/reconcile-provider.ts';
import { startReconcile, stepReconcile } from '../../../../shared/use-cases/graph/ingestion/reconcile-provider.ts';
import type { MadeUpSource } from './made-up-source.ts';

export type Sent<T> = { readonly message: T; readonly at: Instant };

/** Everything that ingestion touches, in memory, with queues that tests empty in whatever order they like. */
export function ingestionWorld(sources: ReadonlyMap<string, MadeUpSource>) {
  let tick = Date.parse('2001-01-22T06:00:00.000Z');
  const now = (): Instant => {
    tick += 1_000;
    return toInstant(tick);
  };
  const graph = createMemoryGraphStore();
  const hydrationMessages: Sent<HydrationRequest>[] = [];
  const reconcileMessages: Sent<ReconcileStep>[] = [];
  const providers: ProviderDirectory = {
    find: async (provider) => sources.get(provider)?.provider,
    ofPlatform: async (platform) => (sources.has(platform) ? platform : undefined),
  };
  const ports = {
    graph,
    providers,
    hydrations: createMemoryHydrationStore(),
    providerStore: createMemoryProviderStore(),
    listings: createMemoryListingStore(),
    contributions: createMemoryProviderContributions(graph),
    hydrationQueue: {
      send: async (requests: readonly HydrationRequest[]) => {
        hydrationMessages.push(...requests.map((message) => ({ message, at: now() })));
      },
    },
    reconcileQueue: {
      send: async (message: ReconcileStep) => void reconcileMessages.push({ message, at: now() }),
    },
  };
  return { ports, now, sources, hydrationMessages, reconcileMessages };
}

export type IngestionWorld = ReturnType<typeof ingestionWorld>;

export function tell(world: IngestionWorld, provider: string, id: string): void {
  const message = { provider, type: 'dataset', id, depth: 0, attempt: 0 };
  world.hydrationMessages.push({ message, at: world.now() });
}

/** Handles what waits, and what that leads to; what fails of a lack of answers or of a rival comes again. */
export async function drain(world: IngestionWorld): Promise<void> {
  for (let turns = 0; turns < 1_000; turns += 1) {
    const hydration = world.hydrationMessages.shift();
    const step = hydration === undefined ? world.reconcileMessages.shift() : undefined;
    if (hydration === undefined && step === undefined) return;
    try {
      if (hydration !== undefined) await hydrateEntity(world.ports, hydration.message, hydration.at);
      if (step !== undefined) await stepReconcile(world.ports, step.message, { now: world.now(), hasTime: () => true });
    } catch (error) {
      if (!isRunwayError(error)) throw error;
      if (hydration !== undefined) world.hydrationMessages.push({ ...hydration, at: world.now() });
      if (step !== undefined) world.reconcileMessages.push(step);
    }
  }
  throw new Error('the queues never became empty');
}

export async function reconcileAll(world: IngestionWorld, isForced = true): Promise<void> {
  for (const provider of world.sources.keys()) {
    await startReconcile(world.ports, provider, { startedBy: 'ada', isForced, now: world.now() });
    await drain(world);
  }
}

type Said = readonly [subject: string, said: string];

/** What holds of what the provider says, by subject, as text. */
export async function saidBy(world: IngestionWorld, provider: string): Promise<readonly Said[]> {
  const { contributions } = await world.ports.graph.all();
  return contributions
    .filter(({ streamId, contribution }) => streamId.endsWith(` ${provider}`) && !isRetired(contribution))
    .map(({ streamId, contribution }): Said => {
      const ends = contribution.claims.filter(({ validTo }) => validTo === undefined).map(({ to }) => to);
      return [streamId, textOf(contribution.entities[0]?.attributes?.version, ends)];
    })
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** What should hold. */
export function oracleOf({ sources }: IngestionWorld, provider: string): readonly Said[] {
  const source = sources.get(provider);
  return [...(source?.things.keys() ?? [])]
    .map((id) => source?.statementOf(id))
    .filter((statement): statement is Statement => statement !== undefined)
    .map(
      (statement): Said => [
        contributionId(provider, statement.subject),
        textOf(
          statement.description?.attributes?.version,
          statement.edges.map(({ to }) => to),
        ),
      ],
    )
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function textOf(version: unknown, ends: readonly string[]): string {
  return `${version} ${[...new Set(ends)].toSorted().join(' ')}`;
}
