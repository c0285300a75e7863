import { type EntityUri, parseEntityRef } from '../../../domain/graph/entity-ref.ts';
import { maximumDepth } from '../../../domain/graph/ingestion/hydration.ts';
import type { HydrationRequest } from '../../../domain/graph/ingestion/thin-event.ts';
import {
  contributionId,
  isRetired,
  type ProviderId,
  type Statement,
} from '../../../domain/graph/provider-contribution.ts';
import type { GraphStore } from '../../../ports/graph-store.ts';
import type { HydrationQueue } from '../../../ports/hydration-queue.ts';
import type { HydrationStore } from '../../../ports/hydration-store.ts';
import type { ProviderDirectory } from '../../../ports/provider-directory.ts';

export type FollowPorts = {
  readonly graph: Pick<GraphStore, 'getMany'>;
  readonly hydrations: HydrationStore;
  readonly providers: ProviderDirectory;
  readonly hydrationQueue: HydrationQueue;
};

type Reference = { readonly provider: ProviderId; readonly subject: EntityUri; readonly request: HydrationRequest };

/**
 * Has entities read that are referred to and that nobody has described, when some provider has such things: that is how
 * one event leads from a model to the experiment its pipeline runs in. `depth` is how far they are from what was told.
 */
export async function followReferences(
  ports: FollowPorts,
  statements: readonly Statement[],
  depth: number,
): Promise<number> {
  if (depth > maximumDepth) return 0;
  const said = new Set(statements.map(({ subject }) => subject));
  const mentioned = new Set(statements.flatMap(({ edges }) => edges.map(({ to }) => to)));
  const references: Reference[] = [];
  for (const subject of mentioned) {
    const reference = said.has(subject) ? undefined : await referenceTo(ports, subject, depth);
    if (reference !== undefined) references.push(reference);
  }
  const unknown = await unresolved(ports, references);
  if (unknown.length > 0) await ports.hydrationQueue.send(unknown.map(({ request }) => request));
  return unknown.length;
}

async function referenceTo(
  { providers }: FollowPorts,
  subject: EntityUri,
  depth: number,
): Promise<Reference | undefined> {
  const provider = await providers.ofPlatform(parseEntityRef(subject).platform);
  if (provider === undefined) return undefined;
  const ref = (await providers.find(provider))?.refOf(subject);
  return ref && { provider, subject, request: { provider, ...ref, depth, attempt: 0 } };
}

async function unresolved(
  { graph, hydrations }: FollowPorts,
  references: readonly Reference[],
): Promise<readonly Reference[]> {
  if (references.length === 0) return [];
  const stored = await graph.getMany(references.map(({ provider, subject }) => contributionId(provider, subject)));
  const known = new Set(stored.filter(({ contribution }) => !isRetired(contribution)).map(({ streamId }) => streamId));
  const open = references.filter(({ provider, subject }) => !known.has(contributionId(provider, subject)));
  const missing: Reference[] = [];
  for (const [provider, own] of Map.groupBy(open, (reference) => reference.provider)) {
    const records = await hydrations.find(
      provider,
      own.map(({ subject }) => subject),
    );
    // The provider said that it has no such thing: an event or a listing says so when it does.
    missing.push(...own.filter(({ subject }) => records.get(subject)?.isGone !== true));
  }
  return missing;
}
