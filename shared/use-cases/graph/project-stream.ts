import type { Contribution } from '../../domain/graph/contribution.ts';
import { emptyContribution } from '../../domain/graph/contribution.ts';
import { projectCommits } from '../../domain/graph/project-commits.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { GraphDatabase } from '../../ports/graph-database.ts';
import type { GraphStore, StoredContribution } from '../../ports/graph-store.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

export type GraphPorts = {
  readonly events: EventStore;
  readonly graph: GraphStore;
  readonly database: GraphDatabase;
};

type Projected = { readonly version: number; readonly contribution: Contribution };

const pageSize = 200;

/**
 * Brings one stream into the graph: reads its commits after the version the graph has, writes what they say with the
 * change log, then brings the database up to it. Whatever was lost or interrupted before is caught up on the way.
 */
export function projectStream(ports: GraphPorts, streamId: string, now: Instant): Promise<void> {
  return withRetryOnConflict(async () => {
    const stored = await ports.graph.get(streamId);
    const next = await readOn(ports.events, streamId, stored);
    if (next.version === 0) return;
    if (next.version > (stored?.version ?? 0)) await write(ports.graph, streamId, { stored, next, now });
    const isApplied = stored?.appliedVersion === stored?.version && stored?.contribution === next.contribution;
    if (!isApplied) await apply(ports, streamId, next);
  });
}

/** As `projectStream`, from the first commit and whatever the graph has; gives whether that was something else. */
export function replayStream(
  ports: GraphPorts,
  streamId: string,
  now: Instant,
): Promise<'corrected' | 'same' | 'none'> {
  return withRetryOnConflict(async () => {
    const stored = await ports.graph.get(streamId);
    const next = await readOn(ports.events, streamId, undefined);
    if (next.version === 0) return 'none';
    const isSame = stored !== undefined && JSON.stringify(stored.contribution) === JSON.stringify(next.contribution);
    if (!isSame || stored.version < next.version) await write(ports.graph, streamId, { stored, next, now, isSame });
    await apply(ports, streamId, next);
    return isSame ? 'same' : 'corrected';
  });
}

async function readOn(events: EventStore, streamId: string, from: Projected | undefined): Promise<Projected> {
  let { version, contribution } = from ?? { version: 0, contribution: emptyContribution };
  for (;;) {
    const commits = await events.commits(streamId, { afterVersion: version, limit: pageSize });
    contribution = projectCommits(contribution, commits);
    version = commits.at(-1)?.version ?? version;
    if (commits.length < pageSize) return { version, contribution };
  }
}

type Write = {
  readonly stored: StoredContribution | undefined;
  readonly next: Projected;
  readonly now: Instant;
  readonly isSame?: boolean;
};

async function write(graph: GraphStore, streamId: string, { stored, next, now, isSame }: Write): Promise<void> {
  const isChanged = !(isSame ?? stored?.contribution === next.contribution);
  const isUpToDate = !isChanged && stored?.appliedVersion === stored?.version;
  const appliedVersion = isUpToDate ? next.version : (stored?.appliedVersion ?? 0);
  const expectedRevision = stored?.revision ?? 0;
  await graph.put({ streamId, ...next, appliedVersion, expectedRevision, isChanged, now });
}

async function apply({ graph, database }: GraphPorts, streamId: string, { version, contribution }: Projected) {
  await database.apply(streamId, version, contribution);
  await graph.markApplied(streamId, version);
}
